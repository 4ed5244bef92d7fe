package ops_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func init() {
	public["Embedding"] = func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.Embedding(in[0], in[1]) }
	builders2["embedding_flat"] = func(_ torchCase2, in map[string]*G.Node) (*G.Node, error) {
		return ops.Embedding(in["table"], in["index"])
	}
}

func lookup(in nodes) (*G.Node, error) { return ops.Embedding(in[0], in[1]) }

func TestEmbedding(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build:     lookup,
		Inputs:    []opstest.Input{{Shape: tensor.Shape{7, 3}, Shared: true}, {Shape: tensor.Shape{5}, Constant: true, Values: []float64{4, 0, 4, 6, 1}}},
		BadShapes: [][]tensor.Shape{{{7}, {5}}, {{7, 3, 1}, {5}}, {{7, 3}, {5, 1, 1}}},
	})
	opstest.Check(t, opstest.Case{
		Build: lookup,
		Inputs: []opstest.Input{
			{Shape: tensor.Shape{7, 2}, Shared: true}, {Shape: tensor.Shape{4, 2}, Constant: true, Values: []float64{4, 0, 4, 4, 1, 6, 6, 1}},
		},
		BadShapes: [][]tensor.Shape{{{2}, {4, 2}}},
	})
}

// embeddingGraph is a lookup of n indices, (n) or (n, k), and the gradient of the table.
type embeddingGraph struct {
	graph              *G.ExprGraph
	table, index, grad *G.Node
	out, upstream      *G.Node
	machine            G.VM
}

func newEmbeddingGraph(t testing.TB, categories, d int, index []float64, shape ...int) *embeddingGraph {
	t.Helper()
	g := G.NewGraph()
	x := make([]float64, categories*d)
	for i := range x {
		x[i] = math.Sin(float64(i))
	}
	e := &embeddingGraph{graph: g}
	e.table = G.NewTensor(g, tensor.Float64, 2, G.WithName("table"), G.WithShape(categories, d), G.WithValue(oracle.Tensor{Shape: []int{categories, d}, Data: x}.Dense(tensor.Float64)))
	e.index = G.NewTensor(g, tensor.Float64, len(shape), G.WithName("index"), G.WithShape(shape...), G.WithValue(oracle.Tensor{Shape: shape, Data: index}.Dense(tensor.Float64)))
	var err error
	if e.out, err = ops.Embedding(e.table, e.index); err != nil {
		t.Fatal(err)
	}
	up := make([]float64, e.out.Shape().TotalSize())
	for i := range up {
		up[i] = float64(i%17) - 8
	}
	e.upstream = G.NewTensor(g, tensor.Float64, 2, G.WithName("upstream"), G.WithShape(e.out.Shape()...), G.WithValue(oracle.Tensor{Shape: e.out.Shape(), Data: up}.Dense(tensor.Float64)))
	grads, err := G.Backpropagate(G.Nodes{e.out}, G.Nodes{e.upstream}, G.Nodes{e.table})
	if err != nil {
		t.Fatal(err)
	}
	e.grad = grads[0]
	return e
}

func (e *embeddingGraph) run(t testing.TB) {
	t.Helper()
	if err := e.try(); err != nil {
		t.Fatal(err)
	}
}

func (e *embeddingGraph) try() error {
	if e.machine == nil {
		e.machine = G.NewTapeMachine(e.graph)
	}
	e.machine.Reset()
	return ops.Cause(e.machine.RunAll())
}

// set sets the indices of the next run.
func (e *embeddingGraph) set(index ...float64) { copy(e.index.Value().Data().([]float64), index) }

