package opstest_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
)

func tanh(x float64) float64 { return math.Tanh(x) }

// activation is an op of a formula and a slope.
func activation(name string, f func(x float64) float64, slope func(x, y float64) float64, kinks ...float64) opstest.Case {
	e := ops.Elementwise{Name: name, F: f, Slope: slope}
	return opstest.Case{Op: e.Apply, Kinks: kinks}
}

func softsign(x float64) float64 { return x / (1 + math.Abs(x)) }

// softsignSlope is the slope times a factor.
func softsignSlope(factor func(x float64) float64) func(x, y float64) float64 {
	return func(x, y float64) float64 { d := 1 - math.Abs(y); return d * d * factor(x) }
}

func always(c float64) func(float64) float64 { return func(float64) float64 { return c } }

// slopeAt is the slope of softsign, but for a factor where a condition holds.
func slopeAt(is func(x float64) bool, factor float64) func(x, y float64) float64 {
	return softsignSlope(func(x float64) float64 {
		if is(x) {
			return factor
		}
		return 1
	})
}

func TestFindsSlopes(t *testing.T) {
	findAll(t, []planted{
		{"0.1 % too large", "Softsign", `slope is too large by 0\.1 % at all points`, activation("Softsign", softsign, softsignSlope(always(1.001)))},
		{"0.01 % too small", "Softsign", `slope is too small by 0\.01 % at all points`, activation("Softsign", softsign, softsignSlope(always(0.9999)))},
		{"twice", "Softsign", `slope is 2 times`, activation("Softsign", softsign, softsignSlope(always(2)))},
		{"sign", "Softsign", `slope has the wrong sign`, activation("Softsign", softsign, softsignSlope(always(-1)))},
		{"x > 0 only", "Softsign", `slope is right for x > 0 only`, activation("Softsign", softsign, slopeAt(func(x float64) bool { return x < 0 }, 0.5))},
		{"x < 0 only", "Softsign", `slope is right for x < 0 only.*elsewhere it is too large by 20 %`, activation("Softsign", softsign, slopeAt(func(x float64) bool { return x > 0 }, 1.2))},
		{"far out", "Softsign", `slope is right for \|x\| < 4 only`, activation("Softsign", softsign, slopeAt(func(x float64) bool { return math.Abs(x) > 4 }, 0.9))},
		{"no abs", "Softsign", `slope is right for x > 0 only`, activation("Softsign", softsign, func(x, y float64) float64 { return (1 - y) * (1 - y) })},
		{"offset", "Softsign", `slope is too large by 0\.01 at all points`, activation("Softsign", softsign, func(x, y float64) float64 { return softsignSlope(always(1))(x, y) + 0.01 })},
		{"slope at y", "Sine", `slope is that at y, not at x`, activation("Sine", math.Sin, func(x, y float64) float64 { return math.Cos(y) })},
		{"kink", "Leaky", `slope jumps at x = 0 \(from 0\.1 to 1\); list it in Case\.Kinks`, activation("Leaky", func(x float64) float64 { return max(x, 0.1*x) }, leakySlope(0.1))},
		{"kinks", "Hard", `slope jumps at x = -3, 3 .*; list it in Case\.Kinks`, activation("Hard", hardSigmoid, hardSlope)},
		{"kink elsewhere", "Hard", `slope jumps at x = -3 .*; list it in Case\.Kinks`, activation("Hard", hardSigmoid, hardSlope, 0, 3)},
		{"jump", "Step", `output jumps at x = 1, where it has no slope`, activation("Step", func(x float64) float64 {
			if x > 1 {
				return x + 1
			}
			return x
		}, func(x, y float64) float64 { return 1 })},
		{"no slope", "Softsign", `Slope is nil`, activation("Softsign", softsign, nil)},
		{"no formula", "Softsign", `F is nil`, activation("Softsign", nil, softsignSlope(always(1)))},
		{"overflow", "Softplus", `output overflows at x = 710: it is \+Inf`, activation("Softplus", func(x float64) float64 { return math.Log(1 + math.Exp(x)) }, func(x, y float64) float64 { return 1 / (1 + math.Exp(-x)) })},
		{"NaN far out", "Logistic", `gradient of input 0 is NaN .* at x = -710`, activation("Logistic", func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, func(x, y float64) float64 { e := math.Exp(-x); return e / ((1 + e) * (1 + e)) })},
		{"NaN at 0", "Sinc", `NaN`, activation("Sinc", func(x float64) float64 { return math.Sin(x) / x }, func(x, y float64) float64 { return (math.Cos(x) - y) / x })},
		{"NaN swallowed", "ReLU", `NaN is swallowed: NaN in element \[0, 0\] of input 0 gives 0`, activation("ReLU", func(x float64) float64 {
			if x > 0 {
				return x
			}
			return 0
		}, leakySlope(0), 0)},
		{"panic far out", "Table", `Float64 panics: .*index out of range.*faults_slope_test\.go:\d+`, activation("Table", func(x float64) float64 { return x + []float64{0, 0, 0, 0, 0, 0}[int(math.Abs(x))] }, func(x, y float64) float64 { return 1 })},
		{"no loop", "Fast", `Fast32 needs F, and Grad or GradAt`, fastCase()},
		{"identity", "Softsign", `gradient is the upstream gradient itself`, caseOf(with(op("Softsign", ops.SameShape, each(softsign)), []int{ops.PassUpstream}))},
		{"row", "Softsign", `slope is wrong in row 2 only`, slopeLoop(func(c *ops.Call[float64]) {
			if len(c.Out) > 8 {
				c.Out[6], c.Out[7], c.Out[8] = 0, 0, 0
			}
		})},
		{"last element", "Softsign", `slope is wrong in element \[4, 2\] only`, slopeLoop(func(c *ops.Call[float64]) { c.Out[len(c.Out)-1] *= 1.5 })},
		{"float32", "Softsign", `slope of float32 is too large by 0\.1 %`, slope32()},
		{"no upstream", "Softsign", `ignores the upstream gradient`, slopeLoop(func(c *ops.Call[float64]) {
			for i := range c.Out {
				c.Out[i] /= c.In[0][i]
			}
		})},
		{"upstream twice", "Softsign", `not proportional to the upstream gradient`, slopeLoop(func(c *ops.Call[float64]) {
			for i := range c.Out {
				c.Out[i] *= c.In[0][i]
			}
		})},
	})
}

