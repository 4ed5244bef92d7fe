package serve

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/pkg/errors"
)

// rows are the cells of a request as texts, row after row. An empty text is a missing value.
type rows struct {
	n     int
	cells []string
}

// tooMany is the error for a request with more rows than the limit.
func tooMany(most int) error {
	return &requestError{status: 413, text: "more than " + strconv.Itoa(most) + " rows; send them in several requests", row: -1}
}

// parseRows reads {"rows": [{"column": value, ...}, ...]}, or {"smiles": ["CCO", ...]} for a model of molecules. It ends at the first row
// beyond the limit.
func parseRows(body []byte, columns []column, most int) (*rows, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	want := "rows"
	if molecules := len(columns) == 1 && columns[0].name == smilesColumn; molecules {
		want = smilesColumn
	}
	if err := delimiter(d, '{', "an object with "+strconv.Quote(want)); err != nil {
		return nil, err
	}
	var r *rows
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, badJSON(err)
		}
		if key != want {
			return nil, bad("unknown field %s, want %q alone", quote(key.(string)), want) // keys are texts
		}
		if r != nil {
			return nil, bad("%q occurs twice", want)
		}
		if err := delimiter(d, '[', strconv.Quote(want)+" to be a list"); err != nil {
			return nil, err
		}
		r = &rows{}
		for d.More() {
			if r.n == most {
				return nil, tooMany(most)
			}
			if err := r.add(d, columns, want == "rows"); err != nil {
				return nil, err
			}
			r.n++
		}
		if _, err := d.Token(); err != nil {
			return nil, badJSON(err)
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, badJSON(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, bad("there is something after the object")
	}
	if r == nil || r.n == 0 {
		return nil, bad("no rows: want %q to be a list of at least one", want)
	}
	return r, nil
}

// add reads a row: an object by column names, or one text.
func (r *rows) add(d *json.Decoder, columns []column, object bool) error {
	if !object {
		var text *string
		if err := d.Decode(&text); err != nil {
			return r.notRow(err, "a text")
		}
		if text == nil {
			return badCell(r.n, smilesColumn, "null is no molecule")
		}
		r.cells = append(r.cells, *text)
		return nil
	}
	token, err := d.Token()
	if err != nil {
		return badJSON(err)
	}
	if token != json.Delim('{') {
		return badCell(r.n, "", "want an object with the columns as names")
	}
	first := len(r.cells)
	r.cells = append(r.cells, make([]string, len(columns))...)
	seen := make([]bool, len(columns))
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return badJSON(err)
		}
		k := slices.IndexFunc(columns, func(c column) bool { return c.name == key })
		if k < 0 { // as in a file, columns that the model does not use are skipped
			var skipped json.RawMessage
			if err := d.Decode(&skipped); err != nil {
				return badJSON(err)
			}
			continue
		}
		if seen[k] {
			return badCell(r.n, columns[k].name, "the column occurs twice")
		}
		seen[k] = true
		value, err := d.Token()
		if err != nil {
			return badJSON(err)
		}
		if r.cells[first+k], err = cell(value); err != nil {
			return badCell(r.n, columns[k].name, "%v", err)
		}
	}
	if _, err := d.Token(); err != nil {
		return badJSON(err)
	}
	if k := slices.Index(seen, false); k >= 0 {
		return badCell(r.n, columns[k].name, "the column is not there; null stands for a missing value")
	}
	return nil
}

// notRow returns the error for a row that is not of its type, or for wrong JSON.
func (r *rows) notRow(err error, want string) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return badCell(r.n, "", "want %s, not %s", want, kind.Value)
	}
	return badJSON(err)
}

// cell returns the text of a value as it would stand in a file.
func cell(value json.Token) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case json.Number:
		if f, err := v.Float64(); err != nil || math.IsInf(f, 0) {
			return "", errors.Errorf("%s is too large for a number", quote(v.String()))
		}
		return v.String(), nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	return "", errors.New("want a number, a text, true, false or null")
}

// delimiter reads the bracket that must come next.
func delimiter(d *json.Decoder, want json.Delim, what string) error {
	token, err := d.Token()
	if err != nil {
		return badJSON(err)
	}
	if token != want {
		return bad("want %s", what)
	}
	return nil
}

// badJSON returns the error for a body that is no JSON.
func badJSON(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return bad("the body is no JSON: %v at byte %d", err, syntax.Offset)
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return bad("the body is no JSON: it ends too early")
	}
	return bad("the body is no JSON: %v", err)
}
