package ops_test

import (
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
	public["SparseAffine"] = func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.SparseAffine(in[0], in[1], in[2]) }
	public["SparseMatMul"] = func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.SparseMatMul(in[0], in[1]) }
	public["SparseDropout"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.SparseDropout(in[0], f, new(ops.Noise)) }
	others["IsSparse"] = func() { ops.IsSparse(nil); ops.IsSparse(new(G.Node)) }
	builders2["sparse_affine"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) {
		x := c.Fixed["x"]
		sparse := sparseInput(in["w"].Graph(), "sparse x", csr(x.Data, x.Shape[0], x.Shape[1], in["w"].Dtype()))
		return ops.SparseAffine(sparse, in["w"], in["b"])
	}
}

// csr returns the elements of a matrix that are not zero, in compressed rows.
func csr(x []float64, rows, columns int, dtype tensor.Dtype) *tensor.CS {
	start, index, single, double := []int{0}, []int{}, []float32{}, []float64{}
	for i := range rows {
		for j, v := range x[i*columns : (i+1)*columns] {
			if v != 0 {
				index, single, double = append(index, j), append(single, float32(v)), append(double, v)
			}
		}
		start = append(start, len(index))
	}
	if dtype == tensor.Float32 {
		return tensor.NewCSR(index, start, single, tensor.WithShape(rows, columns))
	}
	return tensor.NewCSR(index, start, double, tensor.WithShape(rows, columns))
}

// sparseInput returns an input with a sparse value.
func sparseInput(g *G.ExprGraph, name string, value *tensor.CS) *G.Node {
	n := G.NewMatrix(g, value.Dtype(), G.WithName(name), G.WithShape(value.Shape()...))
	if err := G.Let(n, value); err != nil {
		panic(err)
	}
	return n
}

func TestSparseAffine(t *testing.T) {
	x := []float64{0, 2, 0, -1, 0, 0, 1.5, 0, 0, 3, 0.5, 0, 0, 0, -2}
	opstest.Check(t, opstest.Case{
		Build: func(in nodes) (*G.Node, error) { return ops.SparseAffine(in[0], in[1], in[2]) },
		Inputs: []opstest.Input{
			{Shape: tensor.Shape{5, 3}, Constant: true, Values: x}, {Shape: tensor.Shape{3, 4}, Shared: true}, {Shape: tensor.Shape{4}, Shared: true},
		},
		BadShapes: [][]tensor.Shape{{{5, 3}, {4, 4}, {4}}, {{5, 3}, {3, 4}, {3}}, {{3}, {3, 4}, {4}}, {{5, 3}, {3, 4}, {4, 1}}},
	})
	opstest.Check(t, opstest.Case{
		Build:     func(in nodes) (*G.Node, error) { return ops.SparseMatMul(in[0], in[1]) },
		Inputs:    []opstest.Input{{Shape: tensor.Shape{5, 3}, Constant: true, Values: x}, {Shape: tensor.Shape{3, 4}, Shared: true}},
		BadShapes: [][]tensor.Shape{{{5, 3}, {4, 3}}, {{5}, {5, 3}}, {{5, 3}, {3}}},
	})
}

// sparseGraph is a product with sparse rows and the gradients of w and b.
type sparseGraph struct {
	graph          *G.ExprGraph
	x, out         *G.Node
	gradW, gradB   *G.Node
	upstream, w, b *G.Node
	machine        G.VM
}

// waves returns n numbers.
func waves(n int, phase float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Sin(float64(i)*1.7 + phase)
	}
	return x
}

func newSparseGraph(t testing.TB, dtype tensor.Dtype, rows, columns, units int) *sparseGraph {
	t.Helper()
	g := G.NewGraph()
	input := func(name string, phase float64, shape ...int) *G.Node {
		x := oracle.Tensor{Shape: shape, Data: waves(tensor.Shape(shape).TotalSize(), phase)}.Dense(dtype)
		return G.NewTensor(g, dtype, len(shape), G.WithName(name), G.WithShape(shape...), G.WithValue(x))
	}
	s := &sparseGraph{graph: g, x: G.NewMatrix(g, dtype, G.WithName("x"), G.WithShape(rows, columns))}
	s.w, s.b, s.upstream = input("w", 0, columns, units), input("b", 1, units), input("upstream", 2, rows, units)
	out, err := ops.SparseAffine(s.x, s.w, s.b)
	s.out = must(t.(*testing.T), out, err)
	grads, err := G.Backpropagate(G.Nodes{s.out}, G.Nodes{s.upstream}, G.Nodes{s.w, s.b})
	if err != nil {
		t.Fatal(err)
	}
	s.gradW, s.gradB = grads[0], grads[1]
	return s
}

func (s *sparseGraph) try(x G.Value) error {
	if err := G.Let(s.x, x); err != nil {
		return err
	}
	if s.machine == nil {
		s.machine = G.NewTapeMachine(s.graph)
	}
	s.machine.Reset()
	return ops.Cause(s.machine.RunAll())
}

