package ops_test

import (
	"fmt"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// input adds a matrix with the elements 0, 1, 2 ... to a graph.
func exampleInput(g *G.ExprGraph, name string, rows, cols int) *G.Node {
	return G.NewMatrix(g, tensor.Float64, G.WithName(name), G.WithShape(rows, cols), G.WithValue(
		tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(tensor.Range(tensor.Float64, 0, rows*cols)))))
}

func exampleRun(g *G.ExprGraph) {
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		fmt.Println(err)
	}
}

// Our ops and Gorgonia's in one program: Mul, HadamardProd and Mean are Gorgonia's.
func Example_mixing() {
	g := G.NewGraph()
	x, w := exampleInput(g, "x", 2, 3), exampleInput(g, "w", 3, 2)
	h := G.Must(ops.SELU(G.Must(G.Mul(x, w))))
	bias := G.NewVector(g, tensor.Float64, G.WithName("bias"), G.WithShape(2), G.WithValue(
		tensor.New(tensor.WithBacking([]float64{0.5, -0.5}))))
	h = G.Must(ops.Add(h, bias)) // to each row
	cost := G.Must(G.Mean(G.Must(G.HadamardProd(h, h))))
	grads, err := G.Grad(cost, bias)
	if err != nil {
		fmt.Println(err)
		return
	}
	exampleRun(g)
	fmt.Printf("cost %.3f, gradient of the bias %.3f\n", cost.Value().Data(), grads[0].Value().Data())
	// Output: cost 728.520, gradient of the bias [20.463 27.344]
}

// The Lisp machine differentiates as it runs. Make a new one for each step, and set the gradients to 0 after it, as the optimizers of package
// train/optim do.
func Example_lispMachine() {
	g := G.NewGraph()
	w := exampleInput(g, "w", 1, 2)
	target := G.NewMatrix(g, tensor.Float64, G.WithName("target"), G.WithShape(1, 2), G.WithValue(
		tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{1, 3}))))
	cost := G.Must(ops.Mean(G.Must(ops.Square(G.Must(ops.Sub(w, target))))))
	solver := G.NewVanillaSolver(G.WithLearnRate(0.5))
	for range 50 {
		m := G.NewLispMachine(g)
		if err := m.RunAll(); err != nil {
			fmt.Println(err)
			return
		}
		m.Close()
		if err := solver.Step(G.NodesToValueGrads(G.Nodes{w})); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Printf("w %.3f, cost %.3f\n", w.Value().Data(), cost.Value().Data())
	// Output: w [1.000 3.000], cost 0.000
}

func ExampleConcat() {
	g := G.NewGraph()
	x := exampleInput(g, "x", 2, 2)
	fmt.Println(ops.Concat(0, x, exampleInput(g, "y", 2, 3)))
	y, err := ops.Concat(1, x, exampleInput(g, "y", 2, 3))
	if err != nil {
		fmt.Println(err)
		return
	}
	exampleRun(g)
	fmt.Println(y.Value().Data())
	// Output:
	// <nil> Concat of shapes [(2, 2) (2, 3)]: shapes (2, 2) and (2, 3) differ in axis 1, not only in axis 0
	// [0 1 0 1 2 2 3 3 4 5]
}

func ExampleSlice() {
	g := G.NewGraph()
	y, err := ops.Slice(exampleInput(g, "x", 2, 4), 1, 1, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	exampleRun(g)
	fmt.Println(y.Shape(), y.Value().Data())
	// Output: (2, 2) [1 2 5 6]
}

func ExampleReshape() {
	x := exampleInput(G.NewGraph(), "x", 6, 4)
	y, err := ops.Reshape(x, 6, -1, 2)
	fmt.Println(y.Shape(), err)
	_, err = ops.Reshape(x, 5, -1)
	fmt.Println(err)
	// Output:
	// (6, 2, 2) <nil>
	// Reshape of shapes [(6, 4)]: new shape [5 -1] does not hold the 24 elements of shape (6, 4)
}

func ExampleTranspose() {
	g := G.NewGraph()
	x := exampleInput(g, "x", 2, 3)
	y := G.Must(ops.Transpose(x))
	images := G.Must(ops.Transpose(G.NewTensor(g, tensor.Float64, 4, G.WithName("images"), G.WithShape(8, 3, 28, 28),
		G.WithValue(tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(8, 3, 28, 28)))), 0, 2, 3, 1))
	exampleRun(g)
	fmt.Println(y.Value().Data(), images.Shape())
	// Output: [0 3 1 4 2 5] (8, 28, 28, 3)
}

func ExampleMean() {
	g := G.NewGraph()
	x := exampleInput(g, "x", 2, 3)
	columns, rows, all := G.Must(ops.Mean(x, 0)), G.Must(ops.Mean(x, 1)), G.Must(ops.Mean(x))
	exampleRun(g)
	fmt.Println(columns.Value().Data(), rows.Value().Data(), all.Value())
	// Output: [1.5 2.5 3.5] [1 4] 2.5
}

func ExampleBroadcastShape() {
	fmt.Println(ops.BroadcastShape([]tensor.Shape{{4, 3}, {3}, {4, 1}, {}}))
	fmt.Println(ops.BroadcastShape([]tensor.Shape{{4, 3}, {4}}))
	// Output:
	// (4, 3) <nil>
	// () shapes (4, 3) and (4) cannot be broadcast: sizes must be equal or 1, counted from the last axis
}

func ExampleAxis() {
	fmt.Println(ops.Axis(-1, tensor.Shape{4, 3}))
	fmt.Println(ops.Axis(2, tensor.Shape{4, 3}))
	// Output:
	// 1 <nil>
	// 0 there is no axis 2 in shape (4, 3)
}

// The product with weights stored as PyTorch stores them, one row per output. The Def has its gradient, and as a step of the gradient of your
// own op it is one line.
func ExampleMatMulDef() {
	g := G.NewGraph()
	x, w := exampleInput(g, "x", 2, 3), exampleInput(g, "w", 4, 3)
	y, err := ops.Apply(ops.MatMulDef(false, true), x, w)
	if err != nil {
		fmt.Println(err)
		return
	}
	exampleRun(g)
	fmt.Println(y.Shape(), y.Value().Data())
	// Output: (2, 4) [5 14 23 32 14 50 86 122]
}
