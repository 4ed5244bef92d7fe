// Package sdf reads molecules from molfiles and SD files (MDL connection tables, versions V2000 and V3000).
package sdf

import (
	"io"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Record is one entry of an SD file.
type Record struct {
	Title      string            // first line of the molfile, cut if Err says that it is too long
	Mol        *chem.Mol         // nil if Err is not
	Err        error             // why this molecule could not be read: a *FormatError or a *chem.AtomError
	Line       int               // number of the record's first line, from 1
	Properties map[string]string // data items; lines of a value are joined by \n
	Notes      []string          // what the molecule does not hold or holds only in part, such as lists of atoms; "no atoms"
}

// Reader reads the records of an SD file one by one, in the memory of one record.
type Reader struct {
	Name string // of the file, for errors; may be empty

	in     *lines
	beyond *FormatError // of a record beyond a limit, whose rest comes first
	err    error

	text []byte // of the record at hand
	ends []int  // ends of its lines in text
}

// NewReader returns a reader of the SD file r. Lines may end in \n, \r\n or \r. Decompress a compressed file first.
func NewReader(r io.Reader) *Reader {
	if r == nil {
		return new(Reader)
	}
	return &Reader{in: newLines(r)}
}

// Next returns the next record, or io.EOF after the last one. If a molecule cannot be read, Record.Err reports it and Next continues with
// the following record. So it does for a record beyond a limit: 1 MiB for a line, 16 MiB or 262,144 lines for a record, 10,000 data items, 1,000 bytes
// for a title. Any other error ends the reading: a failure to read r, compressed data, or no end of a record within 64 MiB beyond its limit.
func (d *Reader) Next() (*Record, error) {
	if d == nil || d.in == nil {
		return nil, errors.New("sdf: the reader is nil")
	}
	if d.err != nil {
		return nil, d.err
	}
	rec, err := d.record()
	if err != nil {
		if err != io.EOF && d.Name != "" && !strings.Contains(err.Error(), d.Name) {
			err = errors.Wrap(err, d.Name)
		}
		d.err = err
		return nil, err
	}
	if rec.Err != nil {
		rec.Err = d.named(rec.Err)
	}
	return rec, nil
}

// named adds the name of the file to an error.
func (d *Reader) named(err error) error {
	var e *FormatError
	switch {
	case d.Name == "":
	case errors.As(err, &e):
		e.File = d.Name
	default:
		err = errors.Wrap(err, d.Name)
	}
	return err
}

func (d *Reader) record() (*Record, error) {
	if limit := d.beyond; limit != nil {
		err := d.in.skipRecord()
		if err == errNoEnd {
			return nil, &FormatError{File: d.Name, Line: limit.Line, Msg: limit.Msg + ", and " + err.Error()}
		}
		if err != nil {
			return nil, err
		}
		d.beyond = nil
	}
	rec := &Record{Line: d.in.read + 1}
	closed, err := d.fill()
	var limit *FormatError
	if errors.As(err, &limit) {
		d.beyond, rec.Err = limit, limit
		if len(d.ends) > 0 {
			rec.Title, _ = title(d.text[:d.ends[0]])
		}
		return rec, nil
	}
	if err != nil {
		return nil, err
	}
	lines := d.lines()
	if !closed && blank(lines) {
		return nil, io.EOF
	}
	whole := true
	if len(lines) > 0 {
		rec.Title, whole = title(lines[0])
	}
	f := &molfile{lines: lines, first: rec.Line}
	if whole {
		rec.Mol, rec.Err = f.parse()
	} else {
		rec.Err = f.errorf("the title is longer than the limit of %d bytes", maxTitle)
	}
	rec.Notes = f.notes
	after := f.next
	if rec.Err != nil {
		after = afterMolfile(lines)
	}
	var itemErr error
	if rec.Properties, itemErr = dataItems(lines[after:], rec.Line+after); rec.Err == nil && itemErr != nil {
		rec.Mol, rec.Err = nil, itemErr
	}
	return rec, nil
}

func (d *Reader) lines() [][]byte {
	lines := make([][]byte, len(d.ends))
	begin := 0
	for k, end := range d.ends {
		lines[k] = d.text[begin:end]
		begin = end
	}
	return lines
}
