package theory

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"gonum.org/v1/gonum/integrate/quad"
)

const (
	reach     = 12    // beyond this many standard deviations the normal density, 2e-32, is ignored
	tolerance = 1e-14 // of each panel, relative to the integral of the absolute value
	rulePoint = 20    // points of the Gauss-Legendre rule
	maxPanels = 1 << 12
)

// rule is the Gauss-Legendre rule on [-1, 1].
var rule = func() (r struct{ x, w [rulePoint]float64 }) {
	quad.Legendre{}.FixedLocations(r.x[:], r.w[:], -1, 1)
	return r
}()

// sums are several integrals computed together.
type sums [5]float64

// integrand returns values and their sizes: the tolerance is relative to the integral of the sizes.
type integrand func(x float64) (value, size sums)

// expect returns the expectation of g(x) for a standard normal x. It halves panels between the breakpoints until a rule of 20
// points gives the same integral for a panel and for its halves, to 1e-14 of the whole. It returns an error if
// g is too rough for that, grows so fast that the tails matter, or is not finite.
func expect(breakpoints []float64, g integrand) (sums, error) {
	var total, size sums
	panels, err := firstPanels(breakpoints, g)
	if err != nil {
		return total, err
	}
	for _, p := range panels {
		for k := range size {
			size[k] += p.size[k]
		}
	}
	for _, x := range []float64{-reach, reach} {
		_, tail := weighted(g, x)
		for k := range tail {
			if tail[k] > tolerance*size[k] {
				return total, errors.New("grows too fast: the moments depend on values beyond 12 standard deviations")
			}
		}
	}
	for n := len(panels); len(panels) > 0; n++ {
		if n > maxPanels {
			return total, errors.Errorf("too rough: no convergence with %d panels of %d points", maxPanels, rulePoint)
		}
		p := panels[len(panels)-1]
		panels = panels[:len(panels)-1]
		middle := (p.lo + p.hi) / 2
		left, err := integrate(g, p.lo, middle)
		if err != nil {
			return total, err
		}
		right, err := integrate(g, middle, p.hi)
		if err != nil {
			return total, err
		}
		if p.agrees(left, right, size) {
			for k := range total {
				total[k] += left.value[k] + right.value[k]
			}
			continue
		}
		panels = append(panels, left, right)
	}
	return total, nil
}

// firstPanels divides [-reach, reach] at the breakpoints.
func firstPanels(breakpoints []float64, g integrand) ([]panel, error) {
	ends := []float64{-reach, -3, 0, 3, reach}
	for _, b := range breakpoints {
		if math.Abs(b) < reach {
			ends = append(ends, b)
		}
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	var panels []panel
	for i := range ends[1:] {
		p, err := integrate(g, ends[i], ends[i+1])
		if err != nil {
			return nil, err
		}
		panels = append(panels, p)
	}
	return panels, nil
}

// panel holds the integrals over [lo, hi].
type panel struct {
	lo, hi      float64
	value, size sums
}

func integrate(g integrand, lo, hi float64) (panel, error) {
	p := panel{lo: lo, hi: hi}
	middle, half := (lo+hi)/2, (hi-lo)/2
	for i, node := range rule.x {
		value, size := weighted(g, middle+half*node)
		for k := range value {
			p.value[k] += half * rule.w[i] * value[k]
			p.size[k] += half * rule.w[i] * size[k]
		}
	}
	if !finite(p.size[:]...) || !finite(p.value[:]...) {
		return p, errors.Errorf("is not finite between %g and %g standard deviations from the mean", lo, hi)
	}
	return p, nil
}

// weighted multiplies by the normal density.
func weighted(g integrand, x float64) (value, size sums) {
	value, size = g(x)
	density := math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
	for k := range value {
		value[k] *= density
		size[k] *= density
	}
	return value, size
}

// agrees reports whether p and its halves give the same integrals. A panel as short as the rounding errors of x always agrees.
func (p panel) agrees(left, right panel, size sums) bool {
	if p.hi-p.lo < 1e-14 {
		return true
	}
	for k := range size {
		if !(math.Abs(p.value[k]-left.value[k]-right.value[k]) <= tolerance*size[k]) {
			return false
		}
	}
	return true
}
