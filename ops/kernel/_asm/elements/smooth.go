package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lowest is where e^x, in float32, is 0 also as a denormal number, and x e^x too.
const lowest = -110

// smooth generates activations made of an exponential: GELU, SiLU, Mish, Softplus, SERLU, a normalized tanh, and their gradients at x.
// Not a number stays so; infinities give the limits.
func (t *isa) smooth() {
	at := func(name string, code func() func(x vector) vector) {
		t.pointwise(name, 1, []string{"x"}, func() func(x vectors) vector {
			f := code()
			return func(x vectors) vector { return f(x[0]) }
		})
	}
	slope := func(name string, code func() func(x vector) vector) {
		t.pointwise(name+"Grad", 1, []string{"g", "x"}, func() func(x vectors) vector {
			f := code()
			return func(x vectors) vector { return t.mul(x[0], f(x[1])) }
		})
	}
	at("silu", func() func(x vector) vector { return t.gated(lowest, nil) })
	slope("silu", func() func(x vector) vector { return t.gatedSlope(-lowest, nil, nil) })
	at("geluTanh", func() func(x vector) vector { return t.gated(-20, t.cubic(1)) })
	slope("geluTanh", func() func(x vector) vector { return t.gatedSlope(20, t.cubic(1), t.cubic(3)) })
	at("gelu", t.geluOf)
	slope("gelu", t.geluSlope)
	at("softplus", t.softplusOf)
	slope("softplus", t.sigmoidOf)
	at("mish", t.mishOf)
	slope("mish", t.mishSlope)
}

// decay loads constants and returns the code of e^r for r <= 0 and that of 2^32 e^r, which is not denormal. Both are 0 from lowest on.
func (t *isa) decay() func(r vector) (e, large vector) {
	const spare = 32 // n is at least -159, and an exponent at least -126
	least, one := t.hold(lowest), t.hold(1)
	reduce, series, rest := t.reduction(127+spare), t.taylor(), t.constant(1./(1<<spare))
	return func(r vector) (e, large vector) {
		r = t.max(least, r)
		power := reduce(r)
		p := t.copy(r)
		t.addProduct(p, t.mul(r, r), series(r))
		large = t.mul(t.add(p, one), power)
		return t.mul(large, rest), large
	}
}

// negated loads a constant and returns the code of -|x|.
func (t *isa) negated() func(x vector) vector {
	sign := t.constant(math.Copysign(0, -1))
	return func(x vector) vector { return t.or(x, sign) }
}

// cubic returns a setup of the code of u/x and of du/dx, for factor 1 and 3: with u = 2 sqrt(2/pi) (x + 0.044715 x^3), the GELU with tanh is x sigmoid(u)
// (Hendrycks and Gimpel 2016).
func (t *isa) cubic(factor float64) func() func(square vector) vector {
	linear := 2 * math.Sqrt(2/math.Pi)
	return func() func(square vector) vector {
		c1, c3 := t.constant(linear), t.constant(factor*0.044715*linear)
		return func(square vector) vector {
			v := t.mul(square, c3)
			return t.add(v, c1)
		}
	}
}

// gated returns the code of x sigmoid(u), where u = x ratio(x^2), or x if there is no ratio. Below least it is 0.
func (t *isa) gated(least float64, ratio func() func(square vector) vector) func(x vector) vector {
	zero, one, bound := t.zero(), t.hold(1), t.hold(least)
	decay, negated, rest := t.decay(), t.negated(), t.constant(0x1p-32)
	var quotient func(vector) vector
	if ratio != nil {
		quotient = ratio()
	}
	return func(x vector) vector {
		w := t.max(bound, x)
		u := w
		if quotient != nil {
			u = t.mul(w, quotient(t.mul(w, w)))
		}
		e, large := decay(negated(u))
		return t.div(t.choose(t.compare(less, w, zero), t.mul(t.mul(large, w), rest), w), t.add(e, one))
	}
}

// gatedSlope returns the code of its slope s (1 + x (1 - s) u'), with s = sigmoid(u), between -most and most.
func (t *isa) gatedSlope(most float64, ratio, slope func() func(square vector) vector) func(x vector) vector {
	zero, one, least, largest := t.zero(), t.hold(1), t.constant(-most), t.constant(most)
	decay, negated := t.decay(), t.negated()
	var quotient, steepness func(vector) vector
	if ratio != nil {
		quotient, steepness = ratio(), slope()
	}
	return func(x vector) vector {
		w := t.within(x, least, largest)
		u, v := w, w
		if quotient != nil {
			square := t.mul(w, w)
			u, v = t.mul(w, quotient(square)), t.mul(w, steepness(square))
		}
		e, _ := decay(negated(u))
		inverse := t.div(one, t.add(e, one))
		negative := t.compare(less, u, zero)
		s := t.mul(t.choose(negative, e, one), inverse)
		rest := t.mul(t.choose(negative, one, e), inverse)
		return t.mul(s, t.add(one, t.mul(v, rest)))
	}
}

