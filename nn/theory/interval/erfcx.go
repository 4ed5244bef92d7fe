package interval

// Pi and 2/sqrt(pi).
var (
	Pi            = between("3.141592653589793238462643383279502884197169399375105820974944592307816", 0)
	twoOverSqrtPi = Point(2).Div(Pi.Sqrt())
)

// Erfcx returns the scaled complementary error function e^(x^2) erfc(x) for x in a, and its derivative
// 2 x e^(x^2) erfc(x) - 2/sqrt(pi), with relative and absolute errors below 2e-12 for x > -2.
//
// Both are monotone, so their values at the ends of a enclose them: e^(x^2) erfc(x) = 2/sqrt(pi) int_0^inf e^(-t^2-2xt) dt
// is a positive function of x that decreases, and its derivative is negative and increases.
func Erfcx(a Interval) (value, slope Interval) {
	value, slope = erfcxAt(a.Lo)
	if a.Lo == a.Hi {
		return value, slope
	}
	v, s := erfcxAt(a.Hi)
	return Interval{v.Lo, value.Hi}, Interval{slope.Lo, s.Hi}
}

func erfcxAt(x float64) (value, slope Interval) {
	p := Point(x)
	switch {
	case x != x:
		return undefined, undefined
	case x < 0: // erfc(x) = 2 - erfc(-x)
		v, _ := erfcxAt(-x)
		value = Point(2).Mul(Exp(p.Sqr())).Sub(v)
	case x < 2:
		value = Exp(p.Sqr()).Sub(twoOverSqrtPi.Mul(erfSeries(x)))
	default:
		value = twoOverSqrtPi.Mul(erfcFraction(x))
	}
	value.Lo = max(value.Lo, 0)
	slope = Point(2).Mul(p).Mul(value).Sub(twoOverSqrtPi)
	slope.Hi = min(slope.Hi, 0)
	return value, slope
}

// erfSeries encloses sqrt(pi)/2 e^(x^2) erf(x) for 0 <= x < 2, the sum over n of 2^n x^(2n+1) / (1 3 5 ... (2n+1))
// (DLMF 7.6.2). With y = 2x^2 it is x (1 + y/3 (1 + y/5 (1 + ...))). After n factors the bracket is at least 1 and at
// most the geometric series of y/(2n+1).
func erfSeries(x float64) Interval {
	y := Point(2).Mul(Point(x).Sqr())
	n := 12 + int(12*x)
	one := Point(1)
	sum := Interval{1, one.Div(one.Sub(y.Div(odd(n)))).Hi}
	for i := n - 1; i >= 1; i-- {
		sum = one.Add(y.Mul(sum).Div(odd(i)))
	}
	return Point(x).Mul(sum)
}

func odd(n int) Interval { return Point(float64(2*n + 1)) }

// erfcLevels is the depth of the continued fraction of erfcFraction.
const erfcLevels = 50

// erfcFraction encloses sqrt(pi)/2 e^(x^2) erfc(x) for x > 0. It is r(0) of the ratios r(n) = i^n erfc(x) / i^(n-1) erfc(x), where
// i^n erfc is the n-th integral of erfc from x to infinity and i^-1 erfc(x) = 2/sqrt(pi) e^(-x^2). The recurrence
// 2n i^n erfc(x) = i^(n-2) erfc(x) - 2x i^(n-1) erfc(x) (DLMF 7.18.7) means r(n-1) = 1/(2x + 2n r(n)). As each integral is
// positive, so is r(n), and hence r(n) < 1/(2x).
func erfcFraction(x float64) Interval {
	one, twoX := Point(1), Point(2).Mul(Point(x))
	r := Interval{0, one.Div(twoX).Hi}
	for n := erfcLevels; n >= 1; n-- {
		r = one.Div(twoX.Add(Point(float64(2 * n)).Mul(r)))
	}
	return r
}
