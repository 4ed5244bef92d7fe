package opstest_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
)

// only32 is square with another loop for float32.
func only32(f func(x float32) float32) opstest.Case {
	return slip(func(d *ops.Def) {
		d.Float32 = func(c *ops.Call[float32]) error {
			for i, x := range c.In[0] {
				c.Out[i] = f(x)
			}
			return nil
		}
	})
}

// Faults of float32 alone, or of the precision of one of both.
func TestFindsFloat32(t *testing.T) {
	findAll(t, []planted{
		{"input of float32 overwritten", "Square", `input 0 was overwritten: .* after Float32 ran`, slip(func(d *ops.Def) {
			d.Float32 = func(c *ops.Call[float32]) error { squares(c.Out, c.In[0]); c.In[0][14] = 0; return nil }
		})},
		{"float32 in float64", "Square", `Float64 has the precision of float32`, slip(func(d *ops.Def) {
			d.Float64 = func(c *ops.Call[float64]) error {
				for i, x := range c.In[0] {
					c.Out[i] = float64(float32(x) * float32(x))
				}
				return nil
			}
		})},
		{"NaN swallowed by float32", "Square", `NaN is swallowed: .*\(Float32\)`, only32(func(x float32) float32 {
			if x != x {
				return 0
			}
			return x * x
		})},
		{"overflow of float32", "Softplus", `output overflows in float32 only at x = 89: it is \+Inf`, softplus32()},
		{"float32 is another", "Square", `Float32 differs from Float64: it is too large by 0\.1 %`, only32(func(x float32) float32 { return 1.001 * x * x })},
		{"float32 is coarse", "Square", `Float32 is not precise: its error is`, only32(func(x float32) float32 { return float32(math.Round(float64(x*x)*1000) / 1000) })},
		{"float32 is wrong below 0", "Square", `Float32 equals Float64 for x > 0 only`, only32(func(x float32) float32 { return x * max(x, 0) })},
		{"panic of float32", "Square", `Float32 panics: boom`, only32(func(float32) float32 { panic("boom") })},
		{"exp - 1", "ELU", `Float32 loses its digits near 0: at x = -0\.0001 it is`, expMinus1()},
		{"last element", "Square", `Float32 is wrong in element \[4, 2\] of the output`, slip(func(d *ops.Def) {
			d.Float32 = func(c *ops.Call[float32]) error { squares(c.Out, c.In[0]); c.Out[len(c.Out)-1] = 1; return nil }
		})},
		{"NaN in a row", "Square", `output is NaN in row 4 only on ordinary inputs \(Float32\)`, slip(func(d *ops.Def) {
			d.Float32 = func(c *ops.Call[float32]) error {
				squares(c.Out, c.In[0])
				for i := max(0, len(c.Out)-3); i < len(c.Out); i++ {
					c.Out[i] = float32(math.NaN())
				}
				return nil
			}
		})},
	})
}

// softplus32 is a softplus whose exp overflows in float32.
func softplus32() opstest.Case {
	grad := op("SoftplusGrad", ops.SameShape, func(c *ops.Call[float64]) {
		for i, g := range c.In[0] {
			c.Out[i] = g / (1 + math.Exp(-c.In[1][i]))
		}
	})
	d := op("Softplus", ops.SameShape, each(func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }))
	d.Float32 = func(c *ops.Call[float32]) error {
		for i, x := range c.In[0] {
			c.Out[i] = float32(math.Log1p(float64(float32(math.Exp(float64(x))))))
		}
		return nil
	}
	return caseOf(with(d, []int{0}, ops.Step{Def: grad, Args: []ops.Arg{ops.Upstream, ops.Input(0)}}))
}

// expMinus1 is an ELU that subtracts 1 from a rounded exponential.
func expMinus1() opstest.Case {
	grad := op("ELUGrad", ops.SameShape, func(c *ops.Call[float64]) {
		for i, g := range c.In[0] {
			c.Out[i] = g * math.Exp(min(c.In[1][i], 0))
		}
	})
	d := op("ELU", ops.SameShape, each(func(x float64) float64 { return max(x, 0) + math.Expm1(min(x, 0)) }))
	d.Float32 = func(c *ops.Call[float32]) error {
		for i, x := range c.In[0] {
			c.Out[i] = max(x, 0) + (float32(math.Exp(float64(min(x, 0)))) - 1)
		}
		return nil
	}
	return caseOf(with(d, []int{0}, ops.Step{Def: grad, Args: []ops.Arg{ops.Upstream, ops.Input(0)}}))
}
