package dense_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/dense"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func matrix[T dense.Float](rows, cols int, data ...T) *tensor.Dense {
	return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(data))
}

// Writing to the slices changes the value, for tensors and scalars of both dtypes.
func TestElementsInPlace(t *testing.T) {
	for _, v := range []dense.Value{matrix[float32](1, 2, 1, 2), matrix(1, 2, 1.0, 2), G.NewF32(1), G.NewF64(1)} {
		s, err := dense.Elements(v)
		if err != nil {
			t.Fatal(err)
		}
		if s.Dtype() != v.Dtype() || s.Len() != v.Shape().TotalSize() || s.At(0) != 1 {
			t.Errorf("%s: %d elements of %v, the first %v", dense.Describe(v), s.Len(), s.Dtype(), s.At(0))
		}
		s.Set(0, 7)
		got, err := dense.Float64s(v, nil)
		if err != nil || got[0] != 7 {
			t.Errorf("%s: elements %v after a change to 7, error %v", dense.Describe(v), got, err)
		}
		again, _ := dense.Elements(v)
		if !again.SameMemory(s) {
			t.Errorf("%s: two places in memory", dense.Describe(v))
		}
		s.Clear()
		if again.At(0) != 0 {
			t.Errorf("%s: %v after Clear", dense.Describe(v), again.At(0))
		}
	}
}

func TestElementsErrors(t *testing.T) {
	transposed := matrix(2, 3, 1.0, 2, 3, 4, 5, 6)
	if err := transposed.T(); err != nil {
		t.Fatal(err)
	}
	view, err := matrix(2, 3, 1.0, 2, 3, 4, 5, 6).Slice(nil, G.S(0, 2))
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]dense.Value{
		"nil": nil, "nil tensor": (*tensor.Dense)(nil), "nil scalar": (*G.F64)(nil), "zero tensor": &tensor.Dense{}, "integers": matrix2(tensor.Int),
		"transposed": transposed, "view with gaps": view.(*tensor.Dense), "integer": G.NewI(1),
		"column-major": tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(2, 3), tensor.AsFortran(nil)),
	} {
		if s, err := dense.Elements(v); err == nil {
			t.Errorf("%s: elements %v", name, s)
		}
		if _, err := dense.Float64s(v, nil); err == nil {
			t.Errorf("%s: Float64s returns no error", name)
		}
		if err := dense.Fill(v, 1); err == nil {
			t.Errorf("%s: Fill returns no error", name)
		}
		if err := dense.CopyRows(v, v, nil); err == nil {
			t.Errorf("%s: CopyRows returns no error", name)
		}
	}
	if _, err := dense.Typed[float32](matrix2(tensor.Float64)); err == nil || !strings.Contains(err.Error(), "want float32") {
		t.Errorf("float32 elements of a float64 tensor: error %v", err)
	}
}

func matrix2(dtype tensor.Dtype) *tensor.Dense {
	return tensor.New(tensor.Of(dtype), tensor.WithShape(2, 2))
}

func TestTyped(t *testing.T) {
	m := matrix[float32](1, 2, 3, 4)
	got, err := dense.Typed[float32](m)
	if err != nil || !slices.Equal(got, []float32{3, 4}) {
		t.Errorf("%v, error %v", got, err)
	}
}

func TestCopyRows(t *testing.T) {
	single, double := matrix[float32](3, 2, 1, 2, 3, 4, 5, 6), matrix(3, 2, 1.0, 2, 3, 4, 5, 6)
	for _, src := range []*tensor.Dense{single, double} {
		for _, dst := range []*tensor.Dense{matrix2(tensor.Float32), matrix2(tensor.Float64)} {
			if err := dense.CopyRows(dst, src, []int{2, 0}); err != nil {
				t.Fatal(err)
			}
			if got, _ := dense.Float64s(dst, nil); !slices.Equal(got, []float64{5, 6, 1, 2}) {
				t.Errorf("%v from %v: %v", dst.Dtype(), src.Dtype(), got)
			}
		}
	}
	for _, rows := range [][]int{{0}, {0, 3}, {-1, 0}, {0, math.MaxInt}, nil} {
		dst := matrix2(tensor.Float64)
		if err := dense.CopyRows(dst, double, rows); err == nil {
			t.Errorf("rows %v: no error", rows)
		}
		if got := dst.Float64s(); !slices.Equal(got, make([]float64, 4)) {
			t.Errorf("rows %v: an error, and elements %v", rows, got)
		}
	}
	if err := dense.CopyRows(matrix2(tensor.Float64), matrix(2, 3, 1.0, 2, 3, 4, 5, 6), []int{0, 1}); err == nil {
		t.Error("rows of 3 elements were copied to rows of 2")
	}
}

func TestElementsAllocations(t *testing.T) {
	values := []dense.Value{matrix2(tensor.Float32), matrix2(tensor.Float64), G.NewF32(1)}
	n := testing.AllocsPerRun(100, func() {
		for _, v := range values {
			if _, err := dense.Elements(v); err != nil {
				t.Fatal(err)
			}
		}
	})
	if n > 0 {
		t.Errorf("%v allocations", n)
	}
}
