package ops_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// elementaries are elementwise functions and their slopes.
var elementaries = map[string]struct {
	op       func(x *G.Node) (*G.Node, error)
	f, slope func(x float64) float64
	positive bool // the domain
	extreme  float64
}{
	"Neg":    {ops.Neg, func(x float64) float64 { return -x }, func(x float64) float64 { return -1 }, false, 0},
	"Square": {ops.Square, func(x float64) float64 { return x * x }, func(x float64) float64 { return 2 * x }, false, 0},
	"Sqrt":   {ops.Sqrt, math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) }, true, 0},
	"Exp":    {ops.Exp, math.Exp, math.Exp, false, 80},
	"Log":    {ops.Log, math.Log, func(x float64) float64 { return 1 / x }, true, 0},
	"Cos":    {ops.Cos, math.Cos, func(x float64) float64 { return -math.Sin(x) }, false, 0},
	"Abs":    {ops.Abs, math.Abs, func(x float64) float64 { return math.Copysign(1, x) }, false, 0},
}

func init() {
	for name, e := range elementaries {
		public[name] = unary(e.op)
	}
}

func TestElementary(t *testing.T) {
	for name, e := range elementaries {
		t.Log(name)
		if e.positive {
			continue // the kit tries inputs of either sign
		}
		opstest.Check(t, opstest.Case{Op: e.op, Kinks: []float64{0}, Extreme: e.extreme, Variants: []func(nodes) (*G.Node, error){
			func(in nodes) (*G.Node, error) { return ops.SELU(in[0]) },
		}})
	}
}

func TestElementaryValues(t *testing.T) {
	for name, e := range elementaries {
		var x, want, grad []float64
		for i := range 20000 { // more than one thread takes
			v := 0.001 + math.Abs(3*math.Sin(float64(i)))
			if !e.positive && i%3 == 0 {
				v = -v
			}
			x, want, grad = append(x, v), append(want, e.f(v)), append(grad, e.slope(v))
		}
		p := program(t, [][]float64{x}, []tensor.Shape{{200, 100}}, func(in nodes) (*G.Node, error) { return e.op(in[0]) })
		for i, u := range p.upstream {
			grad[i] *= u
		}
		near(t, name, p.out, want)
		near(t, name+", gradient", p.grads[0], grad)
	}
}

// Outside its domain an elementary function gives what IEEE 754 says.
func TestElementaryDomain(t *testing.T) {
	at := func(op func(x *G.Node) (*G.Node, error), x float64) (y, grad float64) {
		p := program(t, [][]float64{{x}}, []tensor.Shape{{1}}, func(in nodes) (*G.Node, error) { return op(in[0]) })
		return p.out[0], p.grads[0][0] / p.upstream[0]
	}
	if y, _ := at(ops.Sqrt, -1); !math.IsNaN(y) {
		t.Errorf("the square root of -1 is %v", y)
	}
	if y, slope := at(ops.Sqrt, 0); y != 0 || !math.IsInf(slope, 1) {
		t.Errorf("the square root of 0 is %v with the slope %v", y, slope)
	}
	if y, _ := at(ops.Log, -1); !math.IsNaN(y) {
		t.Errorf("the logarithm of -1 is %v", y)
	}
	if y, slope := at(ops.Log, 0); !math.IsInf(y, -1) || !math.IsInf(slope, 1) {
		t.Errorf("the logarithm of 0 is %v with the slope %v", y, slope)
	}
	if y, slope := at(ops.Abs, 0); y != 0 || slope != 0 {
		t.Errorf("the magnitude of 0 is %v with the slope %v", y, slope)
	}
	if y, slope := at(ops.Abs, math.NaN()); !math.IsNaN(y) || !math.IsNaN(slope) {
		t.Errorf("the magnitude of NaN is %v with the slope %v", y, slope)
	}
	if y, _ := at(ops.Exp, 1000); !math.IsInf(y, 1) {
		t.Errorf("e^1000 is %v", y)
	}
}
