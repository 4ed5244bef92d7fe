package ops_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"
)

type build = func(in nodes) (*G.Node, error)

func concat(axis int) build {
	return func(in nodes) (*G.Node, error) { return ops.Concat(axis, in...) }
}

func slice(axis, from, to int) build {
	return func(in nodes) (*G.Node, error) { return ops.Slice(in[0], axis, from, to) }
}

func reshape(shape ...int) build {
	return func(in nodes) (*G.Node, error) { return ops.Reshape(in[0], shape...) }
}

func transpose(axes ...int) build {
	return func(in nodes) (*G.Node, error) { return ops.Transpose(in[0], axes...) }
}

func sum(axes ...int) build {
	return func(in nodes) (*G.Node, error) { return ops.Sum(in[0], axes...) }
}

func mean(axes ...int) build {
	return func(in nodes) (*G.Node, error) { return ops.Mean(in[0], axes...) }
}

// number turns a hostile number into an int.
func number(f float64) int {
	switch {
	case math.IsNaN(f):
		return math.MinInt
	case f > 1e18:
		return math.MaxInt
	}
	return int(f)
}

func TestConcat(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build: concat(1), Inputs: []opstest.Input{{Shape: tensor.Shape{4, 3}}, {Shape: tensor.Shape{4, 2}}, {Shape: tensor.Shape{4, 1}}},
		BadShapes: [][]tensor.Shape{{{4, 3}, {3, 3}, {4, 1}}, {{4, 3}, {4}, {4, 1}}, {{4}, {4}, {4}}},
	})
	opstest.Check(t, opstest.Case{
		Build:     concat(-2),
		Inputs:    []opstest.Input{{Shape: tensor.Shape{3, 2, 2}}, {Shape: tensor.Shape{3, 1, 2}}},
		BadShapes: [][]tensor.Shape{{{3, 2, 2}, {3, 2, 3}}, {{3}, {3}}},
	})
	same := []opstest.Input{{Shape: tensor.Shape{3, 2}}, {Shape: tensor.Shape{3, 2}}}
	opstest.Check(t, opstest.Case{
		Build: concat(1), Inputs: same, Variants: []func(nodes) (*G.Node, error){concat(0)}, BadShapes: [][]tensor.Shape{{{3, 2}, {2, 2}}},
	})
}

func TestSlice(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build: slice(1, 0, 3), Inputs: []opstest.Input{{Shape: tensor.Shape{4, 5}}},
		Variants:  []func(nodes) (*G.Node, error){slice(1, 1, 4), slice(1, 0, 2), slice(-2, 0, 3)},
		BadShapes: [][]tensor.Shape{{{4, 2}}, {{4}}},
	})
}

func TestReshape(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build: reshape(-1, 2, 3), Inputs: []opstest.Input{{Shape: tensor.Shape{4, 6}}},
		Variants:  []func(nodes) (*G.Node, error){reshape(4, 3, 2), reshape(-1, 6, 1)},
		BadShapes: [][]tensor.Shape{{{4, 5}}, {{5}}, {{7, 7, 7}}},
	})
	for want, shape := range map[string][]int{"does not hold": {5, 5}, "only one": {-1, -1}, "(12, 0)": {12, 0}, "24 elements": {huge, huge}} {
		_, err := ops.Reshape(matrixOf(G.NewGraph(), "x", 4, 6, standardNormals(24, 1)), shape...)
		if want = strings.ReplaceAll(want, "(12, 0)", "[12 0]"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("shape %v: error %v, want %q", shape, err, want)
		}
	}
}

func TestTranspose(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build: transpose(0, 2, 1), Inputs: []opstest.Input{{Shape: tensor.Shape{4, 2, 3}}},
		Variants:  []func(nodes) (*G.Node, error){transpose(), transpose(1, 2, 0)},
		BadShapes: [][]tensor.Shape{{{4, 3}}, {{4}}},
	})
}

func TestSum(t *testing.T) {
	in := []opstest.Input{{Shape: tensor.Shape{4, 2, 3}}}
	opstest.Check(t, opstest.Case{
		Build: sum(1, -1), Inputs: in, Variants: []func(nodes) (*G.Node, error){sum(1), sum(2), mean(1, 2)}, BadShapes: [][]tensor.Shape{{{4}}},
	})
	opstest.Check(t, opstest.Case{Build: sum(), Variants: []func(nodes) (*G.Node, error){mean()}})
}

func TestMean(t *testing.T) {
	in := []opstest.Input{{Shape: tensor.Shape{4, 2, 3}}}
	opstest.Check(t, opstest.Case{
		Build: mean(-1), Inputs: in, Variants: []func(nodes) (*G.Node, error){mean(1), mean(1, 2)}, BadShapes: [][]tensor.Shape{{{}}},
	})
	opstest.Check(t, opstest.Case{Build: mean()})
}

