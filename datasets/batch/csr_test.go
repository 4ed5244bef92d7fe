package batch_test

import (
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"gorgonia.org/tensor"
)

// A sparse tensor holds the rows that were added since the last reset, in both dtypes.
func TestCSR(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		c, err := batch.NewCSR(dtype, 4)
		if err != nil {
			t.Fatal(err)
		}
		add := func(columns []int32, values ...float32) {
			t.Helper()
			if err := c.Append(columns, values); err != nil {
				t.Fatal(err)
			}
		}
		add([]int32{0, 1, 2, 3}, 9, 9, 9, 9)
		c.Reset()
		add([]int32{1, 3}, 2, 0.5)
		add(nil)
		add([]int32{0}, -1)
		x, err := c.Tensor()
		if err != nil {
			t.Fatal(err)
		}
		dense := x.Dense()
		want := []float64{0, 2, 0, 0.5, 0, 0, 0, 0, -1, 0, 0, 0}
		for i, w := range want {
			v, err := dense.At(i/4, i%4)
			if err != nil {
				t.Fatal(err)
			}
			got, single := v.(float64)
			if f, ok := v.(float32); ok {
				got, single = float64(f), true
			}
			if got != w || !single || x.Dtype() != dtype {
				t.Errorf("%v: element %d is %v of %v, want %v", dtype, i, v, x.Dtype(), w)
			}
		}
		if c.Rows() != 3 || c.Width() != 4 || !slices.Equal(x.Shape(), []int{3, 4}) {
			t.Errorf("%d rows of %d columns, tensor %v", c.Rows(), c.Width(), x.Shape())
		}
	}
}

// A row that does not fit is an error and changes nothing.
func TestCSRErrors(t *testing.T) {
	c, err := batch.NewCSR(tensor.Float32, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, columns := range [][]int32{{3}, {-1}, {1, 1}, {2, 0}, {0, 1, 2}} {
		if err := c.Append(columns, []float32{1, 2}[:min(2, len(columns))]); err == nil {
			t.Errorf("a row of columns %v is accepted", columns)
		}
	}
	if c.Rows() != 0 {
		t.Errorf("%d rows", c.Rows())
	}
}
