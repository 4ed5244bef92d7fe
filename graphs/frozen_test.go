package graphs_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// A training graph has no gradients of frozen parameters; the others have those of a graph in which nothing is frozen.
func TestFrozenHaveNoGradients(t *testing.T) {
	layer := graphs.SNN{Layers: 2, Units: 5, Outputs: 3}
	params := newParams(t, tensor.Float64)
	gradients := func(frozen func(name string) bool) map[string][]float64 {
		g := build(t, layer, params, graphs.Config{Batch: 4, Inputs: graphs.Matrix(3), Loss: graphs.MSE, Frozen: frozen})
		fillNormal(g.X, 1)
		fillNormal(g.Labels, 2)
		for i := range g.Weights.Value().(*tensor.Dense).Float64s() {
			g.Weights.Value().(*tensor.Dense).Float64s()[i] = 1
		}
		run(t, g)
		found := map[string][]float64{}
		for i, p := range g.Params {
			if p.Frozen != (frozen != nil && frozen(p.Name)) || p.Frozen != (g.Grads[i] == nil) {
				t.Errorf("%s: Frozen is %v, gradient %v", p.Name, p.Frozen, g.Grads[i])
			}
			if g.Grads[i] != nil {
				found[p.Name] = elements(g.Grads[i])
			}
		}
		return found
	}
	all := gradients(nil)
	some := gradients(func(name string) bool { return strings.HasPrefix(name, "hidden1") || name == "output.bias" })
	if len(all) != 6 || len(some) != 3 {
		t.Errorf("gradients of %d and %d parameters, want 6 and 3", len(all), len(some))
	}
	for name, grad := range some {
		if !slices.Equal(grad, all[name]) {
			t.Errorf("%s has the gradient %v, without frozen parameters %v", name, grad, all[name])
		}
	}
	_, err := graphs.Build(layer, params, graphs.Config{Batch: 4, Inputs: graphs.Matrix(3), Loss: graphs.MSE, Frozen: func(string) bool { return true }})
	if err == nil || !strings.Contains(err.Error(), "frozen") {
		t.Errorf("with everything frozen: %v", err)
	}
}

// A BatchNorm whose parameters and state are all frozen uses its running statistics in training and leaves them. One that is frozen in
// part uses those of the batch.
func TestFrozenBatchNorm(t *testing.T) {
	layer := nn.Sequential{nn.BatchNorm{}, nn.Dense{Units: 1}}
	for pattern, normalizes := range map[string]bool{"batchnorm1.*": false, "batchnorm1.gamma": true} {
		params := newParams(t, tensor.Float64)
		frozen := func(name string) bool {
			return name == pattern || pattern == "batchnorm1.*" && strings.HasPrefix(name, "batchnorm1.")
		}
		g := build(t, layer, params, graphs.Config{Batch: 4, Inputs: graphs.Matrix(2), Loss: graphs.MSE, Frozen: frozen})
		copy(params.Get("batchnorm1.mean").Value.Float64s(), []float64{1, 2})
		copy(params.Get("batchnorm1.variance").Value.Float64s(), []float64{4, 9})
		fillNormal(g.X, 1)
		run(t, g)
		x, y := elements(g.X), elements(g.Layers[0].Output)
		batch := false
		for i := range y {
			want := (x[i] - float64(1+i%2)) / math.Sqrt(float64(4+5*(i%2))+1e-5)
			batch = batch || math.Abs(y[i]-want) > 1e-12
		}
		changed := !slices.Equal(params.Get("batchnorm1.mean").Value.Float64s(), []float64{1, 2})
		if batch != normalizes || changed != normalizes {
			t.Errorf("%s frozen: statistics of the batch %v, running statistics changed %v, want %v", pattern, batch, changed, normalizes)
		}
	}
}

// Frozen parameters keep their bits in a training, running statistics too.
func TestFrozenBodyKeepsItsBits(t *testing.T) {
	net := newNet(t, graphs.BatchNorm{Layers: 2, Units: 4, Outputs: 1}, 3, graphs.MSE)
	before := net.Params.Clone()
	x, y := make([]float32, 60), make([]float32, 20)
	for i := range x {
		x[i], y[i/3] = float32(math.Sin(float64(i))), float32(i%2)
	}
	data := train.Matrix{X: tensor.New(tensor.WithShape(20, 3), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(20, 1), tensor.WithBacking(y))}
	_, err := train.Fit(context.Background(), net, data, train.Config{
		Epochs: 3, Batch: 5, Optimizer: optim.AdamW{Rate: 0.05}, Groups: []optim.Group{{Match: []string{"hidden*"}, Frozen: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range net.Params.All() {
		if same := p.Value.Eq(before.Get(p.Name).Value); same != strings.HasPrefix(p.Name, "hidden") {
			t.Errorf("%s: unchanged %v", p.Name, same)
		}
	}
}
