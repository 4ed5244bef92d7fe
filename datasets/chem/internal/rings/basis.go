package rings

import (
	"math/bits"
	"slices"
)

// choose adds the independent ones of the candidates from index from on to the basis, smallest first, until it has rank rings.
func (s *ringSearch) choose(from, rank int) {
	slices.SortStableFunc(s.rings[from:], func(a, b candidate) int { return int(a.size() - b.size()) })
	for k := from; k < len(s.rings) && len(s.pivots) < rank; k++ {
		begin := len(s.rows)
		s.rows = append(s.rows, s.row(s.rings[k])...)
		if pivot := s.reduce(s.rows[begin:], 0, len(s.pivots)); pivot >= 0 {
			s.pivots = append(s.pivots, pivot)
			s.rings[k].inBasis = true
		} else {
			s.rows = s.rows[:begin]
		}
	}
}

// reduce subtracts rows of the basis in a range from r, modulo 2, and returns a bit that is left, -1 if there is none.
func (s *ringSearch) reduce(r []uint64, from, to int) int {
	for k := from; k < to; k++ {
		p := s.pivots[k]
		if r[p/64]>>(p%64)&1 == 0 {
			continue
		}
		for j, x := range s.rows[k*s.words : (k+1)*s.words] {
			r[j] ^= x
		}
	}
	for j, x := range r {
		if x != 0 {
			return 64*j + bits.TrailingZeros64(x)
		}
	}
	return -1
}

// keep stores the basis, and those of the candidates found first that could replace a ring of it: as large, with a common
// bond, and with all bonds that only the replaced ring brings.
func (s *ringSearch) keep(first int) {
	once, more := make([]uint64, s.words), make([]uint64, s.words) // bonds in one basis ring, in several
	for _, c := range s.rings {
		if !c.inBasis {
			continue
		}
		s.store(c)
		for j, x := range s.row(c) {
			more[j] |= once[j] & x
			once[j] |= x
		}
	}
	for j := range once {
		once[j] &^= more[j]
	}
	for _, c := range s.rings {
		if !c.inBasis && int(c.number) < first && s.replaces(c, once) {
			s.store(c)
		}
	}
}

func (s *ringSearch) replaces(c candidate, once []uint64) bool {
	extra := s.row(c)
	for _, b := range s.rings {
		if !b.inBasis || b.size() != c.size() {
			continue
		}
		shared, missing := uint64(0), uint64(0)
		for j, x := range s.row(b) {
			shared |= x & extra[j]
			missing |= x & once[j] &^ extra[j]
		}
		if shared != 0 && missing == 0 {
			return true
		}
	}
	return false
}

func (s *ringSearch) store(c candidate) {
	s.w.found = append(s.w.found, s.atoms[c.begin:c.end]...)
	s.w.foundEnd = append(s.w.foundEnd, int32(len(s.w.found)))
}