// Values and gradients of the ops that move or add elements, for random shapes.
func TestShapingProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := drawShape(t, 1, 5)
		x := drawValues(t, shape)
		axis := rapid.IntRange(0, len(shape)-1).Draw(t, "axis")
		from := rapid.IntRange(0, shape[axis]-1).Draw(t, "from")
		to := rapid.IntRange(from+1, shape[axis]).Draw(t, "to")
		one := func(b build) ran { return program(t, [][]float64{x}, []tensor.Shape{shape}, b) }
		// moved checks an op whose element at position at is element source(at) of x.
		moved := func(name string, p ran, source func(at []int) []int) {
			want, grad := make([]float64, len(p.out)), make([]float64, len(x))
			for i := range want {
				k := index(shape, source(position(p.shape, i)))
				want[i] = x[k]
				grad[k] += p.upstream[i]
			}
			near(t, name, p.out, want)
			near(t, name+", gradient", p.grads[0], grad)
		}
		moved("Slice", one(slice(axis-len(shape), from, to)), func(at []int) []int { at[axis] += from; return at })
		order := rapid.Permutation(upTo(len(shape))).Draw(t, "order")
		moved("Transpose", one(transpose(order...)), func(at []int) []int {
			from := make([]int, len(at))
			for i, a := range order {
				from[a] = at[i]
			}
			return from
		})
		flat := one(reshape(-1))
		moved("Reshape", flat, func(at []int) []int { return position(shape, at[0]) })

		axes := slices.DeleteFunc(upTo(len(shape)), func(int) bool { return rapid.Bool().Draw(t, "keep") })
		checkReduction(t, x, shape, axes)
		checkConcat(t, x, shape, axis)
	})
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func checkReduction(t *rapid.T, x []float64, shape tensor.Shape, axes []int) {
	kept, terms := shape.Clone(), 1.0
	for a, n := range shape {
		if len(axes) == 0 || slices.Contains(axes, a) {
			terms *= float64(n)
			kept[a] = 1
		}
	}
	for name, b := range map[string]build{"Sum": sum(axes...), "Mean": mean(axes...)} {
		p := program(t, [][]float64{x}, []tensor.Shape{shape}, b)
		factor := 1.0
		if name == "Mean" {
			factor = 1 / terms
		}
		want, grad := make([]float64, len(p.out)), make([]float64, len(x))
		for i, v := range x {
			k := index(kept, position(shape, i))
			want[k] += v * factor
			grad[i] = p.upstream[k] * factor
		}
		near(t, name+fmt.Sprint(axes), p.out, want)
		near(t, name+", gradient", p.grads[0], grad)
	}
}

func checkConcat(t *rapid.T, x []float64, shape tensor.Shape, axis int) {
	second := shape.Clone()
	second[axis] = rapid.IntRange(1, 3).Draw(t, "size")
	y := drawValues(t, second)
	p := program(t, [][]float64{x, y, x}, []tensor.Shape{shape, second, shape}, concat(axis))
	want := make([]float64, len(p.out))
	grads := [][]float64{make([]float64, len(x)), make([]float64, len(y)), make([]float64, len(x))}
	for i := range want {
		at := position(p.shape, i)
		switch n := at[axis]; {
		case n < shape[axis]:
			want[i], grads[0][index(shape, at)] = x[index(shape, at)], p.upstream[i]
		case n < shape[axis]+second[axis]:
			at[axis] -= shape[axis]
			want[i], grads[1][index(second, at)] = y[index(second, at)], p.upstream[i]
		default:
			at[axis] -= shape[axis] + second[axis]
			want[i], grads[2][index(shape, at)] = x[index(shape, at)], p.upstream[i]
		}
	}
	near(t, "Concat", p.out, want)
	for i, grad := range grads {
		near(t, fmt.Sprint("Concat, gradient of ", i), p.grads[i], grad)
	}
}

// A Def may be kept and used in several graphs, and on several shapes in one.
func TestDefIsReusable(t *testing.T) {
	product := ops.MatMulDef(false, true)
	g := G.NewGraph()
	a, b := matrixOf(g, "a", 2, 3, []float64{1, 2, 3, 4, 5, 6}), matrixOf(g, "b", 1, 3, []float64{1, 0, -1})
	first, err := ops.Apply(product, a, b)
	must(t, first, err)
	second, err := ops.Apply(product, b, a)
	must(t, second, err)
	if third, err := ops.Apply(product, a, b); must(t, third, err) != first {
		t.Error("the same product is two nodes")
	}
	for range 2 {
		runGraph(t, g)
		near(t, "a b'", floatsOf(first.Value()), []float64{-2, -2})
		near(t, "b a'", floatsOf(second.Value()), []float64{-2, -2})
	}
}
