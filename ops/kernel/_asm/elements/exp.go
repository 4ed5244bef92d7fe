package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
)

// reduce returns r and 2^n in float64 with x = n ln 2 + r and |r| <= ln(2)/2, for x <= 0. Below -708 it takes -708, and
// it is not-a-number for not-a-number.
func (t *isa) reduce(x vector) (r, power vector) {
	const ln2Hi, ln2Lo = 6.93147180369123816490e-01, 1.90821492927058770002e-10
	magic := t.hold(3<<51 + 1023)
	r, power = t.max(t.hold(-708), x), t.copy(magic)
	t.addProduct(power, r, t.hold(math.Log2E))
	n := t.sub(power, magic)
	t.subProduct(r, n, t.hold(ln2Hi))
	t.subProduct(r, n, t.hold(ln2Lo))
	t.shiftLeft(power, 52)
	return r, power
}

// exp returns e^x for x <= 0, at least e^-708, and not-a-number for not-a-number. The Taylor polynomial of degree 11 is
// exact to 2^-46.
func (t *isa) exp(x vector) vector {
	r, power := t.reduce(x)
	return t.mul(t.horner(r, exponentialSeries(0, 11)...), power)
}

// expm1 returns e^x - 1 for x <= 0: 2^n (e^r - 1) + (2^n - 1). Where x is small, n = 0, and nothing cancels.
func (t *isa) expm1(x vector) vector {
	r, power := t.reduce(x)
	y := t.sub(power, t.hold(1))
	t.addProduct(y, t.mul(r, t.horner(r, exponentialSeries(1, 11)...)), power)
	return y
}

// exponentialSeries are 1/degree!, ..., 1/first!.
func exponentialSeries(first, degree int) (coefficients []float64) {
	for k, c := 0, 1.; k <= degree; k++ {
		if k >= first {
			coefficients = append([]float64{c}, coefficients...)
		}
		c /= float64(k + 1)
	}
	return coefficients
}

// reduction loads constants and returns the code that turns r from x to x - n ln 2, with |r| <= ln(2)/2, and returns
// 2^(n + bias - 127). It works in float32, and n + bias must be at least 1.
func (t *isa) reduction(bias float64) func(r vector) (power vector) {
	const ln2Hi = float32(math.Ln2)
	log2e, magic := t.constant(math.Log2E), t.constant(3<<22+bias)
	ln2hi, ln2lo := t.constant(float64(ln2Hi)), t.constant(math.Ln2-float64(ln2Hi))
	return func(r vector) (power vector) {
		// Adding magic rounds to an integer, in the low bits, and adds the bias of the exponent.
		power = t.copy(magic)
		t.addProduct(power, r, log2e)
		n := t.sub(power, magic)
		t.subProduct(r, n, ln2hi)
		t.subProduct(r, n, ln2lo)
		t.shiftLeft(power, 23)
		return power
	}
}

// taylor loads constants and returns the code of (e^r - 1 - r) / r^2 in float32. For |r| <= ln(2)/2 it makes e^r exact to 2^-26.
func (t *isa) taylor() func(r vector) vector {
	coefficients := []Op{t.constant(1. / 5040), t.constant(1. / 720), t.constant(1. / 120), t.constant(1. / 24), t.constant(1. / 6), t.constant(1. / 2)}
	return func(r vector) vector {
		p := t.copy(coefficients[0])
		for _, c := range coefficients[1:] {
			t.timesPlus(p, r, c)
		}
		return p
	}
}
