package datasets_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"gorgonia.org/tensor"
)

// A set with a shape gives images: the rows of its features, into tensors of that shape and of no other.
func TestImages(t *testing.T) {
	features, err := datasets.NewDense(2, 6, []float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
	if err != nil {
		t.Fatal(err)
	}
	set := &datasets.Set{Name: "s", Features: features, Shape: []int{1, 2, 3}, Tasks: []string{"y"}, Labels: []float32{0, 1}}
	if err := set.Validate(); err != nil {
		t.Fatal(err)
	}
	if in := set.Inputs(); in[0].Kind != batch.Image || in[0].Width != 6 || !cmp.Equal(in[0].Shape, []int{1, 2, 3}) {
		t.Errorf("inputs %+v", in)
	}
	sub, err := set.Subset([]int{1, 0, 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		x := tensor.New(tensor.Of(dtype), tensor.WithShape(2, 1, 2, 3))
		if err := sub.Gather([]int{2, 1}, batch.Of(x, nil, nil)); err != nil {
			t.Fatal(err)
		}
		if v, err := x.At(0, 0, 1, 2); err != nil || v != any(float32(11)) && v != any(11.0) {
			t.Errorf("%v: last pixel of row 2 is %v, %v", dtype, v, err)
		}
	}
	for _, shape := range []tensor.Shape{{2, 6}, {2, 1, 3, 2}, {1, 1, 2, 3}, {2, 1, 6}} {
		err := set.Gather([]int{0, 1}, batch.Of(tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(shape...)), nil, nil))
		if err == nil || !strings.Contains(err.Error(), "want a plain (2, 1, 2, 3)") {
			t.Errorf("images into %v: %v", shape, err)
		}
	}
	for _, shape := range [][]int{{}, {6}, {1, 6}, {1, 2, 2}, {-1, 2, -3}, {1, math.MaxInt, math.MaxInt}} {
		set.Shape = shape
		if err := set.Validate(); err == nil || !strings.Contains(err.Error(), "images of shape") {
			t.Errorf("shape %v: %v", shape, err)
		}
	}
}
