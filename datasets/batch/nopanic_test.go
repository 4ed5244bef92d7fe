package batch_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"gorgonia.org/tensor"
)

// Kinds are their names in text, and nothing else is.
func TestKinds(t *testing.T) {
	for kind := batch.Dense; kind <= batch.Image; kind++ {
		text, err := kind.MarshalText()
		var again batch.Kind
		if err != nil || again.UnmarshalText(text) != nil || again != kind || string(text) != kind.String() {
			t.Errorf("%v is written as %q and read as %v (%v)", kind, text, again, err)
		}
	}
	var none *batch.Kind
	for _, kind := range []batch.Kind{-1, 4, math.MaxInt / 8, math.MinInt} {
		if text, err := kind.MarshalText(); err == nil || kind.String() == "" {
			t.Errorf("%v is written as %q", kind, text)
		}
	}
	kind := batch.Image
	for _, text := range []string{"", "Dense", "dense ", "Kind(1)"} {
		if err := kind.UnmarshalText([]byte(text)); err == nil || kind != batch.Image {
			t.Errorf("%q is read as %v", text, kind)
		}
	}
	if none.UnmarshalText([]byte("dense")) == nil || kind.UnmarshalText(nil) == nil {
		t.Error("a kind is read into nothing, or from nothing")
	}
}

// A batch has the tensors that it was made of, and nothing under other names, in no batch, or for nil tensors.
func TestBatches(t *testing.T) {
	x, y := tensor.New(tensor.WithShape(2, 3), tensor.Of(tensor.Float32)), tensor.New(tensor.WithShape(2, 1), tensor.Of(tensor.Float32))
	full := batch.Of(x, y, nil)
	if value, weights := full.Labels(batch.Y); full.Rows != 2 || full.Input(batch.X) != x || value != y || weights != nil {
		t.Errorf("a batch of %d rows: %+v", full.Rows, full)
	}
	for name, b := range map[string]*batch.Batch{
		"nil": nil, "zero": {}, "of nothing": batch.Of(nil, nil, nil), "of an empty tensor": batch.Of(&tensor.Dense{}, nil, nil), "full": full,
	} {
		for _, absent := range []string{"", "z"} {
			if value, weights := b.Labels(absent); b.Input(absent) != nil || value != nil || weights != nil {
				t.Errorf("%s: a tensor called %q", name, absent)
			}
		}
		if name != "full" && b != nil && b.Rows != 0 {
			t.Errorf("%s: %d rows", name, b.Rows)
		}
	}
	if b := batch.Of(nil, nil, y); b.Rows != 0 || len(b.Outputs) != 1 || b.Outputs[0].Value != nil {
		t.Errorf("weights alone: %+v", b)
	}
	for _, columns := range []int{0, -1, math.MaxInt / 8, math.MinInt} {
		if in := batch.Matrix(columns); len(in) != 1 || in[0].Width != columns || in[0].Name != batch.X || in[0].Kind != batch.Dense {
			t.Errorf("a matrix of %d columns is %+v", columns, in)
		}
	}
}

// Sparse rows that are not there, or of another kind, are errors or empty.
func TestSparseRows(t *testing.T) {
	for _, dtype := range []tensor.Dtype{{}, tensor.Int, tensor.Complex128} {
		if c, err := batch.NewCSR(dtype, 3); err == nil || c != nil {
			t.Errorf("sparse rows of %v: %v, %v", dtype, c, err)
		}
	}
	if c, err := batch.NewCSR(tensor.Float32, math.MinInt); err == nil || c != nil {
		t.Errorf("sparse rows without columns: %v, %v", c, err)
	}
	for _, c := range []*batch.CSR{nil, {}} {
		c.Reset()
		if c.Append([]int32{0}, []float32{1}) == nil || c.Append(nil, []float32{1}) == nil || c.Width() != 0 {
			t.Errorf("%v takes rows", c)
		}
		if x, err := c.Tensor(); err == nil {
			t.Errorf("%v is the tensor %v", c, x)
		}
		if n := c.Rows(); n > 0 {
			t.Errorf("%v has %d rows", c, n)
		}
	}
	if (*batch.Batch)(nil).Sparse("x") != nil || (&batch.Batch{}).Sparse("x") != nil {
		t.Error("there are sparse rows of no name")
	}
}

// The scale of any column is a number or not finite, without a panic.
func TestScales(t *testing.T) {
	odd := []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64}
	for _, x := range odd {
		if y := batch.SmoothClip(x); math.Abs(y) > batch.ClipLimit {
			t.Errorf("the clip of %v is %v", x, y)
		}
		for _, y := range odd {
			if w := batch.Width(x, y, y, x); w < 0 {
				t.Errorf("the width of %v and %v is %v", x, y, w)
			}
			batch.Robust([]float64{x, y})
		}
	}
	if middle, width := batch.Robust(nil); middle != 0 || width != 0 {
		t.Errorf("no values have the middle %v and the width %v", middle, width)
	}
}
