package optim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// form is the dtype and the shape of a parameter.
type form struct {
	Dtype string `json:"dtype"`
	Shape []int  `json:"shape"`
}

// The dtypes of parameters.
const (
	single = "float32"
	double = "float64"
)

func formOf(x dense.Slices) form { return form{dtypeOf(x), slices.Clone([]int(x.Shape))} }

func dtypeOf(x dense.Slices) string {
	if x.F32 != nil {
		return single
	}
	return double
}

func (f form) is(x dense.Slices) bool {
	return f.Dtype == dtypeOf(x) && slices.Equal(f.Shape, []int(x.Shape))
}

func (f form) equal(g form) bool { return f.Dtype == g.Dtype && slices.Equal(f.Shape, g.Shape) }

// size is the number of elements.
func (f form) size() int { return tensor.Shape(f.Shape).TotalSize() }

// tensorShape is the shape of a buffer: that of the parameter, and one element for a scalar.
func (f form) tensorShape() []int {
	if len(f.Shape) == 0 {
		return []int{1}
	}
	return f.Shape
}

func (f form) String() string {
	return f.Dtype + " (" + strings.Trim(strings.ReplaceAll(fmt.Sprint(f.Shape), " ", ", "), "[]") + ")"
}

// valueOf returns the elements of parameter i of a list.
func valueOf(i int, m G.ValueGrad) (dense.Slices, error) {
	if m == nil {
		return dense.Slices{}, errors.Errorf("parameter %d is missing", i)
	}
	x, err := dense.Elements(m.Value())
	if err != nil { // Wrapf allocates even for nil
		return x, errors.Wrapf(err, "parameter %d", i)
	}
	return x, nil
}

// rowsOf returns the rows of a gradient, nil if it is dense.
func rowsOf(m G.ValueGrad) []int {
	if r, ok := m.(RowGrad); ok {
		return r.Rows()
	}
	return nil
}

// valueAndGrad returns parameter i of a list and its gradient, which have the same dtype and size.
func valueAndGrad(i int, m G.ValueGrad) (value, grad dense.Slices, err error) {
	if value, err = valueOf(i, m); err != nil {
		return value, grad, err
	}
	grad, err = gradOf(i, m, value)
	return value, grad, err
}

// gradOf returns the gradient of parameter i, whose value is known.
func gradOf(i int, m G.ValueGrad, value dense.Slices) (grad dense.Slices, err error) {
	g, err := m.Grad()
	if err == nil {
		grad, err = dense.Elements(g)
	}
	if err != nil {
		return grad, errors.Wrapf(err, "gradient of parameter %d", i)
	}
	if len(value.F32) != len(grad.F32) || len(value.F64) != len(grad.F64) {
		return grad, errors.Errorf("parameter %d is %v and its gradient %v, want equal dtypes and sizes", i, formOf(value), formOf(grad))
	}
	return grad, nil
}

// clearGrad sets a gradient to zero, if only some rows of it can be different from zero then those.
func clearGrad(value, grad dense.Slices, rows []int) {
	if rows == nil || checkRows(0, value, rows) != nil {
		grad.Clear()
		return
	}
	width := value.Len() / value.Shape[0]
	for _, r := range rows {
		if grad.F32 != nil {
			clear(grad.F32[r*width : (r+1)*width])
		} else {
			clear(grad.F64[r*width : (r+1)*width])
		}
	}
}

// checkRows checks the rows of a row-sparse gradient.
func checkRows(i int, value dense.Slices, rows []int) error {
	if len(value.Shape) == 0 {
		return errors.Errorf("parameter %d is a scalar, and its gradient row-sparse", i)
	}
	for _, r := range rows {
		if r < 0 || r >= value.Shape[0] {
			return errors.Errorf("gradient of parameter %d: row %d of %d", i, r, value.Shape[0])
		}
	}
	return nil
}
