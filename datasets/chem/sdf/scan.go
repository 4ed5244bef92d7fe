package sdf

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Limits of a record, so that no file, however small its compressed form, can fill the memory or an error message. They end the reading:
// the end of such a record may be far away.
const (
	maxLine   = formats.MaxLine   // bytes
	maxRecord = formats.MaxRecord // bytes
	maxLines  = 500_000
	maxItems  = formats.MaxFields
)

// Limits of a title, in bytes. The standard allows 80, but programs write longer ones.
const (
	maxTitle   = 1000
	titleWidth = 80
)

// readRecord fills d.text with the lines up to $$$$ or the end of the file, and reports whether $$$$ was there.
func (d *Reader) readRecord() (closed bool, err error) {
	d.text, d.ends, d.items = d.text[:0], d.ends[:0], 0
	for {
		line, err := d.readLine()
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if bytes.HasPrefix(line, []byte("$$$$")) {
			return true, nil
		}
		if len(line) > 0 && line[0] == '>' {
			d.items++
		}
		if what := d.beyond(len(line)); what != "" {
			return false, d.fail(what)
		}
		if len(d.text)+len(line) > cap(d.text) {
			d.text = slices.Grow(d.text, cap(d.text)+len(line)) // double it, for less garbage than append makes
		}
		d.text = append(d.text, line...)
		d.ends = append(d.ends, len(d.text))
	}
}

// beyond says which limit the record exceeds with a further line of n bytes.
func (d *Reader) beyond(n int) string {
	switch {
	case len(d.ends) == maxLines && len(d.text) == 0:
		return fmt.Sprintf("more than %d blank lines, the limit", maxLines)
	case len(d.ends) == maxLines:
		return fmt.Sprintf("the record has more than %d lines, the limit", maxLines)
	case d.items > maxItems:
		return fmt.Sprintf("the record has more than %d data items, the limit", maxItems)
	case len(d.text)+n > maxRecord:
		return fmt.Sprintf("the record is longer than the limit of %d bytes", maxRecord)
	}
	return ""
}

// fail ends the reading at the line that was read last.
func (d *Reader) fail(msg string) error {
	d.err = &FormatError{Line: d.line, Msg: msg}
	return d.err
}

// readLine returns the next line without its end.
func (d *Reader) readLine() ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	line, err := d.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		line, err = d.readLong(line)
	}
	if err == io.EOF {
		d.err = err
		if len(line) == 0 {
			return nil, err
		}
	} else if err != nil {
		d.err = errors.Wrapf(err, "sdf: reading line %d", d.line+1)
		return nil, d.err
	}
	d.line++
	if line = bytes.TrimSuffix(line, []byte{'\n'}); len(line) > maxLine {
		return nil, d.fail(fmt.Sprintf("the line is longer than the limit of %d bytes", maxLine))
	}
	return line, nil
}

// readLong goes on with a line that is longer than the buffer, to the first part beyond the limit.
func (d *Reader) readLong(begin []byte) ([]byte, error) {
	long := bytes.Clone(begin)
	for {
		part, err := d.r.ReadSlice('\n')
		long = append(long, part...)
		if err != bufio.ErrBufferFull {
			return long, err
		}
		if len(long) > maxLine {
			return long, nil
		}
	}
}