// An index that is no category is an error that names its row, and its value.
func TestEmbeddingIndex(t *testing.T) {
	for _, c := range []struct {
		shape []int
		index []float64
		want  string
	}{
		{[]int{3}, []float64{0, 5, 1}, "row 1 has the category 5, want a whole number from 0 to 4"},
		{[]int{3}, []float64{0, 1, -1}, "row 2 has the category -1"},
		{[]int{3}, []float64{0.5, 1, 1}, "row 0 has the category 0.5"},
		{[]int{3}, []float64{0, math.NaN(), 1}, "row 1 has the category NaN"},
		{[]int{3}, []float64{0, 1, math.Inf(1)}, "row 2 has the category +Inf"},
		{[]int{2, 2}, []float64{0, 1, 2, 1e300}, "row 1, column 1 has the category 1e+300"},
	} {
		e := newEmbeddingGraph(t, 5, 2, c.index, c.shape...)
		if err := e.try(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("indices %v: %v, want %q", c.index, err, c.want)
		}
	}
	g := G.NewGraph()
	table := G.NewMatrix(g, tensor.Float32, G.WithName("table"), G.WithShape(1<<24+1, 1))
	index := G.NewVector(g, tensor.Float32, G.WithName("index"), G.WithShape(2))
	if _, err := ops.Embedding(table, index); err == nil || !strings.Contains(err.Error(), "float64") {
		t.Errorf("a table whose indices float32 cannot hold: %v", err)
	}
}

// The gradient has the rows that occur, each once, and zeros elsewhere, in every run.
func TestEmbeddingRows(t *testing.T) {
	e := newEmbeddingGraph(t, 9, 2, []float64{3, 3, 8, 0}, 4)
	if rows, ok := ops.RowsOf(e.grad); ok {
		t.Errorf("before the first run the gradient has the rows %v", rows)
	}
	for _, index := range [][]float64{{3, 3, 8, 0}, {1, 1, 1, 1}, {8, 7, 6, 3}, {3, 3, 3, 8}} {
		e.set(index...)
		e.run(t)
		rows, ok := ops.RowsOf(e.grad)
		var want []int
		for _, x := range index {
			if !slices.Contains(want, int(x)) {
				want = append(want, int(x))
			}
		}
		if !ok || !slices.Equal(rows, want) {
			t.Errorf("indices %v: rows %v, %v", index, rows, ok)
		}
		sums := make([]float64, 18)
		up := e.upstream.Value().Data().([]float64)
		for k, x := range index {
			for j := range 2 {
				sums[int(x)*2+j] += up[k*2+j]
			}
		}
		if got := e.grad.Value().Data().([]float64); !slices.Equal(got, sums) {
			t.Errorf("indices %v: gradient %v, want %v", index, got, sums)
		}
	}
}

// A run that fails leaves no row behind in the gradient of the next.
func TestEmbeddingAfterError(t *testing.T) {
	e := newEmbeddingGraph(t, 9, 2, []float64{3, 4}, 2)
	e.run(t)
	e.set(5, 99)
	if e.try() == nil {
		t.Fatal("no error")
	}
	e.set(6, 6)
	e.run(t)
	got := e.grad.Value().Data().([]float64)
	for i, x := range got {
		if (i/2 == 6) != (x != 0) {
			t.Errorf("gradient %v", got)
			break
		}
	}
}

