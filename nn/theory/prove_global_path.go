package theory

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// Path is one network: the moments of its inputs, and the weights of its layers.
type Path struct {
	Start   Moments
	Weights []Weights
	// End encloses the moments after the last layer.
	End Region
}

// String returns start, weights and end; equal layers stand together.
func (x Path) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "from mean %.7g, variance %.7g with (omega, tau) =", x.Start.Mean, x.Start.Variance)
	for i := 0; i < len(x.Weights); {
		w, n := x.Weights[i], 1
		for i+n < len(x.Weights) && x.Weights[i+n] == w {
			n++
		}
		fmt.Fprintf(&b, " %d x (%.7g, %.7g),", n, w.Omega, w.Tau)
		i += n
	}
	fmt.Fprintf(&b, " to %v", x.End)
	return b.String()
}

// counterexample looks for a path that is certainly outside the target after the given number of layers, and returns nil if it finds none. For each side
// of the target it follows the paths that go farthest beyond that side, with extreme weights, in float64; the enclosure of the end is what proves.
func (p Prover) counterexample(g Global, layers int) (best *Path) {
	const clearly = 1e-12 // more than the rounding of decimal bounds
	for side := range 4 {
		x, ok := p.farthest(g, layers, side)
		if !ok {
			continue
		}
		x.End = p.follow(x)
		if m := x.End.margin(g.Target).Hi; m < -clearly && (best == nil || m < best.End.margin(g.Target).Hi) {
			best = &x
		}
	}
	return best
}

// ahead is a path on its way: where it is, and by how much it is beyond a side.
type ahead struct {
	at     Moments
	beyond float64
	before *ahead
	last   Weights
}

// farthest follows the 64 paths that are farthest beyond a side of the target: least mu, most mu, least nu, most nu.
func (p Prover) farthest(g Global, layers, side int) (Path, bool) {
	const followed = 64
	beyond := func(m Moments) float64 { return [...]float64{-m.Mean, m.Mean, -m.Variance, m.Variance}[side] }
	selu := Params{Lambda: p.Lambda.Mid(), Alpha: p.Alpha.Mid()}
	var paths []*ahead
	for _, mu := range ends(g.Start.Mu) {
		for _, nu := range ends(g.Start.Nu) {
			paths = append(paths, &ahead{at: Moments{mu, nu}})
		}
	}
	for range layers {
		var next []*ahead
		for _, x := range paths {
			for _, omega := range ends(g.Omega) {
				for _, tau := range ends(g.Tau) {
					w := Weights{omega, tau}
					m, err := (Layer{Activation: selu, Weights: w}).Map(x.at)
					if err != nil {
						return Path{}, false
					}
					next = append(next, &ahead{m, beyond(m), x, w})
				}
			}
		}
		slices.SortStableFunc(next, func(a, b *ahead) int {
			switch {
			case a.beyond > b.beyond:
				return -1
			case a.beyond < b.beyond:
				return 1
			}
			return 0
		})
		paths = next[:min(len(next), followed)]
	}
	return paths[0].path(), true
}

// path returns the whole path that led to x.
func (x *ahead) path() (p Path) {
	for ; x.before != nil; x = x.before {
		p.Weights = append(p.Weights, x.last)
	}
	slices.Reverse(p.Weights)
	p.Start = x.at
	return p
}

// ends returns both ends of a, moved inward to the next float64 where there is one: then they also lie between the decimal numbers that a encloses.
func ends(a interval.Interval) []float64 {
	lo, hi := math.Nextafter(a.Lo, math.Inf(1)), math.Nextafter(a.Hi, math.Inf(-1))
	if lo < hi {
		return []float64{hi, lo}
	}
	return []float64{a.Mid()}
}

// follow encloses the moments after the last layer of a path.
func (p Prover) follow(x Path) Region {
	r := Region{interval.Point(x.Start.Mean), interval.Point(x.Start.Variance)}
	for _, w := range x.Weights {
		r = p.image(cell{r.Mu.Mul(interval.Point(w.Omega)), r.Nu.Mul(interval.Point(w.Tau))}).all
	}
	return r
}

// outside returns the error of an enclosure that is not in the target after the last layer allowed.
func (p Prover) outside(c *GlobalCertificate) error {
	g := c.Global
	failed := &ProofError{Claim: fmt.Sprintf("%s after %d layers from %v", given(g.Target), g.Layers, g.arguments(g.Start)), Margin: interval.Point(math.Inf(1))}
	for _, r := range c.Layers[g.Layers].Regions {
		if m := r.margin(g.Target); m.Lo < failed.Margin.Lo {
			failed.Box, failed.Margin = g.arguments(r), m
		}
	}
	if x := p.counterexample(g, g.Layers); x != nil {
		c.Counterexample = x
		failed.Box, failed.Margin, failed.Refuted = g.arguments(x.End), x.End.margin(g.Target), true
	}
	return failed
}

// arguments returns all weights, with the moments of r.
func (g Global) arguments(r Region) Box { return Box{r.Mu, g.Omega, r.Nu, g.Tau} }

// origin returns a box of moments of one of the regions, and of weights, that leads to the cell: to a point in its middle, or close to it.
func (g Global) origin(from Reached, c cell) Box {
	var best Box
	nearest := math.Inf(1)
	for _, r := range from.Regions {
		mu, omega := factors(c.m.Mid(), r.Mu, g.Omega)
		nu, tau := factors(c.v.Mid(), r.Nu, g.Tau)
		gap := math.Abs(mu*omega-c.m.Mid()) + math.Abs(nu*tau-c.v.Mid())
		if gap < nearest {
			best, nearest = Box{nearby(mu, r.Mu), nearby(omega, g.Omega), nearby(nu, r.Nu), nearby(tau, g.Tau)}, gap
		}
	}
	return best
}

// factors returns x in a and y in b, one of them an end, whose product is closest to p.
func factors(p float64, a, b interval.Interval) (x, y float64) {
	clamp := func(x float64, a interval.Interval) float64 {
		if x != x {
			return a.Mid()
		}
		return min(max(x, a.Lo), a.Hi)
	}
	best := math.Inf(1)
	for _, pair := range [][2]float64{{clamp(p/b.Hi, a), b.Hi}, {clamp(p/b.Lo, a), b.Lo}, {a.Hi, clamp(p/a.Hi, b)}, {a.Lo, clamp(p/a.Lo, b)}} {
		if gap := math.Abs(pair[0]*pair[1] - p); gap < best {
			x, y, best = pair[0], pair[1], gap
		}
	}
	return x, y
}

// nearby returns the part of a from the float64 before x to the one after it.
func nearby(x float64, a interval.Interval) interval.Interval {
	return interval.Interval{Lo: max(math.Nextafter(x, math.Inf(-1)), a.Lo), Hi: min(math.Nextafter(x, math.Inf(1)), a.Hi)}
}
