package train

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"

	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// elements are those of a dense tensor or a scalar: one of the two slices is not nil.
type elements struct {
	f32   []float32
	f64   []float64
	shape tensor.Shape
}

// elementsOf returns the elements of a value in place; ok is false if it is not dense or of another dtype.
func elementsOf(v G.Value) (e elements, ok bool) {
	switch v := v.(type) {
	case *tensor.Dense:
		if v.RequiresIterator() {
			return e, false
		}
		e.shape = v.Shape()
		switch v.Dtype() {
		case tensor.Float32:
			e.f32 = v.Float32s()
		case tensor.Float64:
			e.f64 = v.Float64s()
		}
	case *G.F32:
		e.f32 = unsafe.Slice((*float32)(v), 1)
	case *G.F64:
		e.f64 = unsafe.Slice((*float64)(v), 1)
	}
	return e, len(e.f32)+len(e.f64) == e.shape.TotalSize() && len(e.f32)+len(e.f64) > 0
}

// valueOnly returns the elements of a parameter.
func valueOnly(i int, m G.ValueGrad) (elements, error) {
	x, ok := elementsOf(m.Value())
	if !ok {
		return x, errors.Errorf("optimizer: parameter %d is %s, want a dense tensor, float32 or float64", i, describeValue(m.Value()))
	}
	return x, nil
}

// valueAndGrad returns a parameter and its gradient, of the same dtype and size.
func valueAndGrad(i int, m G.ValueGrad) (value, grad elements, err error) {
	g, err := m.Grad()
	if err != nil {
		return value, grad, errors.Wrapf(err, "optimizer: parameter %d", i)
	}
	value, ok1 := elementsOf(m.Value())
	grad, ok2 := elementsOf(g)
	if !ok1 || !ok2 || len(value.f32) != len(grad.f32) || len(value.f64) != len(grad.f64) {
		return value, grad, errors.Errorf("optimizer: parameter %d is %s and its gradient %s, want dense tensors of one size, float32 or float64",
			i, describeValue(m.Value()), describeValue(g))
	}
	return value, grad, nil
}

func describeValue(v G.Value) string {
	if v == nil {
		return "missing"
	}
	return fmt.Sprintf("%T of %v %v", v, v.Dtype(), v.Shape())
}

// The dtypes of parameters.
const (
	single = "float32"
	double = "float64"
)

// form is the dtype and the shape of a parameter.
type form struct {
	Dtype string `json:"dtype"`
	Shape []int  `json:"shape"`
}

func (e elements) dtype() string {
	if e.f32 != nil {
		return single
	}
	return double
}

func (e elements) form() form { return form{e.dtype(), slices.Clone([]int(e.shape))} }

func (f form) is(e elements) bool {
	return f.Dtype == e.dtype() && slices.Equal(f.Shape, []int(e.shape))
}

// size is the number of elements.
func (f form) size() int { return tensor.Shape(f.Shape).TotalSize() }

func (f form) String() string {
	return f.Dtype + " (" + strings.Trim(strings.ReplaceAll(fmt.Sprint(f.Shape), " ", ", "), "[]") + ")"
}
