package loss_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops/loss"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// attempts call the losses with inputs and a setting that may be anything.
var attempts = map[string]func(in [3]*G.Node, f float64) (*G.Node, error){
	"MSE":        func(in [3]*G.Node, _ float64) (*G.Node, error) { return loss.MSE(in[0], in[1], in[2]) },
	"MAE":        func(in [3]*G.Node, _ float64) (*G.Node, error) { return loss.MAE(in[0], in[1], in[2]) },
	"Huber":      func(in [3]*G.Node, f float64) (*G.Node, error) { return loss.Huber(in[0], in[1], in[2], f) },
	"Pinball":    func(in [3]*G.Node, f float64) (*G.Node, error) { return loss.Pinball(in[0], in[1], in[2], f) },
	"BCE":        func(in [3]*G.Node, f float64) (*G.Node, error) { return loss.BCE(in[0], in[1], in[2], []float64{f}) },
	"BCE, empty": func(in [3]*G.Node, _ float64) (*G.Node, error) { return loss.BCE(in[0], in[1], in[2], []float64{}) },
	"Focal":      func(in [3]*G.Node, f float64) (*G.Node, error) { return loss.Focal(in[0], in[1], in[2], f, f) },
	"CrossEntropy": func(in [3]*G.Node, f float64) (*G.Node, error) {
		return loss.CrossEntropy(in[0], in[1], in[2], loss.CrossEntropyOptions{ClassWeights: []float64{f}, Smoothing: f})
	},
	"SoftCrossEntropy": func(in [3]*G.Node, f float64) (*G.Node, error) {
		return loss.SoftCrossEntropy(in[0], in[1], in[2], loss.CrossEntropyOptions{Smoothing: f})
	},
	"MultiMargin": func(in [3]*G.Node, _ float64) (*G.Node, error) { return loss.MultiMargin(in[0], in[1], in[2]) },
}

// huge is a size that no memory has.
const huge = math.MaxInt/2 + 1

// Whatever the arguments, a loss returns a node or an error.
func TestNoPanic(t *testing.T) {
	for _, l := range samples {
		if attempts[l.name] == nil {
			t.Errorf("%s is called by no attempt", l.name)
		}
	}
	if p := panicOf(func() {
		_ = new(loss.LabelError).Error()
		loss.CrossEntropyTotal([]float64{1 << 60}, nil, []float64{1})
	}); p != nil {
		t.Errorf("panic %v", p)
	}
	shapes := []tensor.Shape{{}, {1}, {3}, {1, 1}, {4, 3}, {3, 3}, {2, 2, 2}, {0, 3}, {huge, huge}, {huge}, {1 << 20, 1 << 19}}
	for name, f := range attempts {
		for _, number := range []float64{math.NaN(), math.Inf(1), -1, 0, 0.5, 1 << 60} {
			try := func(in [3]*G.Node) {
				var n *G.Node
				var err error
				if p := panicOf(func() { n, err = f(in, number) }); p != nil || (n == nil) == (err == nil) {
					t.Errorf("%s of %v and %v: node %v, error %v, panic %v", name, in, number, n, err, p)
				}
			}
			try([3]*G.Node{})
			try([3]*G.Node{new(G.Node), new(G.Node), new(G.Node)})
			for _, a := range shapes {
				for _, b := range shapes[:8] {
					g := G.NewGraph()
					input := func(name string, s tensor.Shape, dtype tensor.Dtype) *G.Node {
						if s.IsScalar() {
							return G.NewScalar(g, dtype, G.WithName(name))
						}
						return G.NewTensor(g, dtype, s.Dims(), G.WithName(name), G.WithShape(s...))
					}
					x, y, z := input("x", a, tensor.Float64), input("y", b, tensor.Float64), input("z", a, tensor.Float64)
					try([3]*G.Node{x, y, z})
					try([3]*G.Node{x, z, y})
					try([3]*G.Node{x, y, nil})
					try([3]*G.Node{x, x, x})
					i := input("i", a, tensor.Int)
					try([3]*G.Node{i, i, i})
					try([3]*G.Node{x, i, z})
				}
			}
		}
	}
}

// panicOf returns what f panics with, nil if it does not.
func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}
