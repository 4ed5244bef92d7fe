package ops

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// SameShape is a Def.Shape for ops whose inputs and output all have the same shape, which may be any.
func SameShape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) == 0 {
		return nil, errors.New("no inputs")
	}
	for _, s := range in[1:] {
		if !s.Eq(in[0]) {
			return nil, errors.Errorf("want equal shapes, got %v and %v", in[0], s)
		}
	}
	return in[0].Clone(), nil
}

// ShapeOf returns a Def.Shape that gives the shape of input i and ignores the others. Use it for the steps of a gradient, whose operands
// the forward op has already checked.
func ShapeOf(i int) func(in []tensor.Shape) (tensor.Shape, error) {
	return func(in []tensor.Shape) (tensor.Shape, error) {
		if i < 0 || i >= len(in) {
			return nil, errors.Errorf("there is no input %d, only %d inputs", i, len(in))
		}
		return in[i].Clone(), nil
	}
}

// RowOf returns a Def.Shape that gives the shape of one row of input i, which must be a matrix: a vector with one element per
// column, such as the gradient of a bias.
func RowOf(i int) func(in []tensor.Shape) (tensor.Shape, error) {
	return func(in []tensor.Shape) (tensor.Shape, error) {
		s, err := ShapeOf(i)(in)
		if err == nil {
			err = CheckMatrix(fmt.Sprint("input ", i), s)
		}
		if err != nil {
			return nil, err
		}
		return tensor.Shape{s[1]}, nil
	}
}

// ScalarOf returns a Def.Shape for a loss: a scalar, if check accepts the inputs. check is a Def.Shape itself, such as [SameShape], of
// which only the error is used. A nil check accepts all inputs.
func ScalarOf(check func(in []tensor.Shape) (tensor.Shape, error)) func(in []tensor.Shape) (tensor.Shape, error) {
	return func(in []tensor.Shape) (tensor.Shape, error) {
		if check != nil {
			if _, err := check(in); err != nil {
				return nil, err
			}
		}
		return tensor.ScalarShape(), nil
	}
}

// Columns returns the number of elements of a row, where a row is everything but the first dimension: 1 for a vector or a
// scalar. s is the shape of an input of an op, so its size has been checked.
func Columns(s tensor.Shape) int {
	n := 1
	for _, d := range s[min(1, len(s)):] {
		n *= d
	}
	return n
}

// CheckMatrix returns an error that names the input unless s is a matrix.
func CheckMatrix(name string, s tensor.Shape) error {
	if s.Dims() != 2 {
		return errors.Errorf("%s has shape %v, want a matrix", name, s)
	}
	return nil
}

// CheckVector returns an error that names the input unless s is a vector of n elements.
func CheckVector(name string, s tensor.Shape, n int) error {
	if s.Dims() != 1 || s[0] != n {
		return errors.Errorf("%s has shape %v, want (%d)", name, s, n)
	}
	return nil
}
