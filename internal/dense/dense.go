// Package dense gives access to the elements of tensors and Gorgonia scalars of either dtype, float32 or float64. It is the only place that
// switches on the dtype: other packages use generic code on the slices that it returns.
package dense

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Float is an element type.
type Float interface{ float32 | float64 }

// Value is a *tensor.Dense or a Gorgonia scalar (*gorgonia.F32, *gorgonia.F64). Every Gorgonia Value implements it.
type Value interface {
	Shape() tensor.Shape
	Dtype() tensor.Dtype
}

// Slices are the elements of a value in row-major order, in place: writing to them changes the value.
// Exactly one of F32 and F64 is not empty.
type Slices struct {
	F32 []float32
	F64 []float64
	// Shape is the shape of the tensor, nil for a scalar. Do not change it.
	Shape tensor.Shape
}

// Elements returns the elements of v. It returns an error if v is nil or empty, neither float32 nor float64, not in row-major order, or a
// view with gaps. It allocates only errors.
func Elements(v Value) (s Slices, err error) {
	switch x := v.(type) {
	case nil:
		return s, errors.New("no value")
	case *tensor.Dense:
		if x == nil {
			return s, errors.New("no value")
		}
		if x.Dtype() == tensor.Float32 || x.Dtype() == tensor.Float64 {
			s = ofDense(x)
		}
	default:
		s = ofScalar(v)
	}
	if s.Len() == 0 {
		return Slices{}, errors.Errorf("%s, want a dense tensor in row-major order, float32 or float64", Describe(v))
	}
	return s, nil
}

func ofDense(x *tensor.Dense) (s Slices) {
	if x.Size() == 0 || x.RequiresIterator() || x.DataOrder().IsColMajor() || !x.IsNativelyAccessible() {
		return s
	}
	if x.Dtype() == tensor.Float32 {
		s.F32 = x.Float32s()
	} else {
		s.F64 = x.Float64s()
	}
	if s.Shape = x.Shape(); s.Len() != s.Shape.TotalSize() {
		return Slices{}
	}
	return s
}

// ofScalar returns the element of a pointer to a number, the form of Gorgonia's scalars. Reflection keeps Gorgonia out of the
// imports of the packages that use this one.
func ofScalar(v Value) (s Slices) {
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return s
	}
	switch p.Elem().Kind() {
	case reflect.Float32:
		s.F32 = unsafe.Slice((*float32)(p.UnsafePointer()), 1)
	case reflect.Float64:
		s.F64 = unsafe.Slice((*float64)(p.UnsafePointer()), 1)
	}
	return s
}

// Describe returns the type, dtype and shape of a value, for messages.
func Describe(v Value) string {
	if v == nil {
		return "no value"
	}
	if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer && p.IsNil() {
		return fmt.Sprintf("a nil %T", v)
	}
	if d, ok := v.(*tensor.Dense); ok && d.Dtype().Type == nil {
		return "an empty tensor"
	}
	return fmt.Sprintf("%T of %v %v", v, v.Dtype(), v.Shape())
}

// Typed returns the elements of v in place, if v is of that dtype; Elements lists the other errors.
func Typed[T Float](v Value) ([]T, error) {
	s, err := Elements(v)
	if err != nil {
		return nil, err
	}
	if x, ok := any(s.F32).([]T); ok && s.F32 != nil {
		return x, nil
	}
	if x, ok := any(s.F64).([]T); ok && s.F64 != nil {
		return x, nil
	}
	return nil, errors.Errorf("%s, want %T", Describe(v), *new(T))
}
