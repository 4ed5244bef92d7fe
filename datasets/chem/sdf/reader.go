// Package sdf reads molecules from molfiles and SD files (MDL connection tables, version V2000).
package sdf

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Record is one entry of an SD file.
type Record struct {
	Title      string            // first line of the molfile; cut if Err says that it is too long
	Mol        *chem.Mol         // nil if Err is not
	Err        error             // why this molecule could not be read: a *FormatError or a *chem.AtomError
	Line       int               // number of the record's first line, from 1
	Properties map[string]string // data items; lines of a value are joined by \n
}

// Reader reads the records of an SD file one by one.
type Reader struct {
	r    *bufio.Reader
	line int   // lines read so far
	err  error // io.EOF, a failure or a limit, which ends the reading

	text  []byte // of the record at hand
	ends  []int  // ends of its lines in text
	items int    // number of its data items
}

// NewReader returns a reader of the SD file r. Decompress a compressed file first.
func NewReader(r io.Reader) *Reader {
	if r == nil {
		return new(Reader)
	}
	return &Reader{r: bufio.NewReaderSize(formats.Newlines(r), 1<<16)}
}

// Next returns the next record, or io.EOF after the last one. If a molecule cannot be read, Record.Err reports it and Next continues with
// the following record. Any other error ends the reading: a failure of r, or a *FormatError for a record beyond a limit: a line of 1 MiB,
// 16 MiB in all, 500,000 lines or 100,000 data items.
func (d *Reader) Next() (*Record, error) {
	if d == nil || d.r == nil {
		return nil, errors.New("sdf: the reader is nil")
	}
	first := d.line + 1
	closed, err := d.readRecord()
	if err != nil {
		return nil, err
	}
	lines := d.lines()
	if !closed && blank(lines) {
		return nil, io.EOF
	}
	rec := &Record{Line: first}
	if len(lines) > 0 {
		title := bytes.TrimSpace(lines[0])
		if len(title) > maxTitle {
			rec.Title = strings.ToValidUTF8(string(title[:titleWidth]), "")
			rec.Err = &FormatError{Line: first, Msg: fmt.Sprintf("the title is longer than the limit of %d bytes", maxTitle)}
			return rec, nil
		}
		rec.Title = string(title)
	}
	var used int
	rec.Mol, used, rec.Err = parseMolfile(lines, first)
	if rec.Err != nil {
		used = afterMolfile(lines)
	}
	rec.Properties = dataItems(lines[used:])
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

func blank(lines [][]byte) bool {
	for _, line := range lines {
		if len(bytes.TrimSpace(line)) > 0 {
			return false
		}
	}
	return true
}

// afterMolfile is the index of the first line behind M  END, or of the first data item if that line is missing.
func afterMolfile(lines [][]byte) int {
	for k, line := range lines {
		if bytes.HasPrefix(line, []byte("M  END")) {
			return k + 1
		}
	}
	for k, line := range lines {
		if itemName(line) != "" {
			return k
		}
	}
	return len(lines)
}
