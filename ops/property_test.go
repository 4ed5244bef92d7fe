package ops_test

// Helpers for tests that compare an op with loops over all indices.

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"
)

// position returns the index along each axis of element i of a row-major tensor.
func position(shape tensor.Shape, i int) []int {
	at := make([]int, len(shape))
	for k := len(shape) - 1; k >= 0; k-- {
		at[k], i = i%shape[k], i/shape[k]
	}
	return at
}

// index is the inverse of position; axes of size 1 are repeated, and missing leading axes ignored.
func index(shape tensor.Shape, at []int) int {
	i, at := 0, at[len(at)-len(shape):]
	for k, n := range shape {
		i = i*n + min(at[k], n-1)
	}
	return i
}

func drawShape(t *rapid.T, from, to int) tensor.Shape {
	return rapid.SliceOfN(rapid.SampledFrom([]int{1, 2, 3, 4}), from, to).Draw(t, "shape")
}

// drawValues returns elements from 0.5 to 2, of either sign.
func drawValues(t *rapid.T, s tensor.Shape) []float64 {
	n := 1
	for _, d := range s {
		n *= d
	}
	x, seed := make([]float64, n), rapid.Float64Range(0.1, 3).Draw(t, "seed")
	for i := range x {
		x[i] = 1.25 + 0.75*math.Sin(seed*float64(i*i+1))
		if math.Cos(seed*float64(7*i+2)) > 0 {
			x[i] = -x[i]
		}
	}
	return x
}

// ran holds the results of an op.
type ran struct {
	shape         tensor.Shape
	out, upstream []float64
	grads         [][]float64
}

// fatal is a *testing.T or a *rapid.T.
type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
}

// program runs an op and its gradients on a tape machine.
func program(t fatal, values [][]float64, shapes []tensor.Shape, build func(in nodes) (*G.Node, error)) ran {
	t.Helper()
	g := G.NewGraph()
	input := func(name string, s tensor.Shape, x []float64) *G.Node {
		if s.IsScalar() {
			return G.NewScalar(g, tensor.Float64, G.WithName(name), G.WithValue(x[0]))
		}
		v := tensor.New(tensor.WithShape(s.Clone()...), tensor.WithBacking(append([]float64(nil), x...)))
		return G.NewTensor(g, tensor.Float64, s.Dims(), G.WithName(name), G.WithShape(s...), G.WithValue(v))
	}
	var in G.Nodes
	for i, x := range values {
		in = append(in, input(string(rune('a'+i)), shapes[i], x))
	}
	out, err := build(in)
	if err != nil {
		t.Fatalf("%v", err)
	}
	r := ran{shape: out.Shape().Clone(), upstream: make([]float64, max(1, out.Shape().TotalSize()))}
	for i := range r.upstream {
		r.upstream[i] = math.Sin(float64(3*i + 1))
	}
	grads, err := G.Backpropagate(G.Nodes{out}, G.Nodes{input("upstream", out.Shape(), r.upstream)}, in)
	if err != nil {
		t.Fatalf("%v", err)
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatalf("%v", err)
	}
	r.out = floatsOf(out.Value())
	for _, n := range grads {
		r.grads = append(r.grads, floatsOf(n.Value()))
	}
	return r
}

// floatsOf returns a copy of the elements of a float64 value.
func floatsOf(v G.Value) []float64 {
	if x, ok := v.Data().([]float64); ok {
		return append([]float64(nil), x...)
	}
	return []float64{v.Data().(float64)}
}

func near(t fatal, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements, want %d", what, len(got), len(want))
	}
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= 1e-12*(1+math.Abs(w))) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, got[i], w)
		}
	}
}
