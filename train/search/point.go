package search

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"
)

// Param is a named value: a float64, an int, a string or a bool.
type Param struct {
	Name  string
	Value any
}

// Point is a setting of hyperparameters, in the order in which they are shown. No name occurs twice.
type Point []Param

// Float returns the float64 or int of that name as a float64.
func (p Point) Float(name string) (float64, error) {
	v, err := p.value(name)
	if err != nil {
		return 0, err
	}
	switch x := v.(type) {
	case float64:
		return x, nil
	case int:
		return float64(x), nil
	}
	return 0, wrongType(name, v, "a number")
}

// Int returns the int of that name.
func (p Point) Int(name string) (int, error) { return get[int](p, name, "an integer") }

// Text returns the string of that name.
func (p Point) Text(name string) (string, error) { return get[string](p, name, "text") }

// Bool returns the bool of that name.
func (p Point) Bool(name string) (bool, error) { return get[bool](p, name, "true or false") }

// Read stores values in variables: targets maps names to a *float64, *int, *string or *bool. It returns an error for a missing name and for
// a value of a different type; by then it may have set other variables.
func (p Point) Read(targets map[string]any) error {
	for name, target := range targets {
		var err error
		switch t := target.(type) {
		case *float64:
			err = assign(t, name, p.Float)
		case *int:
			err = assign(t, name, p.Int)
		case *string:
			err = assign(t, name, p.Text)
		case *bool:
			err = assign(t, name, p.Bool)
		default:
			err = errors.Errorf("search: cannot store %q in a %T", name, target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// assign stores one value.
func assign[T any](to *T, name string, get func(string) (T, error)) (err error) {
	if to == nil {
		return errors.Errorf("search: cannot store %q in a %T that is nil", name, to)
	}
	*to, err = get(name)
	return err
}

// With returns a copy with the value of that name replaced, or added at the end.
func (p Point) With(name string, value any) Point {
	p = slices.Clone(p)
	if i := p.index(name); i >= 0 {
		p[i].Value = value
		return p
	}
	return append(p, Param{name, value})
}

// String formats the point as in "layers=8 rate=0.01 form=conic".
func (p Point) String() string {
	var parts []string
	for _, x := range p {
		parts = append(parts, fmt.Sprintf("%s=%v", x.Name, x.Value))
	}
	return strings.Join(parts, " ")
}

func (p Point) index(name string) int {
	return slices.IndexFunc(p, func(x Param) bool { return x.Name == name })
}

func (p Point) value(name string) (any, error) {
	if i := p.index(name); i >= 0 {
		return p[i].Value, nil
	}
	var names []string
	for _, x := range p {
		names = append(names, strconv.Quote(x.Name))
	}
	return nil, errors.Errorf("search: no parameter %q in a point of %s", name, strings.Join(names, ", "))
}

func get[T any](p Point, name, want string) (T, error) {
	var x T
	v, err := p.value(name)
	if err != nil {
		return x, err
	}
	x, ok := v.(T)
	if !ok {
		return x, wrongType(name, v, want)
	}
	return x, nil
}

func wrongType(name string, v any, want string) error {
	return errors.Errorf("search: parameter %q is %v, a %T, want %s", name, v, v, want)
}

// check returns an error for a point that cannot be written to a file and recognised again.
func (p Point) check() error {
	if len(p) == 0 {
		return errors.New("a point without parameters")
	}
	for i, x := range p {
		if x.Name == "" || !utf8.ValidString(x.Name) {
			return errors.Errorf("parameter name %q", x.Name)
		}
		if p.index(x.Name) != i {
			return errors.Errorf("two parameters are called %q", x.Name)
		}
		if err := checkValue(x.Value); err != nil {
			return errors.Wrapf(err, "parameter %q", x.Name)
		}
	}
	return nil
}

func checkValue(v any) error {
	switch x := v.(type) {
	case int, bool:
		return nil
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return errors.Errorf("value %v is not finite", x)
		}
		return nil
	case string:
		if !utf8.ValidString(x) {
			return errors.Errorf("text %q is not UTF-8", x)
		}
		return nil
	}
	return errors.Errorf("value %v is a %T, want a float64, an int, a string or a bool", v, v)
}
