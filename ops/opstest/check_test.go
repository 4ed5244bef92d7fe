package opstest_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// recorder collects the failures that the kit reports.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(f string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(f, args...))
}
func (r *recorder) Fatalf(f string, args ...any) { r.Errorf(f, args...); panic(r) }

// failures runs the kit on a case and returns what it reports.
func failures(c opstest.Case) []string {
	r := &recorder{}
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(r) {
				panic(p)
			}
		}()
		opstest.Check(r, c)
	}()
	return r.failures
}

// square is a sound op, and the clay for the unsound ones.
func square() ops.Def {
	grad := ops.Def{
		Name:    "SquareGrad",
		Shape:   func(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil },
		Float32: func(c *ops.Call[float32]) error { slope(c.Out, c.In[0], c.In[1]); return nil },
		Float64: func(c *ops.Call[float64]) error { slope(c.Out, c.In[0], c.In[1]); return nil },
	}
	return ops.Def{
		Name:    "Square",
		Shape:   func(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil },
		Float32: func(c *ops.Call[float32]) error { squares(c.Out, c.In[0]); return nil },
		Float64: func(c *ops.Call[float64]) error { squares(c.Out, c.In[0]); return nil },
		Gradient: func() ops.Gradient {
			return ops.Gradient{Steps: []ops.Step{{Def: grad, Args: []ops.Arg{ops.Upstream, ops.Input(0)}}}, Of: []int{0}}
		},
	}
}

func squares[T float32 | float64](dst, x []T) {
	for i, v := range x {
		dst[i] = v * v
	}
}

func slope[T float32 | float64](dst, g, x []T) {
	for i, v := range x {
		dst[i] = 2 * v * g[i]
	}
}

func caseOf(def ops.Def) opstest.Case {
	return opstest.Case{Op: func(x *G.Node) (*G.Node, error) { return ops.Apply(def, x) }}
}

func TestCheckPasses(t *testing.T) { opstest.Check(t, caseOf(square())) }

// slip is a case of square with a change.
func slip(change func(*ops.Def)) opstest.Case {
	def := square()
	change(&def)
	return caseOf(def)
}

// Cases that make no sense are refused.
func TestCheckRefuses(t *testing.T) {
	for _, c := range []opstest.Case{
		{Op: ops.SELU, Inputs: []opstest.Input{{Shape: tensor.Shape{math.MaxInt/2 + 1, math.MaxInt/2 + 1}}}},
		{Op: ops.SELU, Inputs: []opstest.Input{{Shape: tensor.Shape{-1}}}},
		{Op: ops.SELU, Inputs: []opstest.Input{{Shape: tensor.Shape{2, 2}, Values: []float64{1}}}},
		{Op: ops.SELU, Inputs: []opstest.Input{}},
		{Op: ops.SELU, Extreme: math.NaN()},
		slip(func(d *ops.Def) {
			d.Shape = func([]tensor.Shape) (tensor.Shape, error) { return tensor.Shape{1 << 30}, nil }
			d.Gradient = nil
		}),
	} {
		if found := failures(c); len(found) == 0 {
			t.Errorf("case %+v was accepted", c)
		}
	}
}
