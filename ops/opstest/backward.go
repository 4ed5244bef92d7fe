package opstest

import (
	"math"
	"slices"

	"gorgonia.org/tensor"
)

// checkBackward runs the steps of the gradient, with buffers that hold something, and twice.
func checkBackward(k *kit) *fault {
	for _, dtype := range dtypes {
		p, f := k.build(dtype, k.c.shapes())
		if f != nil {
			return f
		}
		if f := p.differentiate(); f != nil {
			return f.when("(%s)", fieldOf(dtype))
		}
		p.bind(k.c.values(p.shapes, 0))
		if f := p.run(); f != nil {
			return f
		}
		for i, g := range p.grads {
			if g != nil && !g.Shape().Eq(p.shapes[i]) {
				return faultf("the gradient of input %d has shape %v, want %v", i, g.Shape(), p.shapes[i])
			}
		}
		for _, x := range p.backward {
			if f := p.dirty(x); f != nil {
				return f
			}
			if p.values[x.node], f = p.step(x, p.operands(x)); f != nil {
				return f
			}
		}
		first := p.gradients()
		if f := p.back(); f != nil {
			return f.when("in the second run")
		}
		for i, again := range p.gradients() {
			if e, ok := differs(first[i], again); ok {
				a, b := nums(first[i][e], again[e])
				return faultf("a second run of the gradient of input %d gives another result: %s is %s, then %s (%s)", i, at(p.shapes[i], e), a, b, fieldOf(dtype))
			}
			if f := isFinite(again, p.shapes[i]); f != nil {
				f.line = "the gradient of input " + num(float64(i)) + " is not finite on ordinary inputs: " + f.line
				return f.when("(%s)", fieldOf(dtype))
			}
		}
	}
	return k.linear()
}

// linear checks that the gradients are proportional to the upstream gradient.
func (k *kit) linear() *fault {
	shapes := k.c.shapes()
	values := k.c.values(shapes, 0)
	u := upstream(len(k.jacobian.out))
	twice := slices.Clone(u)
	for i := range twice {
		twice[i] *= -2
	}
	_, once, f := k.both(tensor.Float64, shapes, values, u)
	if f != nil {
		return f
	}
	_, double, f := k.both(tensor.Float64, shapes, values, twice)
	if f != nil {
		return f
	}
	for i, g := range once {
		scale := largest(g)
		if scale == 0 {
			continue
		}
		same, linear := true, true
		for e := range g {
			same = same && math.Abs(double[i][e]-g[e]) <= 1e-9*scale
			linear = linear && math.Abs(double[i][e]+2*g[e]) <= 1e-9*scale
		}
		switch {
		case same:
			return faultf("the gradient of input %d ignores the upstream gradient: does its step use ops.Upstream?", i)
		case !linear:
			return faultf("the gradient of input %d is not proportional to the upstream gradient", i)
		}
	}
	return nil
}
