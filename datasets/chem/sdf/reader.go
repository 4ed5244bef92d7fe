// Package sdf reads molecules from molfiles and SD files (MDL connection tables, version V2000).
package sdf

import (
	"bufio"
	"bytes"
	"io"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

const (
	maxLine   = 1 << 20 // bytes
	maxRecord = 1 << 24 // bytes
)

// Record is one entry of an SD file.
type Record struct {
	Title      string            // first line of the molfile
	Mol        *chem.Mol         // nil if Err is not
	Err        error             // why this molecule could not be read: a *FormatError or a *chem.AtomError
	Line       int               // number of the record's first line, from 1
	Properties map[string]string // data items; lines of a value are joined by \n
}

// Reader reads the records of an SD file one by one.
type Reader struct {
	r    *bufio.Reader
	line int // lines read so far
	err  error

	text []byte // of the record at hand
	ends []int  // ends of its lines in text
}

// NewReader returns a reader of the SD file r. Decompress a compressed file first.
func NewReader(r io.Reader) *Reader {
	if r == nil {
		return new(Reader)
	}
	return &Reader{r: bufio.NewReaderSize(r, 1<<16)}
}

// Next returns the next record, or io.EOF after the last one. If a molecule cannot be read, Record.Err reports it and Next continues with
// the following record; any other error is a failure to read r.
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
	if len(d.text) > maxRecord {
		rec.Err = &FormatError{Line: first, Msg: "record of more than 16 MiB"}
		return rec, nil
	}
	if len(lines) > 0 {
		rec.Title = strings.TrimSpace(string(lines[0]))
	}
	var used int
	rec.Mol, used, rec.Err = parseMolfile(lines, first)
	if rec.Err != nil {
		used = afterMolfile(lines)
	}
	rec.Properties = dataItems(lines[used:])
	return rec, nil
}

// readRecord fills d.text with the lines up to $$$$ or the end of the file, and reports whether $$$$ was there. It
// skips the rest of a record or line that is too long.
func (d *Reader) readRecord() (closed bool, err error) {
	d.text, d.ends = d.text[:0], d.ends[:0]
	for {
		line, err := d.readLine()
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, errors.Wrapf(err, "sdf: reading line %d", d.line+1)
		}
		if bytes.HasPrefix(line, []byte("$$$$")) {
			return true, nil
		}
		if len(d.text) <= maxRecord {
			d.text = append(d.text, line...)
			d.ends = append(d.ends, len(d.text))
		}
	}
}

// readLine returns the next line without its end, at most maxLine bytes of it.
func (d *Reader) readLine() ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	line, err := d.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		line, err = d.readLong(line)
	}
	if err != nil {
		d.err = err
		if err != io.EOF || len(line) == 0 {
			return nil, err
		}
	}
	d.line++
	return bytes.TrimRight(line, "\r\n"), nil
}

// readLong goes on with a line that is longer than the buffer.
func (d *Reader) readLong(begin []byte) ([]byte, error) {
	long := bytes.Clone(begin)
	for {
		part, err := d.r.ReadSlice('\n')
		if len(long) < maxLine {
			long = append(long, part...)
		}
		if err != bufio.ErrBufferFull {
			return long, err
		}
	}
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

// dataItems reads the items "> <name>", value lines, blank line.
func dataItems(lines [][]byte) map[string]string {
	items := map[string]string{}
	for k := 0; k < len(lines); k++ {
		name := itemName(lines[k])
		if name == "" {
			continue
		}
		begin := k + 1
		for k+1 < len(lines) && len(bytes.TrimSpace(lines[k+1])) > 0 {
			k++
		}
		items[name] = string(bytes.Join(lines[begin:k+1], []byte("\n")))
	}
	return items
}

// itemName is the name in the header line of a data item, empty for any other line.
func itemName(line []byte) string {
	if len(line) == 0 || line[0] != '>' {
		return ""
	}
	begin := bytes.IndexByte(line, '<')
	end := bytes.LastIndexByte(line, '>')
	if begin < 0 || end < begin {
		return ""
	}
	return string(line[begin+1 : end])
}
