package csv

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// objects reads lines of JSON: an object on each line. Empty lines are skipped.
type objects struct {
	name   string
	lines  *formats.Lines
	place  map[string]int // of the columns
	fields []string
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
	seen := make([]bool, len(o.fields))
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
		i, ok := o.place[name]
		if !ok {
			continue
		}
		if seen[i] {
			return errors.Errorf("%s comes twice", formats.Quote(name))
		}
		seen[i] = true
		if o.fields[i], ok = cell(value); !ok {
			return errors.Errorf("%s is a list or an object, want a number, a text, true, false or null", formats.Quote(name))
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

// cell returns a value as a CSV file has it.
func cell(value any) (text string, ok bool) {
	switch v := value.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// noJSON is the error for what is no JSON. It says little, as the texts of package json depend on how much it was given.
func noJSON(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON object does not end")
	}
	return errors.Errorf("no JSON: %v", err)
}
