package formats

import (
	"io"
	"slices"

	"github.com/pkg/errors"
)

// CSV reads records of comma-separated values. All records have as many fields as the first one.
type CSV struct {
	name   string
	r      *Records
	line   int
	header []string
}

// NewCSV starts to read; name stands for the file in errors. It reads the header, the first record, and returns an
// error if there is none, it has two columns of the same name, or the file is no text.
func NewCSV(name string, r io.Reader) (*CSV, error) {
	b, err := NewText(name, r)
	if err != nil {
		return nil, err
	}
	c := &CSV{name: name, r: NewRecords(name, b, ',', 0)}
	c.r.Strict = true
	first, err := c.Next()
	if err == io.EOF {
		return nil, errors.Errorf("%s: no header line", name)
	}
	if err != nil {
		return nil, err
	}
	c.header = slices.Clone(first)
	seen := make(map[string]bool, len(first))
	for _, h := range c.header {
		if seen[h] {
			return nil, c.Errorf("column %s comes twice", Quote(h))
		}
		seen[h] = true
	}
	return c, nil
}

// Header returns the names of the columns.
func (c *CSV) Header() []string { return c.header }

// Columns returns the places of the named columns, or an error that names the first one missing.
func (c *CSV) Columns(names ...string) ([]int, error) {
	at := make([]int, len(names))
	for i, n := range names {
		if at[i] = slices.Index(c.header, n); at[i] < 0 {
			return nil, errors.Errorf("%s:1: no column %s", c.name, Quote(n))
		}
	}
	return at, nil
}

// Next returns the next record, valid until the next call, or io.EOF after the last one.
func (c *CSV) Next() ([]string, error) {
	rec, err := c.r.Next()
	if err != nil {
		return nil, err // names the file
	}
	c.line, _ = c.r.Place(0)
	if c.header != nil && len(rec) != len(c.header) {
		return nil, c.Errorf("%d fields, want %d", len(rec), len(c.header))
	}
	return rec, nil
}

// Line returns the line on which the record of the last Next starts.
func (c *CSV) Line() int { return c.line }

// Errorf returns an error at the current line.
func (c *CSV) Errorf(format string, args ...any) error {
	return errors.Wrapf(errors.Errorf(format, args...), "%s:%d", c.name, c.line)
}