// sparseRows returns a matrix with about one element in five that is not zero, an empty row and an empty column.
func sparseMatrix(rows, columns int, phase float64) []float64 {
	x := waves(rows*columns, phase)
	for i, v := range x {
		if math.Abs(v) < 0.95 || i/columns == 1 || i%columns == 2 {
			x[i] = 0
		}
	}
	return x
}

// A product with sparse rows, and its gradients, are those of Affine with the same numbers, for any rows of any batch.
func TestSparseEqualsDense(t *testing.T) {
	const rows, columns, units = 7, 11, 5
	s := newSparseGraph(t, tensor.Float64, rows, columns, units)
	for _, phase := range []float64{0, 1, 2} {
		x := sparseMatrix(rows, columns, phase)
		if err := s.try(csr(x, rows, columns, tensor.Float64)); err != nil {
			t.Fatal(err)
		}
		g := G.NewGraph()
		like := func(n *G.Node) *G.Node {
			return G.NewTensor(g, tensor.Float64, n.Dims(), G.WithName(n.Name()), G.WithShape(n.Shape()...), G.WithValue(n.Value()))
		}
		w, b, up := like(s.w), like(s.b), like(s.upstream)
		out, err := ops.Affine(matrixOf(g, "x", rows, columns, x), w, b)
		dense := must(t, out, err)
		grads, err := G.Backpropagate(G.Nodes{dense}, G.Nodes{up}, G.Nodes{w, b})
		if err != nil {
			t.Fatal(err)
		}
		runGraph(t, g)
		compare(t, "output", oracle.Floats(s.out.Value()), oracle.Floats(dense.Value()), 1e-14)
		compare(t, "gradient of w", oracle.Floats(s.gradW.Value()), oracle.Floats(grads[0].Value()), 1e-14)
		compare(t, "gradient of b", oracle.Floats(s.gradB.Value()), oracle.Floats(grads[1].Value()), 1e-14)
		touched, ok := ops.RowsOf(s.gradW)
		for c := range columns {
			occurs := false
			for i := range rows {
				occurs = occurs || x[i*columns+c] != 0
			}
			if !ok || occurs != slices.Contains(touched, c) {
				t.Errorf("column %d occurs: %v, rows %v", c, occurs, touched)
			}
		}
		// A dense tensor of the same numbers gives the same bits.
		before := slices.Clone(oracle.Floats(s.gradW.Value()))
		if err := s.try(oracle.Tensor{Shape: []int{rows, columns}, Data: x}.Dense(tensor.Float64)); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(before, oracle.Floats(s.gradW.Value())) {
			t.Error("a dense tensor has another gradient")
		}
	}
}

// Rows without elements give the bias, and a gradient without rows.
func TestSparseEmpty(t *testing.T) {
	s := newSparseGraph(t, tensor.Float32, 3, 4, 2)
	for _, x := range [][]float64{slices.Repeat([]float64{1}, 12), make([]float64, 12)} {
		if err := s.try(csr(x, 3, 4, tensor.Float32)); err != nil {
			t.Fatal(err)
		}
	}
	b := oracle.Floats(s.b.Value())
	if got := oracle.Floats(s.out.Value()); !slices.Equal(got, slices.Concat(b, b, b)) {
		t.Errorf("output %v, bias %v", got, b)
	}
	if rows, ok := ops.RowsOf(s.gradW); !ok || rows == nil || len(rows) > 0 {
		t.Errorf("rows %v, %v", rows, ok)
	}
	if got := oracle.Floats(s.gradW.Value()); !slices.Equal(got, make([]float64, 8)) {
		t.Errorf("gradient %v", got)
	}
}

// Sparse dropout keeps what Dropout keeps, in every step.
func TestSparseDropout(t *testing.T) {
	const rows, columns, rate = 9, 40, 0.4
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := G.NewGraph()
		x := G.NewMatrix(g, dtype, G.WithName("x"), G.WithShape(rows, columns))
		full := G.NewMatrix(g, dtype, G.WithName("full"), G.WithShape(rows, columns))
		eye := make([]float64, columns*columns)
		for i := range columns {
			eye[i*columns+i] = 1
		}
		w := G.NewMatrix(g, dtype, G.WithName("w"), G.WithShape(columns, columns), G.WithValue(oracle.Tensor{Shape: []int{columns, columns}, Data: eye}.Dense(dtype)))
		dropped, err := ops.SparseDropout(x, rate, ops.NewNoise(7))
		if must(t, dropped, err); !ops.IsSparse(dropped) || ops.IsSparse(x) {
			t.Fatal("the result is not sparse, or the input is")
		}
		product, err := ops.SparseMatMul(dropped, w)
		must(t, product, err)
		want, err := ops.Dropout(full, rate, ops.NewNoise(7))
		must(t, want, err)
		m := G.NewTapeMachine(g)
		defer m.Close()
		for step := range 4 {
			data := sparseMatrix(rows, columns, float64(step))
			if err := G.Let(x, csr(data, rows, columns, dtype)); err != nil {
				t.Fatal(err)
			}
			if err := G.Let(full, oracle.Tensor{Shape: []int{rows, columns}, Data: data}.Dense(dtype)); err != nil {
				t.Fatal(err)
			}
			m.Reset()
			if err := ops.Cause(m.RunAll()); err != nil {
				t.Fatal(err)
			}
			compare(t, "dropout", oracle.Floats(product.Value()), oracle.Floats(want.Value()), 0)
		}
		in := []G.Value{csr(sparseMatrix(rows, columns, 0), rows, columns, dtype)}
		if n := testing.AllocsPerRun(10, func() { _, err = dropped.Op().Do(in...) }); n > 0 || err != nil {
			t.Errorf("%v: %v allocations, %v", dtype, n, err)
		}
	}
	g := G.NewGraph()
	x := sparseInput(g, "x", csr([]float64{0, 1}, 1, 2, tensor.Float32))
	for _, rate := range []float64{-1, 1, math.NaN()} {
		if _, err := ops.SparseDropout(x, rate, ops.NewNoise(1)); err == nil {
			t.Errorf("rate %v", rate)
		}
	}
}

