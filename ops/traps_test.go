package ops_test

// Traps of Gorgonia v0.9.18 that docs/gorgonia.md describes, and the way around each. A test that fails here says that a newer Gorgonia has lost
// the trap: then the page must change.

import (
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// trapGraph is a graph of an input of 2 x 3 and a scalar cost.
type trapGraph struct {
	g    *G.ExprGraph
	x    *G.Node
	cost *G.Node
}

func newTrap(t *testing.T, cost func(x *G.Node) *G.Node) trapGraph {
	t.Helper()
	g := G.NewGraph()
	x := matrixOf(g, "x", 2, 3, []float64{1, 2, 3, 4, 5, 6})
	return trapGraph{g, x, cost(x)}
}

func (p trapGraph) grad(t *testing.T) []float64 {
	t.Helper()
	grad, err := p.x.Grad()
	if err != nil {
		t.Fatal(err)
	}
	return floatsOf(grad)
}

func (p trapGraph) lisp(t *testing.T) []float64 {
	t.Helper()
	m := G.NewLispMachine(p.g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	return p.grad(t)
}

func (p trapGraph) tape(t *testing.T) []float64 {
	t.Helper()
	if _, err := G.Grad(p.cost, p.x); err != nil {
		t.Fatal(err)
	}
	m := G.NewTapeMachine(p.g, G.BindDualValues(p.x))
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	return p.grad(t)
}

func zeroGrad(t *testing.T, n *G.Node) {
	t.Helper()
	grad, err := n.Grad()
	if err != nil {
		t.Fatal(err)
	}
	clear(grad.Data().([]float64))
}

func squares(x *G.Node) *G.Node { return G.Must(G.Sum(G.Must(ops.Square(x)))) }

// Gradients bound to nodes add up from run to run, on both machines. An optimizer's Step sets them to 0.
func TestTrapGradientsAddUp(t *testing.T) {
	p := newTrap(t, squares)
	want := p.lisp(t)
	if got := p.lisp(t); got[0] != 2*want[0] {
		t.Errorf("the trap is gone: Lisp machine %v, then %v", want, got)
	}
	p = newTrap(t, squares)
	if _, err := G.Grad(p.cost, p.x); err != nil {
		t.Fatal(err)
	}
	m := G.NewTapeMachine(p.g, G.BindDualValues(p.x))
	defer m.Close()
	for k := range 2 {
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		if got := p.grad(t); got[0] != float64(k+1)*want[0] {
			t.Errorf("the trap is gone: run %d of the tape machine gives %v", k, got)
		}
		m.Reset()
	}
}

// Elementwise ops of Gorgonia overwrite an operand that the machine needs no more, so that the value of its node is wrong after a run. Sub
// even overwrites a parameter through a view of it. gorgonia.Read and ops.Copy give the right value, and ours overwrite nothing.
func TestTrapOverwrite(t *testing.T) {
	values := func(sub func(x, y *G.Node) (*G.Node, error)) (node, read, param []float64) {
		g := G.NewGraph()
		x, w := matrixOf(g, "x", 1, 2, []float64{1, 2}), matrixOf(g, "w", 2, 1, []float64{3, 4})
		c := matrixOf(g, "c", 1, 2, []float64{10, 10})
		twice := G.Must(ops.Scale(x, 2))
		var value G.Value
		G.Read(twice, &value)
		difference := G.Must(sub(twice, c))
		view := G.Must(sub(G.Must(G.Reshape(w, tensor.Shape{1, 2})), c))
		G.Must(G.Sum(G.Must(ops.Add(difference, view))))
		runGraph(t, g)
		return floatsOf(twice.Value()), floatsOf(value), floatsOf(w.Value())
	}
	node, read, param := values(ops.Sub)
	if !slices.Equal(node, []float64{2, 4}) || !slices.Equal(read, node) || !slices.Equal(param, []float64{3, 4}) {
		t.Errorf("ours: value %v, read %v, parameter %v", node, read, param)
	}
	node, read, param = values(G.Sub)
	if slices.Equal(node, []float64{2, 4}) {
		t.Error("the trap is gone: Sub keeps the value of its operand")
	}
	if slices.Equal(param, []float64{3, 4}) {
		t.Error("the trap is gone: Sub keeps the parameter behind a view")
	}
	if !slices.Equal(read, []float64{2, 4}) {
		t.Errorf("gorgonia.Read gives %v", read)
	}
}

// Let with a wrong shape keeps the old value, and the run succeeds with it.
func TestTrapLet(t *testing.T) {
	p := newTrap(t, squares)
	if err := G.Let(p.x, tensor.New(tensor.WithShape(3, 2), tensor.Of(tensor.Float64))); err == nil {
		t.Error("the trap is gone: Let accepts another shape")
	}
	runGraph(t, p.g)
	if got := floatsOf(p.cost.Value())[0]; got != 91 {
		t.Errorf("the trap is gone: cost %v, that of the old value is 91", got)
	}
}

// EvalMode of one machine switches the ops of the graph for all machines.
func TestTrapEvalMode(t *testing.T) {
	g := G.NewGraph()
	x := matrixOf(g, "x", 10, 10, slices.Repeat([]float64{1}, 100))
	y := G.Must(G.Dropout(x, 0.5))
	m := G.NewTapeMachine(g)
	defer m.Close()
	other := G.NewTapeMachine(g, G.EvalMode())
	defer other.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(floatsOf(y.Value()), floatsOf(x.Value())) {
		t.Error("the trap is gone: another machine does not switch dropout off")
	}
}

// Nodes with equal hashes are one node, and not all that matters is in the hash.
func TestTrapHashes(t *testing.T) {
	x := newTrap(t, squares).x
	if G.Must(G.Dropout(x, 0.1)) != G.Must(G.Dropout(x, 0.9)) {
		t.Error("the trap is gone: dropouts of two rates are two nodes")
	}
	if G.Must(G.SoftMax(x)) != G.Must(G.LogSoftMax(x)) {
		t.Error("the trap is gone: SoftMax and LogSoftMax are two nodes")
	}
	if G.Must(ops.Softmax(x)) == G.Must(ops.LogSoftmax(x)) {
		t.Error("our Softmax and LogSoftmax are one node")
	}
}

// The gradient of Gorgonia's Dropout is divided by the rate, BinaryXent is NaN at probabilities of 0 and 1, and HeN panics for float32.
func TestTrapFormulas(t *testing.T) {
	p := newTrap(t, func(x *G.Node) *G.Node { return G.Must(G.Sum(G.Must(G.Dropout(x, 0.2)))) })
	grad := p.tape(t)
	if !slices.ContainsFunc(grad, func(g float64) bool { return math.Abs(g-5) < 1e-12 }) {
		t.Errorf("the trap is gone: gradient %v of a dropout of rate 0.2", grad)
	}
	g := G.NewGraph()
	y, labels := matrixOf(g, "y", 1, 2, []float64{0, 1}), matrixOf(g, "labels", 1, 2, []float64{0, 1})
	entropy := G.Must(G.BinaryXent(y, labels))
	runGraph(t, g)
	if !math.IsNaN(floatsOf(entropy.Value())[0]) {
		t.Errorf("the trap is gone: BinaryXent of certain predictions is %v", entropy.Value())
	}
	if panicOf(func() { G.HeN(1)(tensor.Float32, 2, 2) }) == nil {
		t.Error("the trap is gone: HeN does not panic for float32")
	}
}
