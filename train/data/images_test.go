package data_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/train/data"
	"gorgonia.org/tensor"
)

// A matrix whose X has four dimensions holds images: they fit a network for images of their shape alone.
func TestMatrixImages(t *testing.T) {
	m := data.Matrix{X: numbers(tensor.Float64, 3, 2, 2, 1), Y: numbers(tensor.Float32, 3, 1)}
	image := func(shape ...int) []batch.Input {
		return []batch.Input{{Kind: batch.Image, Width: tensor.Shape(shape).TotalSize(), Shape: shape}}
	}
	if err := data.Check(m, image(2, 2, 1)); err != nil {
		t.Error(err)
	}
	mustSay(t, "another shape", data.Check(m, image(2, 1, 2)), "images of shape [2 1 2], those of the data have [2 2 1]")
	mustSay(t, "a matrix", data.Check(m, batch.Matrix(4)), `the input "x" of the network is dense, that of the data image`)
	mustSay(t, "images for a matrix", data.Check(data.Matrix{X: numbers(tensor.Float64, 3, 4)}, image(2, 2, 1)), "is image")
	x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(2, 2, 2, 1))
	if err := data.Gather(m, []int{2, 0}, batch.Of(x, nil, nil)); err != nil {
		t.Fatal(err)
	}
	from := m.X.Float64s()
	if got := x.Float32s(); got[0] != float32(from[8]) || got[7] != float32(from[3]) {
		t.Errorf("rows 2 and 0 of %v are %v", from, got)
	}
	mustSay(t, "three dimensions", data.Matrix{X: numbers(tensor.Float64, 3, 2, 2)}.Validate(), "nor images")
	mustSay(t, "named pixels", data.Matrix{X: m.X, Columns: []string{"a"}}.Validate(), "1 names of columns for images")
}
