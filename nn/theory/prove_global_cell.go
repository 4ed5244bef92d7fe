package theory

import (
	"math"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

const (
	// cellRatio and cellWidth are the size of the first cells: the ratio of the ends of v, and the width of m in standard deviations.
	cellRatio, cellWidth = 1.05, 0.125
	// mostParts bounds the number of first cells with the same v.
	mostParts = 256
)

// cell is a set of means m and variances v of z.
type cell struct{ m, v interval.Interval }

// cells covers all (mu omega, nu tau) with mu and nu in one of the regions.
func (g Global) cells(regions []Region) (cells []cell) {
	zones := make([]cell, len(regions))
	lo, end := math.Inf(1), 0.0
	for i, r := range regions {
		zones[i] = cell{r.Mu.Mul(g.Omega), r.Nu.Mul(g.Tau)}
		lo, end = min(lo, zones[i].v.Lo), max(end, zones[i].v.Hi)
	}
	for ; lo <= end; lo *= cellRatio {
		row := cell{v: interval.Interval{Lo: math.Inf(1), Hi: math.Inf(-1)}}
		for _, z := range zones {
			v := z.v.Intersect(interval.Interval{Lo: lo, Hi: lo * cellRatio})
			switch {
			case !(v.Lo <= v.Hi): // nothing in common
			case row.v.Lo > row.v.Hi:
				row = cell{z.m, v}
			default:
				row = cell{row.m.Hull(z.m), row.v.Hull(v)}
			}
		}
		if row.v.Lo <= row.v.Hi {
			cells = append(cells, row.parts()...)
		}
	}
	return cells
}

// parts cuts c across m.
func (c cell) parts() (parts []cell) {
	n := math.Ceil(min(c.m.Width()/(cellWidth*math.Sqrt(c.v.Lo)), mostParts))
	lo := c.m.Lo
	for i := 1.0; i < n; i++ {
		hi := min(max(c.m.Lo+c.m.Width()*(i/n), lo), c.m.Hi)
		parts = append(parts, cell{interval.Interval{Lo: lo, Hi: hi}, c.v})
		lo = hi
	}
	return append(parts, cell{interval.Interval{Lo: lo, Hi: c.m.Hi}, c.v})
}

// halves cuts c across m (side 0) or v (side 1).
func (c cell) halves(side int) (a, b cell) {
	a, b = c, c
	if side == 0 {
		a.m.Hi = c.m.Mid()
		b.m.Lo = a.m.Hi
	} else {
		a.v.Hi = c.v.Mid()
		b.v.Lo = a.v.Hi
	}
	return a, b
}

// image encloses mean and variance of selu(z) for the m and v of a cell.
type image struct {
	// all encloses them, and corner those of the cell's corner with the least m and v.
	all, corner Region
	// rough is the uncertainty of all, in standard deviations or as a part of the variance, and side the one to halve to reduce it.
	rough float64
	side  int
}

// image encloses the moments over a cell by monotonicity and the mean value theorem, as Prover.bound does: along a variable in which a
// moment is monotone, its extremes are at the ends of the cell; along another, the slope bounds how far it departs from its value in the middle.
func (p Prover) image(c cell) image {
	whole := p.encloseAt(interval.Const(c.m), interval.Const(c.v))
	s := sampler{p: p, c: c}
	sd := math.Sqrt(c.v.Hi)
	mean, byM, byV := s.extremes(mapJets.meanOf, whole.dMean.m.V, whole.dMean.v.V)
	roughM, roughV := byM/sd, byV/sd
	variance, byM, byV := s.extremes(mapJets.varianceOf, whole.dVariance.m.V, whole.dVariance.v.V)
	roughM, roughV = max(roughM, byM/c.v.Hi), max(roughV, byV/c.v.Hi)

	corner := s.at(lowerEnd, lowerEnd)
	x := image{Region{whole.mean.V.Intersect(mean), whole.variance.V.Intersect(variance)}, Region{corner.mean.V, corner.variance.V}, roughM + roughV, 0}
	if roughV > roughM {
		x.side = 1
	}
	return x
}

func (j mapJets) meanOf() interval.Interval     { return j.mean.V }
func (j mapJets) varianceOf() interval.Interval { return j.variance.V }

// sampler evaluates the map at the corners of a cell and in the middle of its sides, each point at most once.
type sampler struct {
	p     Prover
	c     cell
	known [3][3]*mapJets
}

const lowerEnd, upperEnd, middle = 0, 1, 2

func (s *sampler) at(i, k int) mapJets {
	if s.known[i][k] == nil {
		pick := func(a interval.Interval, i int) interval.Jet {
			return interval.Const(interval.Point([...]float64{a.Lo, a.Hi, a.Mid()}[i]))
		}
		j := s.p.encloseAt(pick(s.c.m, i), pick(s.c.v, k))
		s.known[i][k] = &j
	}
	return *s.known[i][k]
}

// extremes encloses a moment with the derivatives dm and dv over the cell, and returns how much of the width comes from departures along m and
// v from the middle.
func (s *sampler) extremes(moment func(mapJets) interval.Interval, dm, dv interval.Interval) (all interval.Interval, byM, byV float64) {
	var least, most [2]int
	var rest interval.Interval
	var by [2]float64
	for i, side := range [2]interval.Interval{s.c.m, s.c.v} {
		switch slope := [2]interval.Interval{dm, dv}[i]; {
		case slope.Lo >= 0:
			least[i], most[i] = lowerEnd, upperEnd
		case slope.Hi <= 0:
			least[i], most[i] = upperEnd, lowerEnd
		default:
			least[i], most[i] = middle, middle
			departure := slope.Mul(side.Sub(interval.Point(side.Mid())))
			by[i] = departure.Width()
			rest = rest.Add(departure)
		}
	}
	lo, hi := moment(s.at(least[0], least[1])), moment(s.at(most[0], most[1]))
	return interval.Interval{Lo: lo.Add(rest).Lo, Hi: hi.Add(rest).Hi}, by[0], by[1]
}
