package graphs_test

import (
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// tabmOf returns a network of three members.
func tabmOf(mean graphs.Link) graphs.TabM {
	return graphs.TabM{Hidden: graphs.Hidden{Layers: 2, Units: 5, Outputs: 3}, Members: 3, Mean: mean}
}

// alone is member i of a TabM as a plain network with the same parameters.
func alone(t *testing.T, params *nn.Params, i int) *nn.Params {
	t.Helper()
	own := newParams(t, tensor.Float64)
	build(t, graphs.SNN{Layers: 2, Units: 5, Outputs: 3}, own, graphs.Config{Mode: graphs.Evaluate, Batch: 2, Inputs: graphs.Matrix(4)})
	part := func(name string) []float64 {
		x := params.Get(name).Value.Float64s()
		n := len(x) / 3
		return x[i*n : (i+1)*n]
	}
	for _, p := range own.All() {
		switch p.Name {
		case "output.weight":
			copy(p.Value.Float64s(), part("output_weight"))
		case "output.bias":
			copy(p.Value.Float64s(), part("output_bias"))
		default:
			copy(p.Value.Float64s(), params.Get(p.Name).Value.Float64s())
		}
	}
	w, scale := own.Get("hidden1.dense1.weight").Value.Float64s(), part("scale") // factors of the inputs are factors of the rows of the weights
	for k := range w {
		w[k] *= scale[k/5]
	}
	return own
}

// logitsOf runs a graph on the same rows, and returns the output.
func logitsOf(t *testing.T, g *graphs.Graph) []float64 {
	t.Helper()
	fillNormal(g.X, 2)
	m := G.NewTapeMachine(g.G)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	return append([]float64(nil), g.Output.Value().(*tensor.Dense).Float64s()...)
}

// A prediction is the mean of what the members predict as networks of their own, and the loss of training is the mean of their losses.
func TestTabM(t *testing.T) {
	for _, loss := range []graphs.Loss{graphs.CrossEntropy, graphs.BCE, graphs.MSE} {
		params := newParams(t, tensor.Float64)
		layer := tabmOf(loss.Link)
		config := graphs.Config{Mode: graphs.Train, Batch: 6, Inputs: graphs.Matrix(4), Loss: loss}
		g := build(t, layer, params, config)
		config.Mode = graphs.Evaluate
		config.Loss = graphs.Loss{}
		got := logitsOf(t, build(t, layer, params, config))
		for i := range 6 {
			if err := loss.Predictions(got[i*3 : i*3+3]); err != nil {
				t.Fatal(err)
			}
		}
		want, meanLoss := make([]float64, len(got)), 0.0
		for i := range 3 {
			own := alone(t, params, i)
			z := logitsOf(t, build(t, graphs.SNN{Layers: 2, Units: 5, Outputs: 3}, own, config))
			for r := range 6 {
				if err := loss.Predictions(z[r*3 : r*3+3]); err != nil {
					t.Fatal(err)
				}
			}
			for k, p := range z {
				want[k] += p / 3
			}
			judged := config
			judged.Loss = loss
			meanLoss += costOf(t, build(t, graphs.SNN{Layers: 2, Units: 5, Outputs: 3}, own, judged)) / 3
		}
		for k := range want {
			if math.Abs(got[k]-want[k]) > 1e-5 {
				t.Errorf("%s: prediction %d is %v, the mean of the members %v", loss.Name, k, got[k], want[k])
			}
		}
		if cost := costOf(t, g); math.Abs(cost-meanLoss) > 1e-9 {
			t.Errorf("%s: the loss is %v, the mean of the members' %v", loss.Name, cost, meanLoss)
		}
	}
}

// costOf runs a graph on the same rows and labels, and returns the loss.
func costOf(t *testing.T, g *graphs.Graph) float64 {
	t.Helper()
	for i := range g.Labels.Value().(*tensor.Dense).Float64s() {
		g.Labels.Value().(*tensor.Dense).Float64s()[i] = float64(i % 2)
	}
	for i := range g.Weights.Value().(*tensor.Dense).Float64s() {
		g.Weights.Value().(*tensor.Dense).Float64s()[i] = 1
	}
	logitsOf(t, g)
	return g.Cost.Value().Data().(float64)
}

func TestTabMErrors(t *testing.T) {
	for want, layer := range map[string]graphs.TabM{
		"-1 members":   {Hidden: graphs.Hidden{Outputs: 2}, Members: -1},
		"1025 members": {Hidden: graphs.Hidden{Outputs: 2}, Members: 1025},
		"the mean of":  {Hidden: graphs.Hidden{Outputs: 2}, Mean: graphs.Custom},
		"0 outputs":    {},
		"0 units":      {Hidden: graphs.Hidden{Layers: 1, Outputs: 2}},
	} {
		if _, err := graphs.New(layer, graphs.Matrix(3), graphs.MSE); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