func leakySlope(slope float64) func(x, y float64) float64 {
	return func(x, y float64) float64 {
		if x > 0 {
			return 1
		}
		return slope
	}
}

func hardSigmoid(x float64) float64 { return max(0, min(1, x/6+0.5)) }

func hardSlope(x, y float64) float64 {
	if x > -3 && x < 3 {
		return 1. / 6
	}
	return 0
}

func fastCase() opstest.Case {
	e := ops.Elementwise{Name: "Fast", F: softsign, Slope: softsignSlope(always(1)), Fast32: &ops.Loops[float32]{}}
	return opstest.Case{Op: e.Apply}
}

// slopeLoop is softsign with a step that is changed after it has run.
func slopeLoop(change run) opstest.Case {
	step := op("SoftsignGrad", ops.SameShape, func(c *ops.Call[float64]) {
		for i, g := range c.In[0] {
			d := 1 + math.Abs(c.In[1][i])
			c.Out[i] = g / (d * d)
		}
		change(c)
	})
	return caseOf(with(op("Softsign", ops.SameShape, each(softsign)), []int{0}, ops.Step{Def: step, Args: []ops.Arg{ops.Upstream, ops.Input(0)}}))
}

// slope32 is softsign with a slope of float32 that is wrong.
func slope32() opstest.Case {
	step := op("SoftsignGrad", ops.SameShape, func(c *ops.Call[float64]) {
		for i, g := range c.In[0] {
			d := 1 + math.Abs(c.In[1][i])
			c.Out[i] = g / (d * d)
		}
	})
	step.Float32 = func(c *ops.Call[float32]) error {
		for i, g := range c.In[0] {
			d := float64(1 + math.Abs(float64(c.In[1][i])))
			c.Out[i] = float32(1.001 * float64(g) / (d * d))
		}
		return nil
	}
	return caseOf(with(op("Softsign", ops.SameShape, each(softsign)), []int{0}, ops.Step{Def: step, Args: []ops.Arg{ops.Upstream, ops.Input(0)}}))
}
