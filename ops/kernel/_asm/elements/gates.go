package main

import (
	"math"
)

// gates generates the saturating activations, the mixtures of gated layers and the sums of residual ones.
// Products are rounded before they are added.
func (t *isa) gates() {
	d := t.doubles()
	t.pointwise("sigmoid", 2, []string{"x"}, func() func(x vectors) vector {
		f := t.sigmoidOf()
		return func(x vectors) vector { return f(x[0]) }
	})
	d.pointwise("tanh", 2, []string{"x"}, func() func(x vectors) vector {
		f := d.tanhOf()
		return func(x vectors) vector { return f(x[0]) }
	})
	t.pointwise("sigmoidGrad", 4, []string{"g", "y"}, func() func(x vectors) vector {
		one := t.hold(1)
		return func(x vectors) vector { return t.mul(x[0], t.mul(x[1], t.sub(one, x[1]))) }
	})
	t.pointwise("tanhGrad", 4, []string{"g", "y"}, func() func(x vectors) vector {
		one := t.hold(1)
		return func(x vectors) vector { return t.mul(x[0], t.mul(t.sub(one, x[1]), t.add(one, x[1]))) }
	})
	t.pointwise("add", 4, []string{"x", "y"}, func() func(x vectors) vector {
		return func(x vectors) vector { return t.add(x[0], x[1]) }
	})
	t.pointwise("multiply", 4, []string{"x", "y"}, func() func(x vectors) vector {
		return func(x vectors) vector { return t.mul(x[0], x[1]) }
	})
	t.pointwise("gate", 4, []string{"t", "h", "x"}, func() func(x vectors) vector {
		one := t.hold(1)
		return func(x vectors) vector { return t.add(t.mul(x[0], x[1]), t.mul(t.sub(one, x[0]), x[2])) }
	})
	t.pointwise("gateGradT", 4, []string{"g", "h", "x"}, func() func(x vectors) vector {
		return func(x vectors) vector { return t.mul(x[0], t.sub(x[1], x[2])) }
	})
	t.pointwise("gateGradX", 4, []string{"g", "t"}, func() func(x vectors) vector {
		one := t.hold(1)
		return func(x vectors) vector { return t.mul(x[0], t.sub(one, x[1])) }
	})
}

// tanhOf loads constants and returns the code of the hyperbolic tangent in float64: tanh |x| = -m / (m + 2) with m = e^(-2|x|) - 1.
func (t *isa) tanhOf() func(x vector) vector {
	two, sign := t.hold(2), t.hold(math.Copysign(0, -1))
	return func(x vector) vector {
		m := t.expm1(t.mul(t.minusAbs(x), two))
		y := t.div(m, t.add(m, two))
		return t.or(t.without(sign, y), t.and(x, sign))
	}
}

// sigmoidOf loads constants and returns the code of e / (1 + e) for x < 0 and 1 / (1 + e) for x >= 0 with e = e^-|x|.
//
// -|x| = n ln 2 + r with |r| <= ln(2)/2, where the Taylor polynomial of degree 7 is exact to 2^-26. 2^n comes in two steps,
// so that denormal numbers are rounded once.
func (t *isa) sigmoidOf() func(x vector) vector {
	const spare = 32 // n is at least -150, and an exponent at least -126
	zero, one, sign := t.zero(), t.hold(1), t.hold(math.Copysign(0, -1))
	lowest := t.hold(-104) // e^-104 rounds to 0
	reduce, series, rest := t.reduction(127+spare), t.taylor(), t.constant(0x1p-32)
	return func(x vector) vector {
		r := t.max(lowest, t.or(x, sign))
		power := reduce(r)
		p := t.copy(r)
		t.addProduct(p, t.mul(r, r), series(r))
		e := t.mul(t.mul(t.add(p, one), power), rest)
		return t.div(t.choose(t.compare(less, x, zero), e, one), t.add(e, one))
	}
}

// pointwise generates an elementwise function of operands without other arguments. setup returns its code.
func (t *isa) pointwise(name string, unroll int, operands []string, setup func() func(x vectors) vector) {
	elementwise{
		name: name, slices: append([]string{"dst"}, operands...), in: operands, out: []string{"dst"}, unroll: unroll,
	}.generate(t, func(vectors) func(vectors) vectors {
		code := setup()
		return func(x vectors) vectors { return vectors{code(x)} }
	})
}
