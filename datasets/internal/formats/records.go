package formats

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode"
	"unsafe"

	"github.com/pkg/errors"
)

// Limits of a table of separated values. They hold for every reader, so that no file, however small its compressed form, can
// fill the memory or an error message.
const (
	MaxField  = 1 << 20 // bytes of a field
	MaxRecord = 1 << 24 // bytes of a record, which may have several lines
	MaxFields = 100_000 // fields of a record
	MaxBlank  = 1 << 20 // empty lines in a row
)

// Records reads records of separated values, one at a time. Fields may be quoted; a doubled quote in a quoted field is a
// quote. Empty lines are skipped. The field separator is one rune.
type Records struct {
	// Strict makes a quote inside an unquoted field, and text after the closing quote, an error. Otherwise both are read as
	// pandas does: the quote is part of the field, and so is the text.
	Strict bool
	// Trim ignores space before a field, so that a quote may follow it.
	Trim bool
	// Reuse lets the next call of Next overwrite the texts of a record, so that a long file leaves no garbage behind.
	Reuse bool

	name  string
	in    *bufio.Reader
	comma string
	line  int    // lines read so far
	long  []byte // a line that is longer than the buffer of in

	tidy   bool // see Tidy
	fields []string
	places []place
	text   []byte // the fields of a record with quotes, without them
	ends   []int
}

// place is where a field starts in the file.
type place struct{ line, column int }

// NewRecords reads records from r, the first of them on the line after the given number of lines; name stands for the file in
// errors.
func NewRecords(name string, r *bufio.Reader, comma rune, lines int) *Records {
	return &Records{name: name, in: r, comma: string(comma), line: lines}
}

// Next returns the next record, valid until the next call, or io.EOF after the last one. Other errors name the file, the line
// and the column.
func (r *Records) Next() ([]string, error) {
	r.fields, r.places, r.tidy = r.fields[:0], r.places[:0], false
	for blank := 0; ; {
		line, err := r.readLine()
		switch {
		case err != nil:
			return nil, err
		case len(line) == 0:
			if blank++; blank > MaxBlank {
				return nil, errors.Errorf("%s:%d: more than %d empty lines in a row, the limit", r.name, r.line, MaxBlank)
			}
			continue
		case bytes.IndexByte(line, '"') < 0:
			return r.plain(r.string(line))
		}
		return r.quoted(line)
	}
}

// string returns a text, with Reuse in the same memory.
func (r *Records) string(text []byte) string {
	if r.Reuse {
		return unsafe.String(unsafe.SliceData(text), len(text))
	}
	return string(text)
}

// Place returns the line and the column, in bytes from 1, at which field i of the last record starts.
func (r *Records) Place(i int) (line, column int) {
	if i < 0 || i >= len(r.places) {
		return r.line, 1
	}
	return r.places[i].line, r.places[i].column
}

// Lines returns the number of lines read so far.
func (r *Records) Lines() int { return r.line }

// readLine returns the next line without its end. It is valid until the next call.
func (r *Records) readLine() ([]byte, error) {
	line, err := r.in.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		r.long = r.long[:0]
		for err == bufio.ErrBufferFull {
			r.long = append(r.long, line...)
			if len(r.long) > MaxRecord {
				return nil, errors.Errorf("%s:%d: the line is longer than the limit of %d bytes", r.name, r.line+1, MaxRecord)
			}
			line, err = r.in.ReadSlice('\n')
		}
		line = append(r.long, line...)
		r.long = line
	}
	if err == io.EOF && len(line) == 0 {
		return nil, err
	}
	if err != nil && err != io.EOF {
		if !strings.Contains(err.Error(), r.name) {
			err = errors.Wrapf(err, "%s:%d", r.name, r.line+1)
		}
		return nil, err
	}
	r.line++
	line = bytes.TrimSuffix(line, []byte{'\n'})
	return bytes.TrimSuffix(line, []byte{'\r'}), nil
}

