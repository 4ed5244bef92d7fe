package ops_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"
)

// arithmetics are the ops of two inputs that are broadcast.
var arithmetics = map[string]struct {
	op func(x, y *G.Node) (*G.Node, error)
	f  func(x, y float64) float64
	// dx and dy are the slopes.
	dx, dy func(x, y float64) float64
}{
	"Add": {ops.Add, func(x, y float64) float64 { return x + y }, one, one},
	"Sub": {ops.Sub, func(x, y float64) float64 { return x - y }, one, func(x, y float64) float64 { return -1 }},
	"Mul": {ops.Mul, func(x, y float64) float64 { return x * y }, func(x, y float64) float64 { return y }, func(x, y float64) float64 { return x }},
	"Div": {ops.Div, func(x, y float64) float64 { return x / y }, func(x, y float64) float64 { return 1 / y },
		func(x, y float64) float64 { return -x / y / y }},
}

func one(x, y float64) float64 { return 1 }

func init() {
	for name, a := range arithmetics {
		public[name] = func(in [5]*G.Node, _ float64) (*G.Node, error) { return a.op(in[0], in[1]) }
	}

	for name, def := range map[string]func() ops.Def{"AddDef": ops.AddDef, "SubDef": ops.SubDef, "MulDef": ops.MulDef, "DivDef": ops.DivDef, "SumLikeDef": ops.SumLikeDef} {
		public[name] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Apply(def(), in[0], in[1]) }
	}
	builders2["broadcast_row_product"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) { return ops.Mul(in["a"], in["row"]) }
}

// away are values at a distance from 0, for divisors.
func away(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = (1 + 0.3*float64(i%5)) * float64(1-2*(i%2))
	}
	return x
}

func TestArithmetic(t *testing.T) {
	full, s := tensor.Shape{4, 3}, tensor.Shape{1}
	for name, a := range arithmetics {
		build := func(in nodes) (*G.Node, error) { return a.op(in[0], in[1]) }
		for _, shapes := range [][2]opstest.Input{
			{{Shape: full}, {Shape: full}},
			{{Shape: full}, {Shape: tensor.Shape{3}, Shared: true}},
			{{Shape: full}, {Shape: tensor.Shape{4, 1}}},
			{{Shape: s, Shared: true}, {Shape: full}},
			{{Shape: tensor.Shape{4, 1}}, {Shape: tensor.Shape{3}, Shared: true}},
			{{Shape: tensor.Shape{4, 1, 3, 1, 2}}, {Shape: tensor.Shape{2, 1, 5, 1}, Shared: true}},
		} {
			n := 1
			for _, d := range shapes[1].Shape {
				n *= d
			}
			shapes[1].Values = away(n)
			t.Logf("%s of %v and %v", name, shapes[0].Shape, shapes[1].Shape)
			opstest.Check(t, opstest.Case{
				Build: build, Inputs: shapes[:], BadShapes: [][]tensor.Shape{{{4, 3}, {3, 4}}, {{4, 3}, {4}}, {{2, 2, 2}, {3, 1}}},
			})
		}
	}
}

// Values and gradients for random shapes equal loops over all indices.
func TestArithmeticProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := drawShape(t, 0, 5)
		operand := func(name string) tensor.Shape {
			s := shape.Clone()
			for i := range s {
				if rapid.Bool().Draw(t, name+" is repeated") {
					s[i] = 1
				}
			}
			return s[rapid.IntRange(0, len(s)).Draw(t, name+" misses axes"):]
		}
		sx, sy := operand("x"), operand("y")
		x, y := drawValues(t, sx), drawValues(t, sy)
		for name, a := range arithmetics {
			p := program(t, [][]float64{x, y}, []tensor.Shape{sx, sy}, func(in nodes) (*G.Node, error) { return a.op(in[0], in[1]) })
			want, dx, dy := make([]float64, len(p.out)), make([]float64, len(x)), make([]float64, len(y))
			for i := range want {
				at := position(p.shape, i)
				k, l := index(sx, at), index(sy, at)
				want[i] = a.f(x[k], y[l])
				dx[k] += p.upstream[i] * a.dx(x[k], y[l])
				dy[l] += p.upstream[i] * a.dy(x[k], y[l])
			}
			near(t, name, p.out, want)
			near(t, name+", gradient of x", p.grads[0], dx)
			near(t, name+", gradient of y", p.grads[1], dy)
		}
	})
}

// Division by 0 is that of IEEE 754.
func TestDivZero(t *testing.T) {
	g := G.NewGraph()
	x, y := matrixOf(g, "x", 1, 3, []float64{1, -1, 0}), matrixOf(g, "y", 1, 3, []float64{0, 0, 0})
	n, err := ops.Div(x, y)
	n = must(t, n, err)
	runGraph(t, g)
	got := n.Value().Data().([]float64)
	if !math.IsInf(got[0], 1) || !math.IsInf(got[1], -1) || !math.IsNaN(got[2]) {
		t.Errorf("1/0, -1/0, 0/0 = %v", got)
	}
}
