package opstest_test

import (
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	"gorgonia.org/tensor"
)

// without is square with a changed definition of its gradient.
func without(change func(g *ops.Gradient)) opstest.Case {
	return slip(func(d *ops.Def) {
		g := d.Gradient()
		change(&g)
		d.Gradient = func() ops.Gradient { return g }
	})
}

// step is square with a changed step of its gradient.
func step(change func(d *ops.Def)) opstest.Case {
	return without(func(g *ops.Gradient) { change(&g.Steps[0].Def) })
}

func TestFindsGradients(t *testing.T) {
	five := tensor.Shape{5, 3}
	args := []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1)}
	findAll(t, []planted{
		{"nil", "Square", `it has no gradient: Def\.Gradient is nil`, slip(func(d *ops.Def) { d.Gradient = nil })},
		{"empty", "Square", `Gradient\.Of has 0 elements for 1 inputs`, without(func(g *ops.Gradient) { g.Of = nil })},
		{"forgotten", "Scaled", `Gradient\.Of has 1 elements for 2 inputs: is input 1 forgotten\?`, scaledCase(changed(scaled(nil, nil), func(g *ops.Gradient) { g.Of = g.Of[:1] }))},
		{"marked absent", "Scaled", `input 1 has no gradient: Gradient\.Of marks it NoGradient, but the output depends on it`,
			scaledCase(changed(scaled(nil, nil), func(g *ops.Gradient) { g.Of[1] = ops.NoGradient }))},
		{"all marked absent", "Square", `no input has a gradient: Gradient\.Of marks it NoGradient, but the output depends on input 0`,
			without(func(g *ops.Gradient) { g.Of[0] = ops.NoGradient })},
		{"zero", "Scaled", `gradient of input 1 is 0 everywhere, but the output depends on it`, scaledCase(scaled(nil, func(c *ops.Call[float64]) { clear(c.Out) }))},
		{"swapped", "Mixed", `gradients of inputs 0 and 1 are swapped`, mixedCase(mixed([]int{1, 0}, mixedDX(), mixedDY()), five)},
		{"same", "Mixed", `gradient of input 1 is that of input 0`, mixedCase(mixed([]int{0, 0}, mixedDX(), mixedDY()), five)},
		{"passed on", "Mixed", `gradient of input 0 is the upstream gradient itself`, mixedCase(mixed([]int{ops.PassUpstream, 1}, mixedDX(), mixedDY()), five)},
		{"swapped shapes", "Product", `gradient of input 0 has shape \(3, 4\), want \(5, 3\): swapped with that of input 1\?`,
			productCase(changed(product(nil, nil), func(g *ops.Gradient) { g.Of = []int{1, 0} }))},
		{"transposed shape", "Product", `gradient of input 1 has shape \(4, 3\), want \(3, 4\): transposed\?`,
			productCase(changed(product(nil, nil), func(g *ops.Gradient) {
				g.Steps[1].Def.Shape = func(in []tensor.Shape) (tensor.Shape, error) { return tensor.Shape{in[2][1], in[2][0]}, nil }
			}))},
		{"transposed", "Product", `gradient of input 1 is transposed`, productCase(product(nil, func(c *ops.Call[float64]) {
			dst := make([]float64, 12)
			multiply(dst, c.In[1], c.In[0], c.Shapes[0][0], true, false)
			for i, v := range dst {
				c.Out[i%4*3+i/4] = v
			}
		}))},
		{"last row", "Scaled", `gradient of input 1 is that of row 4 of the output alone: is it summed over the rows\?`, scaledCase(scaled(nil, func(c *ops.Call[float64]) {
			for i, g := range c.In[0] {
				c.Out[i%len(c.Out)] = g * c.In[1][i]
			}
		}))},
		{"mean", "Scaled", `gradient of input 1 is 0\.2 times what it should be at all points`, scaledCase(scaled(nil, func(c *ops.Call[float64]) {
			clear(c.Out)
			for i, g := range c.In[0] {
				c.Out[i%len(c.Out)] += g * c.In[1][i] / 5
			}
		}))},
		{"right for y > 0", "Mixed", `gradient of input 1 is right for x > 0 only`, mixedCase(mixed([]int{0, 1}, mixedDX(), ops.Step{
			Def: op("MixedDY", ops.SameShape, func(c *ops.Call[float64]) {
				for i, g := range c.In[0] {
					y := tanh(c.In[2][i])
					if c.Out[i] = g * c.In[1][i] * (1 - y*y); y < 0 {
						c.Out[i] = 0
					}
				}
			}), Args: args}), five)},
		{"column", "Scaled", `gradient of input 0 is wrong in column 2 only`, scaledCase(scaled(func(c *ops.Call[float64]) {
			for i, g := range c.In[0] {
				if c.Out[i] = g * c.In[2][i%len(c.In[2])]; i%3 == 2 {
					c.Out[i] *= 0.9
				}
			}
		}, nil))},
		{"index of another shape", "Scaled", `gradient of input 0 .* on shapes \[\(5, 19\) \(19\)\]`, scaledCase(scaled(func(c *ops.Call[float64]) {
			for i, g := range c.In[0] {
				c.Out[i] = g * c.In[2][i%3%len(c.In[2])]
			}
		}, nil))},
		{"buffer of a step", "Scaled", `the gradient step ScaledDW \(Float64\) adds to its output buffer`, scaledCase(scaled(nil, func(c *ops.Call[float64]) {
			for i, g := range c.In[0] {
				c.Out[i%len(c.Out)] += g * c.In[1][i]
			}
		}))},
		{"upstream overwritten", "Square", `the upstream gradient was overwritten: element \[0, 0\] was 0\.7 .* after the gradient step SquareGrad \(Float64\) ran`, step(func(d *ops.Def) {
			set(d, func(c *ops.Call[float64]) {
				for i, x := range c.In[1] {
					c.In[0][i] *= 2 * x
					c.Out[i] = c.In[0][i]
				}
			})
		})},
		{"panic", "Square", `the gradient step SquareGrad \(Float64\) panics: .*index out of range \[15\] with length 15 \(faults_gradient_test\.go:\d+\)`, step(func(d *ops.Def) {
			set(d, func(c *ops.Call[float64]) {
				for i := range len(c.Out) + 1 {
					c.Out[i] = 2 * c.In[0][i] * c.In[1][i]
				}
			})
		})},
		{"error", "Square", `the gradient step SquareGrad \(Float64\) returns an error: .*no luck`, step(func(d *ops.Def) {
			d.Float64 = func(*ops.Call[float64]) error { return errors.New("no luck") }
		})},
		{"no Float32", "Square", `SquareGrad: Def\.Float32 is nil`, step(func(d *ops.Def) { d.Float32 = nil })},
		{"panic in Gradient", "Square", `panic while it is applied: boom \(faults_gradient_test\.go:\d+\)`, slip(func(d *ops.Def) { d.Gradient = func() ops.Gradient { panic("boom") } })},
		{"memory of the forward pass", "Square", `gradient of input 0 uses memory of the forward pass that Gorgonia may overwrite`, keeping()},
		{"kink", "PReLU", `slope jumps at input 0 = 0; list it in Case\.Kinks`, prelu()},
		{"NaN swallowed", "Square", `gradient of input 0 swallows NaN: NaN in element \[0, 0\] of the upstream gradient gives 0`, step(func(d *ops.Def) {
			set(d, func(c *ops.Call[float64]) {
				for i, g := range c.In[0] {
					if c.Out[i] = 2 * c.In[1][i] * g; g != g {
						c.Out[i] = 0
					}
				}
			})
		})},
		{"one row", "Scaled", `the gradient step ScaledDW \(Float64\) panics: .*index out of range .* on shapes \[\(1, 3\) \(3\)\]`, scaledCase(scaled(nil, func(c *ops.Call[float64]) {
			clear(c.Out)
			for i, g := range c.In[0] {
				c.Out[i%len(c.Out)] += g * c.In[1][i]
			}
			_ = c.In[0][len(c.Out)] // there is a second row
		}))},
		{"input without effect", "Mixed", `output does not depend on input 1: is it forgotten\?`, mixedCase(replaced(mixed([]int{0, 1}, mixedDX(), mixedDY()), func(c *ops.Call[float64]) {
			copy(c.Out, c.In[0])
		}), five)},
		{"a gradient of a constant", "Mixed", `input 1 has a gradient, but the case calls it Constant`, constant(mixedCase(mixed([]int{0, 1}, mixedDX(), mixedDY()), five), 1)},
		{"allocations of a step", "Square", `the gradient step SquareGrad \(Float64\) allocates`, step(func(d *ops.Def) {
			set(d, func(c *ops.Call[float64]) {
				scratch := make([]float64, len(c.Out))
				slope(scratch, c.In[0], c.In[1])
				copy(c.Out, scratch)
				leak = scratch
			})
		})},
	})
}

