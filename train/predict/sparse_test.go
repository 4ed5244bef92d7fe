package predict_test

import (
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/predict"
)

// Sparse rows without any value are rows of zeros, alone as among others.
func TestSparseRowsWithoutValues(t *testing.T) {
	inputs := graphs.Matrix(4)
	inputs[0].Kind = batch.Sparse
	net, err := graphs.New(graphs.SNN{Layers: 1, Units: 3, Outputs: 2}, inputs, graphs.BCE, graphs.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	p, err := predict.New(net, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rows := func(start ...int) []float64 {
		f, err := datasets.NewSparse(4, start, []int32{2}[:start[len(start)-1]], []float32{1}[:start[len(start)-1]])
		if err != nil {
			t.Fatal(err)
		}
		n := len(start) - 1
		set := &datasets.Set{Name: "sparse", Features: f, FeatureNames: []string{"a", "b", "c", "d"}, Tasks: []string{"x", "y"}, Labels: make([]float32, 2*n), Sparse: true}
		r, err := p.Predict(t.Context(), set)
		if err != nil {
			t.Fatal(err)
		}
		return r.Values
	}
	alone, among := rows(0, 0), rows(0, 0, 1)
	if !slices.Equal(alone, among[:2]) || slices.Equal(alone, among[2:]) {
		t.Errorf("a row of zeros is predicted as %v alone, %v before another", alone, among)
	}
}
