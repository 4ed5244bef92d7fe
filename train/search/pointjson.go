package search

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// MarshalJSON writes an object in the order of the point. A float64 is written with a point or an exponent, an int with neither, so that
// the types survive.
func (p Point) MarshalJSON() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, errors.Wrap(err, "search")
	}
	out := []byte{'{'}
	for i, x := range p {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(appendText(out, x.Name), ':'), valueJSON(x.Value)...)
	}
	return append(out, '}'), nil
}

func valueJSON(v any) []byte {
	switch x := v.(type) {
	case float64:
		text := strconv.FormatFloat(x+0, 'g', -1, 64) // -0 becomes 0
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return []byte(text)
	case int:
		return strconv.AppendInt(nil, int64(x), 10)
	case bool:
		return strconv.AppendBool(nil, x)
	default:
		return appendText(nil, x.(string))
	}
}

func appendText(out []byte, s string) []byte {
	text, _ := json.Marshal(s) // strings give no error
	return append(out, text...)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Point) UnmarshalJSON(raw []byte) error {
	if p == nil {
		return errors.New("search: the point is nil")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.Errorf("search: a point begins with %v, want an object", t)
	}
	read := Point{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return errors.Wrap(err, "search: point")
		}
		token, err := d.Token()
		if err != nil {
			return errors.Wrap(err, "search: point")
		}
		value, err := valueOf(token)
		if err != nil {
			return errors.Wrapf(err, "search: parameter %q", name)
		}
		read = append(read, Param{name.(string), value})
	}
	if err := read.check(); err != nil {
		return errors.Wrap(err, "search")
	}
	*p = read
	return nil
}

func valueOf(token json.Token) (any, error) {
	switch x := token.(type) {
	case string, bool:
		return x, nil
	case json.Number:
		if strings.ContainsAny(x.String(), ".eE") {
			return x.Float64()
		}
		return strconv.Atoi(x.String())
	}
	return nil, errors.Errorf("value %v, want a number, text, true or false", token)
}

// key identifies a point. It does not depend on the order of the parameters.
func (p Point) key() string {
	sorted := slices.Clone(p)
	slices.SortFunc(sorted, func(a, b Param) int { return strings.Compare(a.Name, b.Name) })
	text, err := sorted.MarshalJSON()
	if err != nil { // checked before
		panic(err)
	}
	return string(text)
}
