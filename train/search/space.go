package search

import (
	"math"

	"github.com/pkg/errors"
)

// Axis is a hyperparameter and its possible values. Create it with Float, Int, Choice, Bool, Uniform or LogUniform.
type Axis struct {
	Name string
	// Values are the values of a discrete axis, all of one type. Nil means that the axis is the range Lo to Hi.
	Values []any
	// Lo and Hi bound a range of float64s, from which values or their logarithms are drawn uniformly.
	Lo, Hi float64
	Log    bool
}

// Float is an axis of numbers.
func Float(name string, values ...float64) Axis { return discrete(name, values) }

// Int is an axis of integers.
func Int(name string, values ...int) Axis { return discrete(name, values) }

// Choice is an axis of texts.
func Choice(name string, values ...string) Axis { return discrete(name, values) }

// Bool is an axis of false and true.
func Bool(name string) Axis { return discrete(name, []bool{false, true}) }

// Uniform is the range from lo to hi, for random search.
func Uniform(name string, lo, hi float64) Axis { return Axis{Name: name, Lo: lo, Hi: hi} }

// LogUniform is the range from lo > 0 to hi with uniform logarithms, for parameters such as learning rates.
func LogUniform(name string, lo, hi float64) Axis { return Axis{Name: name, Lo: lo, Hi: hi, Log: true} }

func discrete[T any](name string, values []T) Axis {
	a := Axis{Name: name, Values: make([]any, len(values))}
	for i, v := range values {
		a.Values[i] = v
	}
	return a
}

// Space is a set of points, which have a value for each axis.
type Space []Axis

// maxGrid bounds the number of points of a grid, so that a mistake does not fill the memory.
const maxGrid = 1 << 24

// Grid returns all points. The last axis changes fastest. It returns an error for an axis that is a range, has no values or has a repeated
// value, for two axes with the same name, and for more than 16,777,216 points.
func (s Space) Grid() ([]Point, error) {
	if err := s.check(); err != nil {
		return nil, errors.Wrap(err, "search: grid")
	}
	size := s.size()
	if size > maxGrid {
		return nil, errors.Errorf("search: grid of %g points, want at most %d; a range needs Sample", size, maxGrid)
	}
	points := make([]Point, int(size))
	for i := range points {
		point := make(Point, len(s))
		for at, rest := len(s)-1, i; at >= 0; at-- {
			values := s[at].Values
			point[at] = Param{s[at].Name, values[rest%len(values)]}
			rest /= len(values)
		}
		points[i] = point
	}
	return points, nil
}

// size is the number of points, infinite if an axis is a range.
func (s Space) size() float64 {
	size := 1.0
	for _, a := range s {
		if a.Values == nil {
			return math.Inf(1)
		}
		size *= float64(len(a.Values))
	}
	return size
}

func (s Space) check() error {
	if len(s) == 0 {
		return errors.New("a space without axes")
	}
	for i, a := range s {
		for _, other := range s[:i] {
			if a.Name == other.Name {
				return errors.Errorf("two axes are called %q", a.Name)
			}
		}
		if err := a.check(); err != nil {
			return errors.Wrapf(err, "axis %q", a.Name)
		}
	}
	return nil
}

func (a Axis) check() error {
	if a.Values == nil {
		finite := !math.IsInf(a.Lo, 0) && !math.IsInf(a.Hi, 0) && !math.IsInf(a.Hi-a.Lo, 0)
		if !(a.Lo < a.Hi) || !finite || a.Log && a.Lo <= 0 {
			return errors.Errorf("range from %v to %v", a.Lo, a.Hi)
		}
		return Point{{a.Name, a.Lo}}.check()
	}
	if len(a.Values) == 0 {
		return errors.New("no values")
	}
	seen := map[string]bool{}
	for _, v := range a.Values {
		p := Point{{a.Name, v}}
		if err := p.check(); err != nil {
			return err
		}
		if seen[p.key()] {
			return errors.Errorf("value %v occurs twice", v)
		}
		seen[p.key()] = true
	}
	return nil
}
