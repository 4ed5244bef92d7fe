package descriptor

import "math"

// tridiagonal is a symmetric tridiagonal matrix: its diagonal, and the squares of the entries beside it. The last of the
// squares leads out of the matrix.
type tridiagonal struct{ alpha, beta2 []float64 }

func (t *tridiagonal) add(alpha, beta2 float64) {
	t.alpha, t.beta2 = append(t.alpha, alpha), append(t.beta2, beta2)
}

// pole is the search for the largest eigenvalue of the matrix times sign, between two bounds.
type pole struct {
	sign, below, above float64
	found              bool
}

const (
	laguerreSteps = 10
	tightest      = 1e-14 // relative to the eigenvalue
)

// span returns the largest and the smallest eigenvalue. Laguerre's method comes from beyond all eigenvalues without passing
// them, in a few steps unless there are copies of them; then bisection takes over.
func (t *tridiagonal) span() span {
	high, low := t.pole(1), t.pole(-1)
	for step := 0; step < laguerreSteps && !(high.found && low.found); step++ {
		var a, b logDerivatives
		if !high.found {
			a = t.at(1, high.above)
		}
		if !low.found {
			b = t.at(-1, low.above)
		}
		high.approach(a, len(t.alpha))
		low.approach(b, len(t.alpha))
	}
	t.bisect(&high)
	t.bisect(&low)
	return span{high.above, -low.above}
}

// hadSettled reports whether the leading part of that size has the same largest and smallest eigenvalue, but for a little. They lie within those
// of the whole, so a look at two points a little within is enough, unless the difference is at the limit.
func (t *tridiagonal) hadSettled(size int, now span) bool {
	part := tridiagonal{t.alpha[:size], t.beta2[:size]}
	const less, more = 0.9 * settled, 1.1 * settled
	for _, end := range [...]struct{ sign, at float64 }{{1, now.highest}, {-1, -now.lowest}} {
		scale := max(1, math.Abs(end.at))
		if part.isAbove(end.sign, end.at-more*scale) {
			return false
		}
		if part.isAbove(end.sign, end.at-less*scale) {
			then := part.span()
			return near(now.highest, then.highest) && near(now.lowest, then.lowest)
		}
	}
	return true
}

// pole bounds the eigenvalues by the sums of the entries in a row.
func (t *tridiagonal) pole(sign float64) pole {
	below, above, beside := math.Inf(-1), math.Inf(-1), 0.0
	for i, a := range t.alpha {
		next := math.Sqrt(t.beta2[i])
		if i == len(t.alpha)-1 {
			next = 0
		}
		below, above, beside = max(below, sign*a), max(above, sign*a+beside+next), next
	}
	return pole{sign: sign, below: below, above: above}
}

// approach takes a step of Laguerre's method.
func (p *pole) approach(d logDerivatives, size int) {
	if p.found {
		return
	}
	if !d.ok {
		p.found = true
		return
	}
	step := d.step(size, 1)
	p.above -= step
	p.found = step <= tightest*math.Abs(p.above)
}

// bisect ends a search that has not found its eigenvalue, which has a copy near it. Two points close around the eigenvalue decide most of the
// steps.
func (t *tridiagonal) bisect(p *pole) {
	if p.found {
		return
	}
	inside, outside := t.enclose(p)
	for p.above-p.below > tightest*max(1, math.Abs(p.above)) {
		middle := (p.above + p.below) / 2
		if middle > inside && middle < outside {
			if t.isAbove(p.sign, middle) {
				outside = middle
			} else {
				inside = middle
			}
		}
		if middle >= outside {
			p.above = middle
		} else {
			p.below = middle
		}
	}
}

