package graphs_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"gorgonia.org/tensor"
)

// In a training graph what leaves a hidden layer is normalized: each column has mean 0 and variance 1 (where a ReLU is not always 0), and some
// of its values are negative, which none is behind BatchNorm's ReLU. Both networks have the same parameters.
func TestBatchNormAfter(t *testing.T) {
	h := graphs.Hidden{Layers: 1, Units: 12, Outputs: 2}
	after, before := newNet(t, graphs.BatchNormAfter(h), 5, graphs.BCE), newNet(t, graphs.BatchNorm(h), 5, graphs.BCE)
	for i, p := range after.Params.All() {
		if q := before.Params.All()[i]; q.Name != p.Name || !q.Value.Shape().Eq(p.Value.Shape()) {
			t.Errorf("parameter %s, want %s", p.Name, q.Name)
		}
	}
	g := build(t, graphs.BatchNormAfter(h), newParams(t, tensor.Float64), graphs.Config{Batch: 200, Inputs: graphs.Matrix(5), Loss: graphs.BCE})
	runOnNoise(t, g)
	var x []float64
	for _, l := range g.Layers {
		if l.Name == "hidden1.batchnorm1" {
			x = l.Output.Value().(*tensor.Dense).Float64s()
		}
	}
	if len(x) != 200*12 {
		t.Fatalf("%d values leave the normalization, want %d", len(x), 200*12)
	}
	for c := range 12 {
		mean, square, least := 0.0, 0.0, 0.0
		for r := range 200 {
			v := x[r*12+c]
			mean, square, least = mean+v/200, square+v*v/200, min(least, v)
		}
		if math.Abs(mean) > 1e-9 || math.Abs(square-1) > 1e-3 || least >= 0 {
			t.Errorf("column %d: mean %g, variance %g, least value %g", c, mean, square, least)
		}
	}
}
