package depict

import (
	"math"
	"math/cmplx"
	"slices"
)

// drawBlock places the atoms of a block that are not placed yet.
func (l *layout) drawBlock(at map[int]complex128, b block) {
	var fixed []int
	for _, i := range b.atoms {
		if _, ok := at[i]; ok {
			fixed = append(fixed, i)
		}
	}
	if len(b.rings) == 1 && len(fixed) > 2 {
		if l.closeRing(at, b.atoms) {
			return
		}
	}
	shape := polygon(len(b.atoms))
	if len(b.rings) > 1 {
		shape = l.relaxed(b)
	}
	place := func(i int) complex128 { return shape[slices.Index(b.atoms, i)] }
	move := func(z complex128) complex128 { return z }
	switch {
	case len(fixed) == 1: // spiro: away from what is there
		i := fixed[0]
		var middle complex128
		n := 0
		for _, nb := range l.m.Neighbors(i) {
			if z, ok := at[int(nb.Atom)]; ok {
				middle += z
				n++
			}
		}
		middle /= complex(float64(max(1, n)), 0)
		inward := center(shape) - place(i)
		turn := unit(at[i]-middle) / unit(inward)
		move = func(z complex128) complex128 { return (z-place(i))*turn + at[i] }
	case len(fixed) > 1:
		move = l.fit(at, b, fixed, place)
	}
	for k, i := range b.atoms {
		if _, ok := at[i]; !ok {
			at[i] = move(shape[k])
		}
	}
}

// fit returns the rigid motion, or reflection, that brings two atoms of a block to their places and the others where there is room.
func (l *layout) fit(at map[int]complex128, b block, fixed []int, place func(int) complex128) func(complex128) complex128 {
	i, j := fixed[0], fixed[1]
	for _, a := range fixed { // bonded ones, if there are some
		for _, c := range fixed {
			if l.m.BondBetween(i, j) < 0 && l.m.BondBetween(a, c) >= 0 {
				i, j = a, c
			}
		}
	}
	var best func(complex128) complex128
	least := math.Inf(1)
	for _, mirror := range []bool{false, true} {
		from := func(z complex128) complex128 {
			if mirror {
				return cmplx.Conj(z)
			}
			return z
		}
		a, c := from(place(i)), from(place(j))
		turn := unit(at[j]-at[i]) / unit(c-a)
		middle, target := (a+c)/2, (at[i]+at[j])/2
		move := func(z complex128) complex128 { return (from(z)-middle)*turn + target }
		crowd := 0.0
		for _, k := range b.atoms {
			if _, ok := at[k]; ok {
				crowd += 10 * sq(move(place(k))-at[k])
				continue
			}
			for _, z := range sortedValues(at) {
				crowd += 1 / (0.05 + sq(move(place(k))-z))
			}
		}
		if crowd < least-1e-9 {
			best, least = move, crowd
		}
	}
	return best
}

// sortedValues returns the values of a map in the order of its keys, so that sums have the same bits in every run.
func sortedValues(at map[int]complex128) (all []complex128) {
	var keys []int
	for k := range at {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		all = append(all, at[k])
	}
	return all
}

// closeRing completes a ring whose placed atoms, more than two, lie side by side in it: the others form an arc between the ends. It
// returns false if they do not lie so, or the ends are too far apart.
func (l *layout) closeRing(at map[int]complex128, ring []int) bool {
	n, placed := len(ring), func(k int) bool { _, ok := at[ring[(k+2*len(ring))%len(ring)]]; return ok }
	first, open := -1, 0
	for k := range n {
		if !placed(k) {
			open++
			if placed(k - 1) {
				if first >= 0 {
					return false
				}
				first = k
			}
		}
	}
	if open == 0 {
		return true
	}
	if first < 0 {
		return false
	}
	a, b := at[ring[(first-1+n)%n]], at[ring[(first+open)%n]]
	var inner complex128 // middle of the atoms between the ends
	for k := first + open + 1; k < first-1+n; k++ {
		inner += at[ring[k%n]]
	}
	inner /= complex(float64(max(1, n-open-2)), 0)
	points, ok := arc(a, b, open, inner)
	if !ok {
		return false
	}
	for k := range open {
		at[ring[(first+k)%n]] = points[k]
	}
	return true
}

// arc returns n points on a circle from a to b, with distances of one bond, on the side away from inner.
func arc(a, b complex128, n int, inner complex128) ([]complex128, bool) {
	chord, edges := cmplx.Abs(b-a), float64(n+1)
	if chord >= edges || chord < 1e-6 {
		return nil, false
	}
	// The angle t of one edge, seen from the centre, solves sin(edges t/2) = chord sin(t/2).
	lo, hi := 1e-9, 2*math.Pi/edges-1e-9
	for range 100 {
		if t := (lo + hi) / 2; math.Sin(edges*t/2) > chord*math.Sin(t/2) {
			lo = t
		} else {
			hi = t
		}
	}
	t := (lo + hi) / 2
	radius := 1 / (2 * math.Sin(t/2))
	along := (b - a) / complex(chord, 0)
	side := along * 1i
	if real(cmplx.Conj(side)*(inner-(a+b)/2)) > 0 {
		side = -side
	}
	// The centre lies on the perpendicular through the middle; the arc bulges to side.
	middle := (a+b)/2 - side*complex(radius*math.Cos(edges*t/2), 0)
	step := cmplx.Rect(1, t)
	if cmplx.Abs((a-middle)*cmplx.Rect(1, edges*t)-(b-middle)) > 1e-3 {
		step = cmplx.Conj(step)
	}
	points, z := make([]complex128, n), a-middle
	for k := range points {
		z *= step
		points[k] = middle + z
	}
	return points, true
}
