package interval

import "math"

// ln2 = ln2Hi + ln2Lo. The last 21 bits of ln2Hi are 0, so that k ln2Hi is exact for |k| < 2^21.
const ln2Hi = 0x1.62e42feep-1

var ln2Lo = between("0.693147180559945309417232121458176568075500134360255254120680009493393", ln2Hi)

// expTerms is the number of terms of the Taylor series of exp, and expRest bounds the others for |r| <= 0.35: they are at most
// |r|^14/14! e^|r| < 0.35^14/14! 1.42 < 6.8e-18.
const (
	expTerms = 14
	expRest  = 1e-17
)

// inverseFactorial holds 1/n!.
var inverseFactorial = func() (c [expTerms]Interval) {
	f := 1.0
	for n := range c {
		c[n] = Point(1).Div(Point(f))
		f *= float64(n + 1) // 14! has 37 bits: exact
	}
	return c
}()

// Exp returns e^a, with a relative error of about 1e-15. Beyond the range of float64 an end is +Inf, or 0.
func Exp(a Interval) Interval {
	if a.Lo == a.Hi {
		return expAt(a.Lo)
	}
	return Interval{expAt(a.Lo).Lo, expAt(a.Hi).Hi} // exp increases
}

// expAt encloses e^x = 2^k e^r with r = x - k ln 2.
func expAt(x float64) Interval {
	switch {
	case x != x:
		return undefined
	case x > 710: // e^710 > 2^1024
		return Interval{math.MaxFloat64, math.Inf(1)}
	case x < -746: // e^-746 < 2^-1074
		return Interval{0, math.SmallestNonzeroFloat64}
	}
	k := math.Round(float64(x * math.Log2E)) // any k close to it works: r is enclosed for this k
	r := Point(x).Sub(Point(float64(k * ln2Hi))).Sub(Point(k).Mul(ln2Lo))
	if !(r.Mag() <= 0.35) {
		return Interval{0, math.Inf(1)}
	}
	sum := inverseFactorial[expTerms-1]
	for n := expTerms - 2; n >= 0; n-- {
		sum = sum.Mul(r).Add(inverseFactorial[n])
	}
	return sum.Add(Interval{-expRest, expRest}).timesPowerOf2(int(k))
}

// timesPowerOf2 returns a 2^k for a in [1/2, 2].
func (a Interval) timesPowerOf2(k int) Interval {
	lo, hi := math.Ldexp(a.Lo, k), math.Ldexp(a.Hi, k)
	if k < -1020 { // Ldexp may round to a subnormal number
		lo, hi = max(down(lo), 0), up(hi)
	}
	return Interval{min(lo, math.MaxFloat64), hi}
}