// Results are the same, bit for bit, for any number of threads.
func TestSparseThreads(t *testing.T) {
	const rows, columns, units = 64, 300, 130
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		x := csr(sparseMatrix(rows, columns, 3), rows, columns, dtype)
		var first [2][]float64
		for threads := 1; threads <= 4; threads++ {
			w := kernel.NewWorkers(threads)
			s := newSparseGraph(t, dtype, rows, columns, units)
			ops.UseWorkers(s.graph, w)
			if err := s.try(x); err != nil {
				t.Fatal(err)
			}
			got := [2][]float64{oracle.Floats(s.out.Value()), oracle.Floats(s.gradW.Value())}
			if threads == 1 {
				first = got
			} else if !slices.Equal(got[0], first[0]) || !slices.Equal(got[1], first[1]) {
				t.Errorf("%v, %d threads: another result", dtype, threads)
			}
			w.Close()
		}
	}
}

// After the first runs neither the product nor its gradient allocates, with sparse values.
func TestSparseAllocations(t *testing.T) {
	s := newSparseGraph(t, tensor.Float32, 6, 9, 4)
	x := csr(sparseMatrix(6, 9, 0), 6, 9, tensor.Float32)
	if err := s.try(x); err != nil {
		t.Fatal(err)
	}
	for node, in := range map[*G.Node][]G.Value{
		s.out:   {x, s.w.Value(), s.b.Value()},
		s.gradW: {x, s.upstream.Value(), s.w.Value()},
	} {
		var err error
		if n := testing.AllocsPerRun(10, func() { _, err = node.Op().Do(in...) }); n > 0 || err != nil {
			t.Errorf("%v: %v allocations, %v", node.Op(), n, err)
		}
	}
}

// Sparse tensors that do not hold what they say are errors, as are sparse values of ops that do not read them.
func TestSparseRefused(t *testing.T) {
	s := newSparseGraph(t, tensor.Float64, 2, 4, 3)
	shape := tensor.WithShape(2, 4)
	for want, x := range map[string]*tensor.CS{
		"column 4":         tensor.NewCSR([]int{4}, []int{0, 1, 1}, []float64{1}, shape),
		"column -1":        tensor.NewCSR([]int{-1}, []int{0, 1, 1}, []float64{1}, shape),
		"2 row starts":     tensor.NewCSR([]int{1}, []int{0, 1}, []float64{1}, shape),
		"2 values":         tensor.NewCSR([]int{1}, []int{0, 1, 1}, []float64{1, 2}, shape),
		"0 to 2 of 1":      tensor.NewCSR([]int{1}, []int{0, 2, 1}, []float64{1}, shape),
		"from element 0":   tensor.NewCSR([]int{1}, []int{0, -1, 1}, []float64{1}, shape),
		"tensor.NewCSR":    tensor.NewCSC([]int{1}, []int{0, 1, 1, 1, 1}, []float64{1}, shape),
		"Expected Dtype":   tensor.NewCSR([]int{1}, []int{0, 1, 1}, []float32{1}, shape),
		"expected shape":   tensor.NewCSR([]int{1}, []int{0, 1, 1}, []float64{1}, tensor.WithShape(2, 5)),
		"3 row starts, 0 ": tensor.NewCSR(nil, []int{0, 0, 1}, []float64{1}, shape),
	} {
		if err := s.try(x); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	g := G.NewGraph()
	x := sparseInput(g, "x", csr([]float64{0, 1, 0, 0, 2, 0, 0, 0}, 2, 4, tensor.Float64))
	y, err := ops.SELU(x)
	must(t, y, err)
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := ops.Cause(m.RunAll()); err == nil || !strings.Contains(err.Error(), "SELU: input 0: a sparse tensor of shape (2, 4)") {
		t.Errorf("SELU of sparse rows: %v", err)
	}
}
