package molfiles

import (
	"bufio"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem/sdf"
)

// maxName is the limit of a data item that names a molecule, in bytes; a longer one is no name.
const maxName = 1000

// beginSDF reads the records of an SD file.
func (r *Reader) beginSDF(text *bufio.Reader) {
	drawings := sdf.NewReader(text)
	r.next = func() (*Record, error) {
		d, err := drawings.Next()
		if err == io.EOF {
			return nil, err
		}
		if err != nil {
			return nil, r.place(err)
		}
		rec := &Record{Name: d.Title, Mol: d.Mol, Err: d.Err, Line: d.Line, Notes: d.Notes}
		if rec.Name == "" {
			rec.Name = itemName(d.Properties)
		}
		return rec, nil
	}
}

// place names the file in an error, and the line before its text.
func (r *Reader) place(err error) error {
	var e *sdf.FormatError
	switch {
	case errors.As(err, &e):
		return errors.Errorf("%s:%d: %s", r.name, e.Line, e.Msg)
	case strings.Contains(err.Error(), r.name):
		return err
	}
	return errors.Wrap(err, r.name)
}

// itemName returns the data item that names a molecule, or an empty text.
func itemName(items map[string]string) string {
	keys := slices.Sorted(maps.Keys(items))
	plain := make([]string, len(keys))
	for i, k := range keys {
		plain[i] = letters(k)
	}
	for _, n := range nameColumns {
		if i := slices.Index(plain, n); i >= 0 {
			name, _, _ := strings.Cut(items[keys[i]], "\n")
			if name = strings.TrimSpace(name); len(name) <= maxName {
				return name
			}
		}
	}
	return ""
}
