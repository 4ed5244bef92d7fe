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

// The gradients of inputs are those of finite differences.
func TestInputGradients(t *testing.T) {
	net, err := graphs.New(graphs.SNN{Layers: 2, Units: 6, Outputs: 2}, graphs.Matrix(3), graphs.MSE, graphs.Seed(1), graphs.Dtype(tensor.Float64))
	if err != nil {
		t.Fatal(err)
	}
	c := net.Config(graphs.Evaluate, 2)
	c.InputGradients = true
	g, err := net.Build(c)
	if err != nil {
		t.Fatal(err)
	}
	vm := G.NewTapeMachine(g.G)
	defer vm.Close()
	x := g.X.Value().Data().([]float64)
	for i := range x {
		x[i] = float64(i) - 2.3
	}
	for i := range g.Weights.Value().Data().([]float64) {
		g.Weights.Value().Data().([]float64)[i] = 1
	}
	loss := func() float64 {
		vm.Reset()
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}
		return g.Cost.Value().Data().(float64)
	}
	loss()
	got := append([]float64(nil), g.Value(g.InputGrads[0]).Data().([]float64)...)
	for i, v := range x {
		const h = 1e-6
		x[i] = v + h
		up := loss()
		x[i] = v - h
		want := (up - loss()) / (2 * h)
		x[i] = v
		if math.Abs(got[i]-want) > 1e-6*max(1, math.Abs(want)) {
			t.Errorf("gradient %d is %v, want %v", i, got[i], want)
		}
	}
}

func TestInputGradientsErrors(t *testing.T) {
	net, err := graphs.New(nn.Dense{Units: 1}, graphs.Matrix(3), graphs.MSE)
	if err != nil {
		t.Fatal(err)
	}
	c := net.Config(graphs.Train, 2)
	c.InputGradients = true
	if _, err := net.Build(c); err == nil || !strings.Contains(err.Error(), "evaluation") {
		t.Error(err)
	}
	c.Mode = graphs.Evaluate
	if _, err := net.Build(c.Unlabelled()); err == nil || !strings.Contains(err.Error(), "need a loss") {
		t.Error(err)
	}
}
