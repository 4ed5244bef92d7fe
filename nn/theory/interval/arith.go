package interval

import "math"

// Neg returns -a.
func (a Interval) Neg() Interval { return Interval{-a.Hi, -a.Lo} }

// Add returns a + b.
func (a Interval) Add(b Interval) Interval {
	switch (Interval{}) {
	case a:
		return b
	case b:
		return a
	}
	return outward(float64(a.Lo+b.Lo), float64(a.Hi+b.Hi))
}

// Sub returns a - b.
func (a Interval) Sub(b Interval) Interval { return a.Add(b.Neg()) }

// Mul returns a b. A factor that is exactly 0 gives exactly 0.
func (a Interval) Mul(b Interval) Interval {
	zero := Interval{}
	if (a == zero || b == zero) && !a.undefined() && !b.undefined() {
		return zero
	}
	if a.Lo > 0 && b.Lo > 0 {
		return outward(float64(a.Lo*b.Lo), float64(a.Hi*b.Hi))
	}
	p, q := product(a.Lo, b.Lo), product(a.Lo, b.Hi)
	r, s := product(a.Hi, b.Lo), product(a.Hi, b.Hi)
	return outward(min(p, q, r, s), max(p, q, r, s))
}

// Div returns a / b, and the whole line if b contains 0.
func (a Interval) Div(b Interval) Interval {
	if !(b.Lo > 0 || b.Hi < 0) {
		if a.undefined() || b.undefined() {
			return undefined
		}
		return entire
	}
	if a.Lo > 0 && b.Lo > 0 && a.Hi <= math.MaxFloat64 {
		return outward(float64(a.Lo/b.Hi), float64(a.Hi/b.Lo))
	}
	p, q := quotient(a.Lo, b.Lo), quotient(a.Lo, b.Hi)
	r, s := quotient(a.Hi, b.Lo), quotient(a.Hi, b.Hi)
	return outward(min(p, q, r, s), max(p, q, r, s))
}

// Sqr returns a^2, which is narrower than a times a if a contains 0.
func (a Interval) Sqr() Interval {
	lo, hi := math.Abs(a.Lo), math.Abs(a.Hi)
	if lo > hi {
		lo, hi = hi, lo
	}
	if a.Contains(0) {
		lo = 0
	}
	s := outward(float64(lo*lo), float64(hi*hi))
	return Interval{max(s.Lo, 0), s.Hi}
}

// Sqrt returns the square roots of the non-negative numbers of a; if there are none, both ends are NaN.
func (a Interval) Sqrt() Interval {
	if !(a.Hi >= 0) {
		return undefined
	}
	s := outward(math.Sqrt(max(a.Lo, 0)), math.Sqrt(a.Hi))
	return Interval{max(s.Lo, 0), s.Hi}
}

// product returns x y for ends of intervals. An infinite end is the limit of finite numbers, so 0 times it is 0.
func product(x, y float64) float64 {
	p := float64(x * y)
	if p != p && x == x && y == y {
		return 0
	}
	return p
}

// quotient returns x / y for ends of intervals, y not 0. Two infinite ends give 0, which adds nothing to the result: the quotient of a
// finite end and an infinite one is 0 as well.
func quotient(x, y float64) float64 {
	if math.IsInf(x, 0) && math.IsInf(y, 0) {
		return 0
	}
	return float64(x / y)
}

// undefined reports whether an end is NaN.
func (a Interval) undefined() bool { return a.Lo != a.Lo || a.Hi != a.Hi }
