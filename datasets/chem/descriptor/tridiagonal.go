package descriptor

import "math"

// tridiagonal is a symmetric tridiagonal matrix: its diagonal, and the squares of the entries beside it. The last of the
// squares leads out of the matrix.
type tridiagonal struct{ alpha, beta2 []float64 }

func (t *tridiagonal) add(alpha, beta2 float64) {
	t.alpha, t.beta2 = append(t.alpha, alpha), append(t.beta2, beta2)
}

// pole is the search for the largest eigenvalue of the matrix times sign.
type pole struct {
	sign, below, above float64        // bounds of the eigenvalue
	at                 logDerivatives // above
	step               float64        // the next one, down from above
	last, before       float64        // the steps before it
	steps              int            // since the phase began
	phase              phase
}

// phase is a part of a search: steps for a single eigenvalue; if these are slow, steps for two that are close to each other, until one passes the
// larger of them; then again steps for a single one.
type phase int

const (
	single phase = iota
	double
	resolved
	found
)

const (
	laguerreSteps = 40
	tightest      = 1e-14 // relative to the eigenvalue
	slow          = 0.26  // ratio of two steps; that of steps to a double eigenvalue is 0.29
	cubic         = 0.05  // ratio below which the steps fall so fast that the eigenvalue seems to be single
	nearlyWhole   = 0.999 // of a step to a double eigenvalue, so that rounding does not pass it
	ahead         = 1e-8  // of the eigenvalue of a part of the matrix, relative to it
)

// span returns the largest and the smallest eigenvalue. Laguerre's method comes from beyond all eigenvalues without passing them, in a few steps:
// from close by if those of a part of the matrix are known and hardly differ. Bisection would take over after many steps.
func (t *tridiagonal) span(part span) span {
	high, low := t.pole(1, part.highest), t.pole(-1, -part.lowest)
	for step := 0; step < laguerreSteps && !(high.phase == found && low.phase == found); step++ {
		t.approach(&high)
		t.approach(&low)
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
			then := part.span(span{})
			return near(now.highest, then.highest) && near(now.lowest, then.lowest)
		}
	}
	return true
}

// pole bounds the eigenvalues by the sums of the entries in a row. The first step leads close to the eigenvalue of a part of the matrix, if it is
// not 0.
func (t *tridiagonal) pole(sign, part float64) pole {
	below, above, beside := math.Inf(-1), math.Inf(-1), 0.0
	for i, a := range t.alpha {
		next := math.Sqrt(t.beta2[i])
		if i == len(t.alpha)-1 {
			next = 0
		}
		below, above, beside = max(below, sign*a), max(above, sign*a+beside+next), next
	}
	p := pole{sign: sign, below: below, above: above}
	if part != 0 {
		p.step = max(0, above-part-ahead*math.Abs(part))
	}
	return p
}

// approach takes a step.
func (t *tridiagonal) approach(p *pole) {
	if p.phase == found {
		return
	}
	x := p.above - p.step
	d := t.at(p.sign, x)
	switch {
	case d.ok:
		p.above, p.at = x, d
		p.before, p.last = p.last, p.step
	case p.steps == 0 && p.step > 0: // the part differs more
		p.below, p.step = x, 0
		return
	case p.phase == double:
		p.below, p.phase, p.steps = x, resolved, 0
	default: // rounding alone passes it
		p.above, p.phase = x, found
		return
	}
	p.plan(len(t.alpha))
}

// plan chooses the next step for a matrix of that size, and takes it if it is the last.
func (p *pole) plan(size int) {
	p.step = p.at.step(size, 1)
	p.steps++
	if p.phase == single && p.steps > 2 && p.step > slow*p.last && p.last > slow*p.before {
		p.phase = double
	}
	if p.phase == double {
		p.step = nearlyWhole * p.at.step(size, 2)
	}
	if least := tightest * math.Abs(p.above); p.step <= least || p.afterwards() <= least {
		p.above, p.phase = p.above-p.step, found
	}
}

// afterwards estimates the step after the next one: near a single eigenvalue, a step is proportional to the cube of the one before.
func (p *pole) afterwards() float64 {
	ratio := p.step / p.last
	if p.steps < 3 || p.phase == double || ratio > cubic {
		return math.Inf(1)
	}
	return p.step * ratio * ratio * ratio
}

// bisect ends a search that has not found its eigenvalue.
func (t *tridiagonal) bisect(p *pole) {
	for p.phase != found && p.above-p.below > tightest*max(1, math.Abs(p.above)) {
		middle := (p.above + p.below) / 2
		if t.isAbove(p.sign, middle) {
			p.above = middle
		} else {
			p.below = middle
		}
	}
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