// A table that is used twice has a gradient that Gorgonia adds up, in the memory of an operand. It is right in every run, and its rows
// are unknown.
func TestEmbeddingTwice(t *testing.T) {
	g := G.NewGraph()
	table := matrixOf(g, "table", 6, 1, []float64{1, 2, 3, 4, 5, 6})
	var outs [2]*G.Node
	var index [2]*tensor.Dense
	for i := range outs {
		index[i] = tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{0, 0}))
		node := G.NewVector(g, tensor.Float64, G.WithName(fmt.Sprint("index", i)), G.WithShape(2), G.WithValue(index[i]))
		out, err := ops.Embedding(table, node)
		outs[i] = must(t, out, err)
	}
	up := matrixOf(g, "up", 2, 1, []float64{1, 10})
	grads, err := G.Backpropagate(G.Nodes{outs[0], outs[1]}, G.Nodes{up, up}, G.Nodes{table})
	if err != nil {
		t.Fatal(err)
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	for _, run := range [][4]float64{{0, 1, 2, 3}, {4, 4, 5, 0}, {1, 2, 1, 2}, {5, 5, 5, 5}} {
		copy(index[0].Float64s(), run[:2])
		copy(index[1].Float64s(), run[2:])
		m.Reset()
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		want := make([]float64, 6)
		for k, r := range run {
			want[int(r)] += []float64{1, 10}[k%2]
		}
		if got := grads[0].Value().Data().([]float64); !slices.Equal(got, want) {
			t.Errorf("indices %v: gradient %v, want %v", run, got, want)
		}
		if rows, ok := ops.RowsOf(grads[0]); ok {
			t.Errorf("the sum has the rows %v", rows)
		}
	}
}

// The Lisp machine gives the gradient of the tape machine.
func TestEmbeddingLisp(t *testing.T) {
	e := newEmbeddingGraph(t, 9, 2, []float64{3, 3, 8, 0}, 4)
	e.run(t)
	want := slices.Clone(e.grad.Value().Data().([]float64))

	g := G.NewGraph()
	table := G.NewTensor(g, tensor.Float64, 2, G.WithName("table"), G.WithShape(9, 2), G.WithValue(e.table.Value()))
	index := G.NewTensor(g, tensor.Float64, 1, G.WithName("index"), G.WithShape(4), G.WithValue(e.index.Value()))
	out, err := ops.Embedding(table, index)
	up := G.NewTensor(g, tensor.Float64, 2, G.WithName("up"), G.WithShape(4, 2), G.WithValue(e.upstream.Value()))
	product := G.Must(G.HadamardProd(must(t, out, err), up))
	G.Must(G.Sum(product))
	m := G.NewLispMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	grad, err := table.Grad()
	if err != nil {
		t.Fatal(err)
	}
	if got := grad.Data().([]float64); !slices.Equal(got, want) {
		t.Errorf("gradient %v, want %v", got, want)
	}
}

// Lookup and gradient are the same, bit for bit, for any number of threads, in both dtypes.
func TestEmbeddingThreads(t *testing.T) {
	const n, d, categories = 3000, 20, 700
	index := make([]float64, n)
	for i := range index {
		index[i] = float64(i * i % categories)
	}
	var first [2][]float64
	for threads := 1; threads <= 4; threads++ {
		w := kernel.NewWorkers(threads)
		e := newEmbeddingGraph(t, categories, d, index, n)
		ops.UseWorkers(e.graph, w)
		e.run(t)
		got := [2][]float64{e.out.Value().Data().([]float64), e.grad.Value().Data().([]float64)}
		if threads == 1 {
			first = got
		} else if !slices.Equal(got[0], first[0]) || !slices.Equal(got[1], first[1]) {
			t.Errorf("%d threads: another result", threads)
		}
		w.Close()
	}
}

// The rows that a step touches, and what it allocates, do not depend on the number of categories.
func TestEmbeddingCategories(t *testing.T) {
	index := []float64{3, 1, 3, 900, 7}
	for _, categories := range []int{1000, 1000_000} {
		e := newEmbeddingGraph(t, categories, 2, index, 5)
		e.run(t)
		e.run(t)
		rows, ok := ops.RowsOf(e.grad)
		if !ok || !slices.Equal(rows, []int{3, 1, 900, 7}) {
			t.Errorf("%d categories: rows %v", categories, rows)
		}
		var err error
		in := []G.Value{e.upstream.Value(), e.table.Value(), e.index.Value()}
		if n := testing.AllocsPerRun(10, func() { _, err = e.grad.Op().Do(in...) }); n > 0 || err != nil {
			t.Errorf("%d categories: %v allocations, %v", categories, n, err)
		}
	}
}