var leak []float64

// changed is a definition with a changed gradient.
func changed(d ops.Def, change func(g *ops.Gradient)) ops.Def {
	g := d.Gradient()
	change(&g)
	d.Gradient = func() ops.Gradient { return g }
	return d
}

func constant(c opstest.Case, i int) opstest.Case {
	c.Inputs[i].Constant = true
	return c
}

// keeping is square with a step that reads the input of the forward pass instead of an operand.
func keeping() opstest.Case {
	var kept []float64
	d := op("Square", ops.SameShape, func(c *ops.Call[float64]) {
		kept = c.In[0]
		squares(c.Out, c.In[0])
	})
	step := op("SquareGrad", ops.SameShape, func(c *ops.Call[float64]) { slope(c.Out, c.In[0], kept) })
	return caseOf(with(d, []int{0}, ops.Step{Def: step, Args: []ops.Arg{ops.Upstream, ops.Output}}))
}

// prelu is a PReLU that does not declare its kink.
func prelu() opstest.Case {
	d := op("PReLU", scaledShape, func(c *ops.Call[float64]) {
		for i, x := range c.In[0] {
			if c.Out[i] = x; x < 0 {
				c.Out[i] = x * c.In[1][i%len(c.In[1])]
			}
		}
	})
	dx := op("PReLUDX", ops.ShapeOf(1), func(c *ops.Call[float64]) {
		for i, g := range c.In[0] {
			if c.Out[i] = g; c.In[1][i] < 0 {
				c.Out[i] = g * c.In[2][i%len(c.In[2])]
			}
		}
	})
	dw := op("PReLUDW", ops.ShapeOf(2), func(c *ops.Call[float64]) {
		clear(c.Out)
		for i, g := range c.In[0] {
			c.Out[i%len(c.Out)] += g * min(c.In[1][i], 0)
		}
	})
	args := []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1)}
	return scaledCase(with(d, []int{0, 1}, ops.Step{Def: dx, Args: args}, ops.Step{Def: dw, Args: args}))
}
