package ops_test

// Regression tests for the traps of Gorgonia v0.9.18 that these ops avoid.

import (
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// matrixOf returns a matrix input of the given elements.
func matrixOf(g *G.ExprGraph, name string, rows, cols int, x []float64) *G.Node {
	t := tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(slices.Clone(x)))
	return G.NewMatrix(g, tensor.Float64, G.WithName(name), G.WithShape(rows, cols), G.WithValue(t))
}

func must(t *testing.T, n *G.Node, err error) *G.Node {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func runGraph(t *testing.T, g *G.ExprGraph) {
	t.Helper()
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
}

// Gorgonia's Dropout divides the gradient by the drop probability. Ours passes it scaled by 1/(1-rate) where the
// element was kept.
func TestDropoutGradientScale(t *testing.T) {
	g := G.NewGraph()
	x := matrixOf(g, "x", 40, 5, slices.Repeat([]float64{1}, 200))
	const rate = 0.2
	node, err := ops.Dropout(x, rate, ops.NewNoise(1))
	y := must(t, node, err)
	up := matrixOf(g, "up", 40, 5, slices.Repeat([]float64{1}, 200))
	grads, err := G.Backpropagate(G.Nodes{y}, G.Nodes{up}, G.Nodes{x})
	if err != nil {
		t.Fatal(err)
	}
	runGraph(t, g)
	out, grad := y.Value().Data().([]float64), grads[0].Value().Data().([]float64)
	for i := range out {
		if out[i] != grad[i] || out[i] != 0 && math.Abs(out[i]-1/(1-rate)) > 1e-15 {
			t.Fatalf("element %d: output %v, gradient %v", i, out[i], grad[i])
		}
	}
}

// A later op of Gorgonia may overwrite the buffer of an earlier one in place. Ours do not, so values can be read
// after a run without gorgonia.Read.
func TestValuesSurvive(t *testing.T) {
	g := G.NewGraph()
	in := []float64{-2, -1, 0, 1, 2, 3}
	x := matrixOf(g, "x", 2, 3, in)
	node, err := ops.SELU(x)
	first := must(t, node, err)
	var read G.Value
	G.Read(first, &read)
	node, err = ops.ReLU(first)
	second := must(t, node, err)
	node, err = ops.SELU(second)
	must(t, node, err)
	runGraph(t, g)
	if !slices.Equal(first.Value().Data().([]float64), read.Data().([]float64)) {
		t.Errorf("the value of a node is %v, and %v by gorgonia.Read", first.Value(), read)
	}
	if !slices.Equal(x.Value().Data().([]float64), in) {
		t.Errorf("the input became %v", x.Value())
	}
}

// Gorgonia takes Dropout(x, 0.1) and Dropout(x, 0.9) for one node. Ours differ, and so do two dropouts of one rate.
func TestDropoutNodesDiffer(t *testing.T) {
	g := G.NewGraph()
	x := matrixOf(g, "x", 20, 10, slices.Repeat([]float64{1}, 200))
	noise := ops.NewNoise(1)
	var out []*G.Node
	for _, rate := range []float64{0.1, 0.9, 0.9} {
		node, err := ops.Dropout(x, rate, noise)
		out = append(out, must(t, node, err))
	}
	runGraph(t, g)
	for i, a := range out {
		for _, b := range out[i+1:] {
			if a == b || slices.Equal(a.Value().Data().([]float64), b.Value().Data().([]float64)) {
				t.Errorf("%v and %v have one value", a, b)
			}
		}
	}
}

// EvalMode of one machine switches the ops of a graph for all machines. Our ops have no mode to switch.
func TestNoTrainMode(t *testing.T) {
	g := G.NewGraph()
	x := matrixOf(g, "x", 20, 10, slices.Repeat([]float64{1}, 200))
	node, err := ops.AlphaDropout(x, 0.5, ops.NewNoise(1))
	y := must(t, node, err)
	m := G.NewTapeMachine(g)
	defer m.Close()
	other := G.NewTapeMachine(g, G.EvalMode())
	defer other.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	if slices.Equal(y.Value().Data().([]float64), x.Value().Data().([]float64)) {
		t.Error("another machine in evaluation mode switched alpha dropout off")
	}
}

// A constant belongs to no graph until it is used. Ops may share it.
func TestConstants(t *testing.T) {
	g := G.NewGraph()
	x := matrixOf(g, "x", 1, 2, []float64{1, 2})
	c := G.NewConstant(tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{3, 4})))
	node, err := ops.Add(x, c)
	a := must(t, node, err)
	node, err = ops.Add(x, c)
	if must(t, node, err) != a {
		t.Error("the same sum is two nodes")
	}
	node, err = ops.Add(c, a)
	b := must(t, node, err)
	runGraph(t, g)
	if got := b.Value().Data().([]float64); !slices.Equal(got, []float64{7, 10}) {
		t.Errorf("sum %v, want [7 10]", got)
	}
	if _, err := ops.Add(c, c); err == nil {
		t.Error("an op without a graph was accepted")
	}
	if _, err := ops.Add(x, matrixOf(G.NewGraph(), "y", 1, 2, []float64{1, 2})); err == nil {
		t.Error("inputs of two graphs were accepted")
	}
}

// Ops of Gorgonia overwrite an input that they use last. The value of a copy stays right, whether it was added before or after.
func TestCopyKeeps(t *testing.T) {
	overwritten := false
	for _, first := range []bool{true, false} {
		g := G.NewGraph()
		x := matrixOf(g, "x", 1, 3, []float64{1, 2, 3})
		y := matrixOf(g, "y", 1, 3, []float64{5, 5, 5})
		node, err := ops.Add(x, x)
		sum := must(t, node, err)
		var kept *G.Node
		if first {
			node, err = ops.Copy(sum)
			kept = must(t, node, err)
		}
		difference := G.Must(G.Sub(sum, y))
		loss := G.Must(G.Sum(G.Must(G.Square(difference))))
		if !first {
			node, err = ops.Copy(sum)
			kept = must(t, node, err)
		}
		grads, err := G.Grad(loss, x)
		if err != nil {
			t.Fatal(err)
		}
		runGraph(t, g)
		if got := kept.Value().Data().([]float64); !slices.Equal(got, []float64{2, 4, 6}) {
			t.Errorf("copied first %v: the copy is %v", first, got)
		}
		if got := grads[0].Value().Data().([]float64); !slices.Equal(got, []float64{-12, -4, 4}) {
			t.Errorf("copied first %v: gradient %v", first, got)
		}
		overwritten = overwritten || !slices.Equal(sum.Value().Data().([]float64), []float64{2, 4, 6})
	}
	if !overwritten {
		t.Error("nothing was overwritten: this test shows nothing")
	}
}