// enclose returns a point that is not above all eigenvalues and one that is, close to each other. It comes down by steps of Laguerre's method for a
// double eigenvalue, nearly whole ones so as not to pass it, then by those for a single one, and looks below where they end.
func (t *tridiagonal) enclose(p *pole) (inside, outside float64) {
	inside, outside = math.Inf(-1), math.Inf(1)
	x, d := p.above, t.at(p.sign, p.above)
	if !d.ok {
		return x, outside
	}
	double := true
	for range 3 * laguerreSteps {
		outside = x
		step := d.step(len(t.alpha), 1)
		if double {
			step = 0.97 * d.step(len(t.alpha), 2)
		}
		next := t.at(p.sign, x-step)
		switch {
		case !next.ok && double:
			double, inside = false, max(inside, x-step)
			continue
		case !next.ok || step <= tightest*math.Abs(x):
		default:
			x, d = x-step, next
			continue
		}
		break
	}
	for gap := 2 * tightest * max(1, math.Abs(outside)); outside-gap > max(inside, p.below); gap *= 8 {
		if t.isAbove(p.sign, outside-gap) {
			outside -= gap
		} else {
			inside = outside - gap
		}
	}
	return inside, outside
}

// isAbove reports whether x is above all eigenvalues of the matrix times sign.
func (t *tridiagonal) isAbove(sign, x float64) bool {
	p, p0, beside := 1.0, 0.0, 0.0
	beta2 := t.beta2[:len(t.alpha)]
	for i, a := range t.alpha {
		p, p0 = (x-sign*a)*p-beside*p0, p
		if p <= 0 {
			return false
		}
		beside = beta2[i]
		if i%chainPart == chainPart-1 {
			factor := scaleOf(p)
			p, p0 = p*factor, p0*factor
		}
	}
	return true
}

// logDerivatives holds the first and the negative second derivative of the logarithm of the characteristic polynomial; ok is false at a
// point that is not above all eigenvalues.
type logDerivatives struct {
	first, second float64
	ok            bool
}

// step is that of Laguerre's method towards an eigenvalue of that multiplicity.
func (d logDerivatives) step(size int, multiplicity float64) float64 {
	n := float64(size)
	return n / (d.first + math.Sqrt(max(0, (n-multiplicity)/multiplicity*(n*d.second-d.first*d.first))))
}

// chain holds the characteristic polynomial of the leading part of a matrix at a point, and its first and half its second derivative, for the last
// size and for the one before. Recurrences of the polynomial need no division, unlike those of its pivots.
type chain struct{ p, d, h, p0, d0, h0 float64 }

// Bounds of a polynomial. Beyond them it and its derivatives are scaled, which changes no ratio of them.
const (
	chainPart = 16 // sizes between two looks at the bounds
	largest   = 0x1p400
	least     = 1 / largest
)

// derivatives returns those of the logarithm.
func (c *chain) derivatives() logDerivatives {
	first := c.d / c.p
	return logDerivatives{first, first*first - 2*(c.h/c.p), true}
}

func (c *chain) scale() {
	if factor := scaleOf(max(c.p, math.Abs(c.d), math.Abs(c.h))); factor != 1 {
		*c = chain{c.p * factor, c.d * factor, c.h * factor, c.p0 * factor, c.d0 * factor, c.h0 * factor}
	}
}

// scaleOf returns the factor that brings a size within bounds.
func scaleOf(size float64) float64 {
	switch {
	case size > largest:
		return least
	case size < least:
		return largest
	}
	return 1
}

// at returns the derivatives at x for the matrix times sign.
func (t *tridiagonal) at(sign, x float64) logDerivatives {
	c := chain{p: 1}
	for lo := 0; lo < len(t.alpha); lo += chainPart {
		if !c.extend(t, lo, sign, x) {
			return logDerivatives{}
		}
		c.scale()
	}
	return c.derivatives()
}

// extend goes on by chainPart sizes. It returns false if a leading part of the matrix has an eigenvalue beyond x.
func (c *chain) extend(t *tridiagonal, lo int, sign, x float64) bool {
	hi := min(lo+chainPart, len(t.alpha))
	beside := 0.0
	if lo > 0 {
		beside = t.beta2[lo-1]
	}
	alpha, beta2 := t.alpha[lo:hi], t.beta2[lo:hi]
	p, d, h, p0, d0, h0 := c.p, c.d, c.h, c.p0, c.d0, c.h0
	for i, a := range alpha {
		y := x - sign*a
		p, d, h, p0, d0, h0 = y*p-beside*p0, y*d+(p-beside*d0), y*h+(d-beside*h0), p, d, h
		if p <= 0 {
			return false
		}
		beside = beta2[i]
	}
	*c = chain{p, d, h, p0, d0, h0}
	return true
}
