package loss_test

import (
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/loss"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Gorgonia's BinaryXent is NaN at probabilities of 0 and 1.
func TestBCESaturated(t *testing.T) {
	g := G.NewGraph()
	logits := matrixOf(g, "logits", 1, 4, []float64{1e4, -1e4, 1e4, -1e4})
	labels := matrixOf(g, "labels", 1, 4, []float64{1, 0, 0, 1})
	weights := matrixOf(g, "weights", 1, 4, []float64{1, 1, 1, 1})
	node, err := loss.BCE(logits, labels, weights, nil)
	cost := must(t, node, err)
	runGraph(t, g)
	if got := cost.Value().Data().(float64); got != 5000 {
		t.Errorf("loss %v, want 5000", got)
	}
}

// The Lisp machine differentiates as it runs, by DoDiff. It gives the gradients of the tape machine.
func TestLispMachine(t *testing.T) {
	build := func() (*G.ExprGraph, *G.Node, G.Nodes) {
		g := G.NewGraph()
		x := matrixOf(g, "x", 3, 2, []float64{0.5, -1, 2, 0.3, -0.2, 1})
		w := matrixOf(g, "w", 2, 2, []float64{0.1, -0.4, 0.7, 0.2})
		b := G.NewVector(g, tensor.Float64, G.WithName("b"), G.WithShape(2),
			G.WithValue(tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{0.1, -0.2}))))
		y := matrixOf(g, "y", 3, 2, []float64{1, 0, 0, 1, 1, 1})
		node, err := ops.Affine(x, w, b)
		node, err = ops.SELU(must(t, node, err))
		node, err = loss.MSE(must(t, node, err), y, nil)
		return g, must(t, node, err), G.Nodes{w, b}
	}
	g, cost, wrt := build()
	grads, err := G.Grad(cost, wrt...)
	if err != nil {
		t.Fatal(err)
	}
	runGraph(t, g)
	g2, _, wrt2 := build()
	lisp := G.NewLispMachine(g2)
	defer lisp.Close()
	if err := lisp.RunAll(); err != nil {
		t.Fatal(err)
	}
	for i, n := range wrt2 {
		got, err := n.Grad()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Data().([]float64), grads[i].Value().Data().([]float64)) {
			t.Errorf("%s: Lisp machine %v, tape machine %v", n.Name(), got, grads[i].Value())
		}
	}
}
