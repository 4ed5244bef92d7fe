package theory

import (
	"math"
	"slices"
)

// strips is a set of means and variances: at most one rectangle in each strip of nu.
type strips struct {
	bounds  []float64 // between the strips, ascending; the first and the last strip have no outer bound
	regions []Region
	used    []bool
}

// newStrips returns an empty set whose strips have equal ratio between the smallest and the largest nu of start and target.
func newStrips(g Global) *strips {
	all := g.Start.hull(g.Target).Nu
	s := &strips{regions: make([]Region, g.Strips), used: make([]bool, g.Strips)}
	for i := 1; i < g.Strips; i++ {
		s.bounds = append(s.bounds, all.Lo*math.Pow(all.Hi/all.Lo, float64(i)/float64(g.Strips)))
	}
	slices.Sort(s.bounds)
	return s
}

// each calls f with the number of each strip that r touches and r's part in it, until f returns false, and reports whether it never did.
func (s *strips) each(r Region, f func(i int, part Region) bool) bool {
	first, _ := slices.BinarySearch(s.bounds, r.Nu.Lo)
	last, _ := slices.BinarySearch(s.bounds, r.Nu.Hi)
	for i := first; i <= last; i++ {
		part := r
		if i > 0 {
			part.Nu.Lo = max(part.Nu.Lo, s.bounds[i-1])
		}
		if i < len(s.bounds) {
			part.Nu.Hi = min(part.Nu.Hi, s.bounds[i])
		}
		if !f(i, part) {
			return false
		}
	}
	return true
}

// add widens the rectangles of the strips until they hold r.
func (s *strips) add(r Region) {
	s.each(r, func(i int, part Region) bool {
		if s.used[i] {
			part = part.hull(s.regions[i])
		}
		s.regions[i], s.used[i] = part, true
		return true
	})
}

// holds reports whether r lies in the rectangles.
func (s *strips) holds(r Region) bool {
	return s.each(r, func(i int, part Region) bool { return s.used[i] && part.Within(s.regions[i]) })
}

// reached returns the rectangles.
func (s *strips) reached() (x Reached) {
	for i, r := range s.regions {
		if !s.used[i] {
			continue
		}
		if x.Regions == nil {
			x.Hull = r
		}
		x.Hull = x.Hull.hull(r)
		x.Regions = append(x.Regions, r)
	}
	return x
}
