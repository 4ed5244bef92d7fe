package csv

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// objects reads lines of JSON: an object on each line. Empty lines are skipped. The fields of an object in an object have names such as outer.inner, and
// a list is a text.
type objects struct {
	name   string
	lines  *formats.Lines
	place  map[string]int // of the columns
	fields []string
	more   bool     // other columns are added
	names  []string // that were added
	seen   []bool
}

func newObjects(name string, r *bufio.Reader, columns []string) *objects {
	o := &objects{name: name, lines: formats.NewLines(name, r), place: make(map[string]int), fields: make([]string, len(columns))}
	for i, c := range columns {
		o.place[c] = i
	}
	return o
}

func (o *objects) Place(int) (line, column int) { return o.lines.Line(), 0 }

// Next returns the columns of the next object. A column that it lacks has no value, and others are ignored.
func (o *objects) Next() ([]string, error) {
	for blank := 0; ; blank++ {
		if blank > formats.MaxBlank {
			return nil, errors.Errorf("%s:%d: more than %d empty lines in a row, the limit", o.name, o.lines.Line(), formats.MaxBlank)
		}
		line, err := o.lines.Next()
		if err != nil {
			return nil, err
		}
		text := bytes.TrimSpace([]byte(line))
		if len(text) == 0 {
			continue
		}
		clear(o.fields)
		if err := o.read(text); err != nil {
			return []string{line}, &rowError{errors.Wrapf(err, "%s:%d", o.name, o.lines.Line())}
		}
		return o.fields, nil
	}
}

// read reads the fields of an object.
func (o *objects) read(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.Errorf("%s is no JSON object", formats.Quote(string(text)))
	}
	o.seen = append(o.seen[:0], make([]bool, len(o.fields))...)
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return noJSON(err)
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return noJSON(err)
		}
		name, _ := key.(string)
		if err := o.set(name, value); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return noJSON(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more than an object on the line")
	}
	return nil
}

// set sets a field, or those of an object.
func (o *objects) set(name string, value any) error {
	if inner, ok := value.(map[string]any); ok {
		for _, key := range slices.Sorted(maps.Keys(inner)) {
			if err := o.set(name+"."+key, inner[key]); err != nil {
				return err
			}
		}
		return nil
	}
	i, ok := o.place[name]
	if !ok {
		if !o.more {
			return nil
		}
		if len(o.names) == formats.MaxFields {
			return errors.Errorf("more than %d different names, the limit", formats.MaxFields)
		}
		i = len(o.names)
		o.place[name], o.names = i, append(o.names, name)
		o.fields, o.seen = append(o.fields, ""), append(o.seen, false)
	}
	if o.seen[i] {
		return errors.Errorf("%s comes twice", formats.Quote(name))
	}
	o.seen[i] = true
	var err error
	o.fields[i], err = cell(value)
	return err
}

// cell returns a value as a CSV file has it.
func cell(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	text, err := json.Marshal(value)
	return string(text), errors.WithStack(err)
}

// noJSON is the error for what is no JSON. It says little, as the texts of package json depend on how much it was given.
func noJSON(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON object does not end")
	}
	return errors.Errorf("no JSON: %v", err)
}
