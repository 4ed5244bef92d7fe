package loss_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

type nodes = []*G.Node

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

// standardNormals returns n standard normal numbers.
func standardNormals(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 0))
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}

// denseOf returns a tensor of the given elements.
func denseOf(dtype tensor.Dtype, shape tensor.Shape, x []float64) *tensor.Dense {
	return oracle.Tensor{Shape: shape, Data: slices.Clone(x)}.Dense(dtype)
}

func floatsOf(v G.Value) []float64 { return oracle.Floats(v) }

func scalarOf(dtype tensor.Dtype, x float64) G.Value {
	if dtype == tensor.Float32 {
		return G.NewF32(float32(x))
	}
	return G.NewF64(x)
}

// compare allows tolerance relative to the largest element: float32 sums have an error of that order.
func compare(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d elements, want %d", what, len(got), len(want))
		return
	}
	scale := 1.0
	for _, w := range want {
		scale = math.Max(scale, math.Abs(w))
	}
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= tolerance*scale) {
			t.Errorf("%s: element %d is %v, want %v", what, i, got[i], w)
		}
	}
}