// plain splits a line without quotes.
func (r *Records) plain(line string) ([]string, error) {
	if len(r.comma) == 1 {
		return r.split(line)
	}
	for from := 0; ; {
		r.places = append(r.places, place{r.line, from + 1})
		end := strings.Index(line[from:], r.comma)
		field := line[from:]
		if end >= 0 {
			field = line[from : from+end]
		}
		if err := r.check(len(r.fields), len(field)); err != nil {
			return nil, err
		}
		if r.Trim {
			trimmed := strings.TrimLeftFunc(field, unicode.IsSpace)
			r.places[len(r.places)-1].column += len(field) - len(trimmed)
			field = trimmed
		}
		r.fields = append(r.fields, field)
		if end < 0 {
			return r.fields, nil
		}
		from += end + len(r.comma)
	}
}

// check returns an error if a field with this index and length is beyond the limits.
func (r *Records) check(i, length int) error {
	p := r.places[i]
	if length > MaxField {
		return errors.Errorf("%s:%d:%d: the field is longer than the limit of %d bytes", r.name, p.line, p.column, MaxField)
	}
	if i >= MaxFields {
		return errors.Errorf("%s:%d: the record has more than %d fields, the limit", r.name, r.places[0].line, MaxFields)
	}
	return nil
}

// quoted splits a record that starts with a line with quotes.
func (r *Records) quoted(line []byte) ([]string, error) {
	r.text, r.ends = r.text[:0], r.ends[:0]
	for at := 0; ; at += len(r.comma) {
		if r.Trim {
			at += len(line[at:]) - len(bytes.TrimLeftFunc(line[at:], unicode.IsSpace))
		}
		r.places = append(r.places, place{r.line, at + 1})
		var err error
		quoted := at < len(line) && line[at] == '"'
		if quoted {
			line, at, err = r.inQuotes(line, at+1)
		}
		if err == nil {
			at, err = r.rest(line, at, quoted)
		}
		if err != nil {
			return nil, err
		}
		r.ends = append(r.ends, len(r.text))
		if at == len(line) {
			break
		}
	}
	text, from := r.string(r.text), 0
	for _, end := range r.ends {
		r.fields = append(r.fields, text[from:end])
		from = end
	}
	return r.fields, nil
}

// inQuotes reads a field up to its closing quote. It returns the place behind the quote, and the line it is on.
func (r *Records) inQuotes(line []byte, at int) ([]byte, int, error) {
	i := len(r.ends)
	for {
		n := bytes.IndexByte(line[at:], '"')
		if n >= 0 {
			r.text = append(r.text, line[at:at+n]...)
			if at += n + 1; at == len(line) || line[at] != '"' {
				return line, at, nil
			}
			r.text = append(r.text, '"')
			at++
			continue
		}
		r.text = append(append(r.text, line[at:]...), '\n')
		if err := r.checkQuoted(i); err != nil {
			return nil, 0, err
		}
		next, err := r.readLine()
		if err == io.EOF {
			p := r.places[i]
			return nil, 0, errors.Errorf("%s:%d:%d: the quote that starts here does not end", r.name, p.line, p.column)
		}
		if err != nil {
			return nil, 0, err
		}
		line, at = next, 0
	}
}

// checkQuoted returns an error if the field or the record that is being read is beyond the limits.
func (r *Records) checkQuoted(i int) error {
	start := 0
	if i > 0 {
		start = r.ends[i-1]
	}
	if len(r.text) > MaxRecord {
		return errors.Errorf("%s:%d: the record is longer than the limit of %d bytes", r.name, r.places[0].line, MaxRecord)
	}
	return r.check(i, len(r.text)-start)
}

// rest reads an unquoted field, or what follows a closing quote, and returns the place of the next separator or the end.
func (r *Records) rest(line []byte, at int, quoted bool) (int, error) {
	end := bytes.Index(line[at:], []byte(r.comma))
	if end < 0 {
		end = len(line) - at
	}
	field := line[at : at+end]
	if quote := bytes.IndexByte(field, '"'); r.Strict && (quote >= 0 || quoted && end > 0) {
		return 0, errors.Errorf("%s:%d:%d: a quote inside a field", r.name, r.line, at+max(quote, 0)+1)
	}
	r.text = append(r.text, field...)
	return at + end, r.checkQuoted(len(r.ends))
}