// within returns x between two bounds, and not-a-number for not-a-number.
func (t *isa) within(x vector, least, most Op) vector {
	low, high := t.copy(least), t.copy(most)
	return t.min(high, t.max(low, x))
}

// normalTail loads constants and returns the code of P(Z > |x|) / e^(-x^2/2) for a standard normal Z, to 2^-23: t V(t) with t = 1 / (1 + 0.35 |x|).
// normaltail.py computes the coefficients of V.
func (t *isa) normalTail() func(x vector) vector {
	coefficients := []float64{
		-0.0297704389966005775, 0.146950922174928146, -0.261712669226397058, 0.165801801530721987, -0.0274828895530703165,
		0.10726277300241637, 0.119417036073459371, 0.139914803950371986, 0.139618642870576245,
	}
	one, rate, negated := t.hold(1), t.constant(-0.35), t.negated()
	return func(x vector) vector {
		s := t.copy(one)
		t.addProduct(s, negated(x), rate)
		r := t.div(one, s)
		return t.mul(r, t.horner(r, coefficients...))
	}
}

// geluOf returns the code of x P(Z < x) (Hendrycks and Gimpel 2016).
func (t *isa) geluOf() func(x vector) vector {
	zero, one, least, half := t.zero(), t.hold(1), t.hold(-15), t.constant(-0.5)
	decay, tail := t.decay(), t.normalTail()
	return func(x vector) vector {
		w := t.max(least, x)
		e, _ := decay(t.mul(t.mul(w, w), half))
		p := t.mul(e, tail(w))
		return t.mul(w, t.choose(t.compare(less, w, zero), p, t.sub(one, p)))
	}
}

// geluSlope returns the code of P(Z < x) + x p(x), with the density p.
func (t *isa) geluSlope() func(x vector) vector {
	zero, one, half, density := t.zero(), t.hold(1), t.constant(-0.5), t.constant(1/math.Sqrt(2*math.Pi))
	least, largest := t.constant(-15), t.constant(15)
	decay, tail := t.decay(), t.normalTail()
	return func(x vector) vector {
		w := t.within(x, least, largest)
		e, _ := decay(t.mul(t.mul(w, w), half))
		p := t.mul(e, tail(w))
		below := t.choose(t.compare(less, w, zero), p, t.sub(one, p))
		return t.add(below, t.mul(t.mul(w, e), density))
	}
}

// softplusOf returns the code of max(x, 0) + log(1 + e) with e = e^-|x|. The logarithm is 2 artanh(s) with s = e / (2 + e) <= 1/3, by its Taylor
// series, which is exact to 2^-27.
func (t *isa) softplusOf() func(x vector) vector {
	var taylor []float64
	for k := 7; k >= 0; k-- {
		taylor = append(taylor, 2/float64(2*k+1))
	}
	zero, one, two := t.zero(), t.hold(1), t.constant(2)
	decay, negated := t.decay(), t.negated()
	return func(x vector) vector {
		e, _ := decay(negated(x))
		inverse := t.div(one, t.add(e, two))
		s := t.mul(e, inverse)
		y := t.max(zero, x)
		t.addProduct(y, e, t.mul(inverse, t.horner(t.mul(s, s), taylor...)))
		return y
	}
}

// mishParts loads constants and returns the code of tanh(log(1 + e^x)) = n / (n + d), of e = e^-|x| and of 1 / (n + d): for x < 0, n = e (e + 2) and
// d = 2, and else, after division by e^2x, n = 1 + 2 e and d = 2 e^2 (Misra 2019).
func (t *isa) mishParts() func(x vector) (n, e, inverse vector, negative reg.Register) {
	zero, one, two := t.zero(), t.hold(1), t.hold(2)
	decay, negated := t.decay(), t.negated()
	return func(x vector) (n, e, inverse vector, negative reg.Register) {
		e, _ = decay(negated(x))
		below := t.compare(less, x, zero)
		n = t.choose(below, t.mul(e, t.add(e, two)), t.add(one, t.add(e, e)))
		d := t.choose(below, two, t.mul(t.mul(e, e), two))
		return n, e, t.div(one, t.add(n, d)), below
	}
}

func (t *isa) mishOf() func(x vector) vector {
	least, parts := t.hold(lowest), t.mishParts()
	return func(x vector) vector {
		w := t.max(least, x)
		n, _, inverse, _ := parts(w)
		return t.mul(w, t.mul(n, inverse))
	}
}

// mishSlope returns the code of y/x + x s, where s, the slope of the hyperbolic tangent, is 4 e (1 + e) / (n + d)^2, times e for x > 0.
func (t *isa) mishSlope() func(x vector) vector {
	one, four, least, largest := t.hold(1), t.constant(4), t.constant(lowest), t.constant(-lowest)
	parts := t.mishParts()
	return func(x vector) vector {
		w := t.within(x, least, largest)
		n, e, inverse, below := parts(w)
		s := t.mul(t.mul(t.mul(e, inverse), t.mul(t.add(e, one), inverse)), four)
		s = t.choose(below, s, t.mul(s, e))
		return t.add(t.mul(n, inverse), t.mul(w, s))
	}
}
