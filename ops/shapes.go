package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// sameShape is the shape function of ops whose inputs and output all have one shape.
func sameShape(in []tensor.Shape) (tensor.Shape, error) {
	for _, s := range in[1:] {
		if !s.Eq(in[0]) {
			return nil, errors.Errorf("want equal shapes, got %v and %v", in[0], s)
		}
	}
	return in[0].Clone(), nil
}

// shapeOf returns a shape function that gives the shape of input i, whatever the others are. It is for steps of a
// gradient, whose operands the forward op has checked.
func shapeOf(i int) func([]tensor.Shape) (tensor.Shape, error) {
	return func(in []tensor.Shape) (tensor.Shape, error) { return in[i].Clone(), nil }
}

// scalarOf returns a shape function for a loss: check(in) and then a scalar.
func scalarOf(check func([]tensor.Shape) (tensor.Shape, error)) func([]tensor.Shape) (tensor.Shape, error) {
	return func(in []tensor.Shape) (tensor.Shape, error) {
		if _, err := check(in); err != nil {
			return nil, err
		}
		return tensor.ScalarShape(), nil
	}
}

// positive reports whether x is a positive number, finite.
func positive(x float64) bool { return x > 0 && x <= math.MaxFloat64 }

// matrix returns an error unless s is a matrix.
func matrix(name string, s tensor.Shape) error {
	if s.Dims() != 2 {
		return errors.Errorf("%s has shape %v, want a matrix", name, s)
	}
	return nil
}

// vector returns an error unless s is a vector of n elements.
func vector(name string, s tensor.Shape, n int) error {
	if s.Dims() != 1 || s[0] != n {
		return errors.Errorf("%s has shape %v, want (%d)", name, s, n)
	}
	return nil
}
