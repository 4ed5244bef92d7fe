package csv

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// isJSON reports whether a table is JSON: objects on lines, or in a list.
func (s *start) isJSON() bool {
	text := bytes.TrimLeft(s.sample, " \t\r\n")
	if bytes.HasPrefix(text, []byte("{")) {
		return true
	}
	text, ok := bytes.CutPrefix(text, []byte("["))
	return ok && bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{"))
}

// openJSON makes records of the objects of a table, and returns the names of the columns, in the order in which they
// come.
func (r *reader) openJSON(s *start) (names []string, err error) {
	limit := max(1, r.opts.MaxMemory)
	data, err := io.ReadAll(io.LimitReader(s.in, limit+1))
	if err != nil {
		return nil, r.readError(err)
	}
	if int64(len(data)) > limit {
		return nil, errors.Errorf("%s: the table takes more than the limit of %d MiB of memory; to raise it, use %s", r.name, limit>>20, r.opts.setting("MaxMemory", ""))
	}
	if bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("[")) {
		if data, err = r.listLines(data); err != nil {
			return nil, err
		}
	}
	lines := func() *bufio.Reader { return bufio.NewReader(bytes.NewReader(data)) }
	all := newObjects(r.name, lines(), nil)
	all.more = true
	for {
		if _, err := all.Next(); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
	}
	names = slices.Clone(all.names)
	if len(names) == 0 {
		return nil, errors.Errorf("%s: the objects are empty", r.name)
	}
	r.opts.Comma, r.guessComma, r.opts.DecimalComma = ',', false, false
	r.records = newObjects(r.name, lines(), names)
	return names, nil
}

// listLines writes the objects of a list on a line each, so that the number of a line is that of the object.
func (r *reader) listLines(data []byte) ([]byte, error) {
	var all []json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, errors.Errorf("%s: %v", r.name, noJSON(err))
	}
	var b bytes.Buffer
	for i, object := range all {
		if len(object) > formats.MaxLine {
			return nil, errors.Errorf("%s:%d: the object is longer than the limit of %d bytes", r.name, i+1, formats.MaxLine)
		}
		if err := json.Compact(&b, object); err != nil {
			return nil, errors.Errorf("%s:%d: %v", r.name, i+1, noJSON(err))
		}
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}
