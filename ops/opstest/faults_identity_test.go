package opstest_test

import (
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

type builder = func(in []*G.Node) (*G.Node, error)

// power is x times |x| times a factor, which its attributes and its ID hold, or not.
func power(factor float64, attrs []any, id any) builder {
	return func(in []*G.Node) (*G.Node, error) {
		grad := op("PowerGrad", ops.SameShape, nil)
		grad.Attrs, grad.ID = attrs, id
		grad.Float64 = func(c *ops.Call[float64]) error {
			for i, x := range c.In[1] {
				c.Out[i] = 2 * factor * max(x, -x) * c.In[0][i]
			}
			return nil
		}
		grad.Float32 = func(c *ops.Call[float32]) error {
			for i, x := range c.In[1] {
				c.Out[i] = float32(2*factor) * max(x, -x) * c.In[0][i]
			}
			return nil
		}
		return ops.Apply(with(ops.Def{
			Name: "Power", Attrs: attrs, ID: id, Shape: ops.SameShape,
			Float64: func(c *ops.Call[float64]) error {
				for i, x := range c.In[0] {
					c.Out[i] = factor * x * max(x, -x)
				}
				return nil
			},
			Float32: func(c *ops.Call[float32]) error {
				for i, x := range c.In[0] {
					c.Out[i] = float32(factor) * x * max(x, -x)
				}
				return nil
			},
		}, []int{0}, ops.Step{Def: grad, Args: []ops.Arg{ops.Upstream, ops.Input(0)}}), in[0])
	}
}

type powerID struct{}

type numbered struct{ factor float64 }

func TestFindsIdentities(t *testing.T) {
	calls := 0.0
	two := []opstest.Input{{Shape: tensor.Shape{5, 3}}, {Shape: tensor.Shape{5, 3}}}
	mixedOf := func(shape func([]tensor.Shape) (tensor.Shape, error)) opstest.Case {
		d := mixed([]int{0, 1}, mixedDX(), mixedDY())
		d.Shape = shape
		return mixedCase(d, tensor.Shape{5, 3})
	}
	noBad := func(c opstest.Case) opstest.Case { c.BadShapes = nil; return c }
	first := func(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil }
	findAll(t, []planted{
		{"attribute forgotten, variants", "Power", `variant 0 .* has the hash of the op itself: .*attribute missing`,
			opstest.Case{Build: power(0.5, nil, powerID{}), Variants: []builder{power(0.25, nil, powerID{})}}},
		{"attribute forgotten, no variants", "Power", `a forgotten attribute: Float64 uses the number 0\.3, which neither Def\.Attrs nor Def\.ID holds`,
			opstest.Case{Build: power(0.3, nil, powerID{})}},
		{"attribute forgotten, a name as ID", "Power", `Float64 uses the number 0\.3`, opstest.Case{Build: power(0.3, nil, "power")}},
		{"attribute of an activation forgotten", "Leaky", `a forgotten attribute: Float64 uses the number 0\.01`, leaky(0.01, nil)},
		{"attribute changes", "Power", `two calls of Build give one node, but different results`, opstest.Case{Build: func(in []*G.Node) (*G.Node, error) {
			calls += 0.125
			return power(calls, []any{"a"}, powerID{})(in)
		}}},
		{"attribute of the gradient", "Power", `variant 0 gives another gradient in a graph with the op`,
			opstest.Case{Build: stepWithout(0.5), Variants: []builder{stepWithout(0.25)}}},
		{"nil variant", "Square", `Case\.Variants\[0\] is nil`, opstest.Case{Op: caseOf(square()).Op, Variants: []builder{nil}}},
		{"no check of shapes", "Mixed", `shapes \[\(5, 3\) \(3, 5\)\] are accepted, but Case\.BadShapes lists them`, mixedOf(first)},
		{"no check of shapes, not asked for", "Mixed", `panics: .*on shapes \[.*which are accepted: is a check of shapes missing|accepted, but the output ignores`, noBad(mixedOf(first))},
		{"partial check of shapes", "Mixed", `is a check of shapes missing`, noBad(mixedOf(func(in []tensor.Shape) (tensor.Shape, error) {
			if in[0].Dims() != in[1].Dims() || in[0].Dims() == 2 && in[0][1] != in[1][1] {
				return nil, errors.Errorf("shapes %v", in)
			}
			return in[0].Clone(), nil
		}))},
		{"panic for a shape", "Scaled", `panic while it is applied: .*on shapes .*want an error that names the shapes`, scaledCase(shaped(scaled(nil, nil), func(in []tensor.Shape) (tensor.Shape, error) {
			if in[0][1] != in[1][0] {
				return nil, errors.Errorf("shapes %v", in)
			}
			return in[0].Clone(), nil
		}))},
		{"shape of another size", "Square", `panics: .*index out of range`, slip(func(d *ops.Def) {
			d.Shape = func(in []tensor.Shape) (tensor.Shape, error) { return tensor.Shape{in[0][0], 2}, nil }
			d.Gradient = func() ops.Gradient {
				return ops.Gradient{Steps: []ops.Step{{Def: op("SquareGrad", ops.ShapeOf(1), func(c *ops.Call[float64]) {}), Args: []ops.Arg{ops.Upstream, ops.Input(0)}}}, Of: []int{0}}
			}
		})},
		{"one input too many", "Square", `it takes 1 input, but the case has 2`, opstest.Case{
			Build: func(in []*G.Node) (*G.Node, error) { return ops.Apply(square(), in[0]) }, Inputs: two}},
		{"mixed dtypes", "Loose", `float64 and float32 inputs are accepted together`, opstest.Case{Inputs: two, Name: "Loose",
			Build: func(in []*G.Node) (*G.Node, error) {
				if in[0].Dtype() != in[1].Dtype() {
					return ops.Apply(square(), in[0])
				}
				return ops.Apply(mixed([]int{0, 1}, mixedDX(), mixedDY()), in[0], in[1])
			}}},
		{"not exported", "Square", `it cannot be exported: no translation`, exported(func(*G.Node) error { return errors.New("no translation") })},
		{"panic in Export", "Square", `Case\.Export panics: boom`, exported(func(*G.Node) error { panic("boom") })},
	})
}

// Ops with the right identity pass.
func TestSoundIdentities(t *testing.T) {
	factors := func(f func(factor float64) builder) opstest.Case {
		return opstest.Case{Build: f(0.3), Variants: []builder{f(0.2), f(0.1)}}
	}
	opstest.Check(t, factors(func(f float64) builder { return power(f, []any{f}, powerID{}) }))
	opstest.Check(t, factors(func(f float64) builder { return power(f, nil, numbered{f}) }))
	opstest.Check(t, factors(func(f float64) builder { return power(f, nil, nil) }))
	opstest.Check(t, opstest.Case{Build: power(0.3, []any{0.3}, powerID{})})
	opstest.Check(t, opstest.Case{Build: power(0.3, nil, numbered{0.3})})
	opstest.Check(t, leaky(0.01, []any{0.01}))
	opstest.Check(t, exported(func(*G.Node) error { return nil }))
}

func exported(f func(*G.Node) error) opstest.Case {
	c := caseOf(square())
	c.Export = f
	return c
}

// shaped is a definition with another Shape.
func shaped(d ops.Def, f func([]tensor.Shape) (tensor.Shape, error)) ops.Def {
	d.Shape = f
	return d
}

// stepWithout is a multiple of x whose gradient does not have the factor among its attributes.
func stepWithout(factor float64) builder {
	grad := op("MultipleGrad", ops.SameShape, func(c *ops.Call[float64]) {
		for i, g := range c.In[0] {
			c.Out[i] = factor * g
		}
	})
	grad.ID = powerID{}
	d := op("Multiple", ops.SameShape, each(func(x float64) float64 { return factor * x }))
	d.Name, d.Attrs, d.ID = "Power", []any{factor}, powerID{}
	return func(in []*G.Node) (*G.Node, error) {
		return ops.Apply(with(d, []int{0}, ops.Step{Def: grad, Args: []ops.Arg{ops.Upstream}}), in[0])
	}
}

// leaky is an activation that says itself when it equals another.
func leaky(slope float64, attrs []any) opstest.Case {
	e := ops.Elementwise{
		Name: "Leaky", Attrs: attrs, ID: powerID{},
		F:     func(x float64) float64 { return max(x, slope*x) },
		Slope: leakySlope(slope),
	}
	return opstest.Case{Op: e.Apply, Kinks: []float64{0}}
}
