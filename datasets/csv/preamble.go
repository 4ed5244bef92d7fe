package csv

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// sampleSize is the number of bytes in which the separator of fields is looked for.
const sampleSize = 1 << 16

// start is the start of a table, before its first record.
type start struct {
	in     *bufio.Reader
	sample []byte // what follows
	whole  bool   // the sample is the rest of the table
	lines  int    // skipped
	comma  rune   // that a line sep=; names, or 0
}

// begins reads what precedes the first record: a byte order mark, a line sep=; and comments.
func (r *reader) begins(from io.Reader) (*start, error) {
	s := &start{in: bufio.NewReaderSize(from, sampleSize)}
	if err := s.peek(); err != nil {
		return nil, r.readError(err)
	}
	if what := formats.Foreign(s.sample[:min(len(s.sample), 4096)]); what != "" {
		return nil, errors.Errorf("%s: this is %s", r.name, what)
	}
	if bytes.HasPrefix(s.sample, []byte("\uFEFF")) { // a byte order mark, which some programs put before UTF-8
		s.skip(3, 0)
	}
	if cr := bytes.IndexByte(s.sample, '\r'); cr >= 0 && cr < len(s.sample)-1 && bytes.IndexByte(s.sample, '\n') < 0 {
		s.in = bufio.NewReaderSize(formats.Newlines(s.in), sampleSize)
		if err := s.peek(); err != nil {
			return nil, r.readError(err)
		}
	}
	if line, size := s.line(0); bytes.HasPrefix(line, []byte("sep=")) && utf8.RuneCount(line) == 5 {
		s.comma, _ = utf8.DecodeRune(line[4:])
		s.skip(size, 1)
	}
	r.skipComments(s)
	return s, nil
}

func (s *start) peek() (err error) {
	s.sample, err = s.in.Peek(sampleSize)
	s.whole = err == io.EOF
	if s.whole {
		err = nil
	}
	return err
}

// skip drops bytes of the sample with so many lines.
func (s *start) skip(size, lines int) {
	n, _ := s.in.Discard(size) // they have been peeked at
	s.sample = s.sample[n:]
	s.lines += lines
}

// line returns the line of the sample that starts at a byte, and its size with the line end.
func (s *start) line(at int) (line []byte, size int) {
	line = s.sample[at:]
	size = len(line)
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line, size = line[:n], n+1
	}
	return bytes.TrimRight(line, "\r"), size
}

// skipComments skips the first lines that start with #. The last of them is the header if it has as many fields as the next line, and
// more than one.
func (r *reader) skipComments(s *start) {
	size, last, lines := 0, 0, 0
	for {
		line, n := s.line(size)
		if size += n; !bytes.HasPrefix(line, []byte{'#'}) {
			size -= n
			break
		}
		last, lines = n, lines+1
	}
	if lines == 0 || size == len(s.sample) {
		return
	}
	comma := r.opts.Comma
	if comma == 0 {
		comma = s.comma
	}
	if comma == 0 {
		comma = sniffComma(s.sample[size:], s.whole)
	}
	header, _ := s.line(size - last)
	next, _ := s.line(size)
	fields := func(line []byte) int { return bytes.Count(line, []byte(string(comma))) }
	if n := fields(header); n == fields(next) && (n > 0 || !bytes.HasPrefix(header, []byte("# "))) {
		size, lines = size-last, lines-1
	}
	if lines == 0 {
		return
	}
	first, _ := s.line(0)
	text := string(first)
	s.skip(size, lines)
	r.comments = true
	if lines == 1 {
		r.decide("The first line, %s, is a comment and skipped.", formats.Quote(text))
	} else {
		r.decide("The first %d lines, such as %s, are comments and skipped.", lines, formats.Quote(text))
	}
}

// decide notes a decision that a person may want to know or to change.
func (t *Table) decide(format string, args ...any) {
	t.decisions = append(t.decisions, fmt.Sprintf(format, args...))
}

// chooseComma finds the separator of the fields, and whether numbers have decimal commas. For new rows it is that of the encoder if
// the first line has the columns then, else it is found anew.
func (r *reader) chooseComma(s *start, e *Encoder) {
	if r.opts.Comma == 0 {
		r.opts.Comma = s.comma
	}
	if r.opts.Comma == 0 {
		r.opts.Comma = sniffComma(s.sample, s.whole)
	}
	if e == nil {
		r.guessComma = r.opts.Auto && !r.opts.DecimalPoint && !r.opts.DecimalComma && r.opts.Comma != ','
		return
	}
	old, _ := utf8.DecodeRuneInString(e.f.Comma)
	if s.comma == 0 && r.opts.Comma != old && e.f.fits(s.sample, old) {
		r.opts.Comma = old
	}
	r.opts.DecimalComma = r.opts.Comma != ',' && (e.f.DecimalComma || r.opts.Comma != old)
}

// fits reports whether the first record of a table has the columns of the encoder, if this separates its fields.
func (f *fitted) fits(sample []byte, comma rune) bool {
	first, err := formats.NewRecords("", bufio.NewReader(bytes.NewReader(sample)), comma, 0).Next()
	if err != nil {
		return false
	}
	if f.Header != HeaderYes {
		return len(first) > 1
	}
	has := make(map[string]bool)
	for _, name := range first {
		has[strings.TrimSpace(name)] = true
	}
	for name := range f.kinds() {
		if !has[name] {
			return false
		}
	}
	return true
}
