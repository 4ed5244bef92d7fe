package sdf

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Limits of a record, so that no file, however small its compressed form, fills the memory.
const (
	maxLine   = 1 << 20 // bytes
	maxRecord = 1 << 24 // bytes
	maxLines  = 1 << 18 // lines of a record
	maxItems  = 10_000  // data items of a record
	maxSkip   = 1 << 26 // bytes that are skipped to find the end of a record beyond a limit
	maxTitle  = 1000    // bytes; the standard allows 80, but programs write longer ones
	cutTitle  = 80      // bytes of a title beyond its limit that are kept
)

// lines reads a text line by line.
type lines struct {
	r       *bufio.Reader
	read    int  // lines so far
	midLine bool // a line beyond the limit has been read in part
	long    []byte
}

func newLines(r io.Reader) *lines {
	return &lines{r: bufio.NewReaderSize(formats.Newlines(r), 1<<16)}
}

var errLongLine = errors.Errorf("the line is longer than the limit of %d bytes", maxLine)

// next returns the next line without its end, valid until the next call, io.EOF, or errLongLine.
func (l *lines) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		l.long = l.long[:0]
		for err == bufio.ErrBufferFull {
			if l.long = append(l.long, line...); len(l.long) > maxLine {
				l.midLine = true
				return nil, errLongLine
			}
			line, err = l.r.ReadSlice('\n')
		}
		l.long = append(l.long, line...)
		line = l.long
	}
	if err != nil && (err != io.EOF || len(line) == 0) {
		if err != io.EOF {
			err = errors.Wrapf(err, "sdf: reading line %d", l.read+1)
		}
		return nil, err
	}
	if l.read == 0 && bytes.HasPrefix(line, []byte{0x1f, 0x8b}) {
		return nil, errors.New("sdf: line 1: these are compressed data (gzip); decompress them first")
	}
	l.read++
	return bytes.TrimSuffix(line, []byte{'\n'}), nil
}

var errNoEnd = errors.Errorf("no end ($$$$) follows within %d bytes", maxSkip)

// skipRecord reads on to the line $$$$ or the end of the file. It gives up beyond maxSkip bytes with errNoEnd.
func (l *lines) skipRecord() error {
	for skipped := 0; skipped < maxSkip; {
		if start, err := l.r.Peek(4); !l.midLine && string(start) == "$$$$" {
			return l.endLine(maxSkip - skipped)
		} else if len(start) < 4 && err != nil { // no room for $$$$
			l.r.Discard(len(start))
			if err == io.EOF {
				return io.EOF
			}
			return errors.Wrapf(err, "sdf: reading line %d", l.read+1)
		}
		held, _ := l.r.Peek(l.r.Buffered())
		n := len(held) - 3 // what follows may be the beginning of $$$$
		if at := bytes.Index(held, []byte("\n$$$$")); at >= 0 {
			n = at + 1
		}
		l.read += bytes.Count(held[:n], []byte{'\n'})
		l.midLine = held[n-1] != '\n'
		l.r.Discard(n)
		skipped += n
	}
	return errNoEnd
}

// endLine reads the rest of a line of at most that many bytes.
func (l *lines) endLine(most int) error {
	l.read++
	for n := 0; n <= most; {
		part, err := l.r.ReadSlice('\n')
		if err != bufio.ErrBufferFull {
			return nil // the next call reports any error
		}
		n += len(part)
	}
	return errors.Errorf("sdf: line %d: the line is longer than the limit", l.read)
}

// title is the first line of a record, or the beginning of one that is too long.
func title(line []byte) (text string, whole bool) {
	line = bytes.TrimSpace(line)
	if len(line) <= maxTitle {
		return string(line), true
	}
	return strings.ToValidUTF8(string(line[:cutTitle]), ""), false
}

// fill reads the lines up to $$$$ or the end of the file, and reports whether $$$$ was there. Beyond a limit the error is a *FormatError.
func (d *Reader) fill() (closed bool, err error) {
	d.text, d.ends = d.text[:0], d.ends[:0]
	limit := func(format string, n int) error {
		return &FormatError{Line: d.in.read, Msg: fmt.Sprintf(format, n)}
	}
	for {
		line, err := d.in.next()
		switch {
		case err == io.EOF:
			return false, nil
		case err == errLongLine:
			return false, &FormatError{Line: d.in.read + 1, Msg: err.Error()}
		case err != nil:
			return false, err
		case bytes.HasPrefix(line, []byte("$$$$")):
			return true, nil
		case len(d.ends) == maxLines:
			return false, limit("the record has more than %d lines, the limit", maxLines)
		case len(d.text)+len(line) > maxRecord:
			return false, limit("the record is longer than the limit of %d bytes", maxRecord)
		}
		d.text = append(d.text, line...)
		d.ends = append(d.ends, len(d.text))
	}
}
