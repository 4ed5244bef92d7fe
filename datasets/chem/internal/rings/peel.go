package rings

import "slices"

// peel finds the smallest rings through one atom of each chain of two-connected atoms, removes these atoms, and goes on
// with what is left, starting at a three-connected atom where there are no chains (Figueras, J. Chem. Inf. Comput. Sci.
// 1996, 36, 986). That finds a smallest set of smallest rings of nearly all molecules.
func (s *ringSearch) peel() {
	for {
		if first := s.chains(); len(first) > 0 {
			s.lookFrom(first)
			for _, v := range first {
				s.remove(v)
			}
			continue
		}
		v := slices.IndexFunc(s.w.system, func(v int32) bool { return s.degree[v] == 3 })
		if v < 0 {
			return
		}
		s.lookBetween(s.w.system[v])
		s.remove(s.w.system[v])
	}
}

// lookFrom adds the smallest rings through each of some atoms. Where several atoms have a ring in common, it hides the smallest rings through
// one of them that avoid the others, so it adds the smallest of these too.
func (s *ringSearch) lookFrom(atoms []int32) {
	s.ringsOf, s.atomsOf = s.ringsOf[:0], s.atomsOf[:0]
	s.round++
	common := false
	for _, v := range atoms {
		if s.tired() {
			return
		}
		s.look(v, false)
		for _, ring := range s.hits {
			s.ringsOf = append(s.ringsOf, pair{v, ring})
			c := &s.rings[ring]
			common = common || c.round == s.round
			c.round = s.round
		}
	}
	if !common {
		return
	}
	s.atomsOf = append(s.atomsOf, s.ringsOf...)
	slices.SortStableFunc(s.atomsOf, func(a, b pair) int { return int(a.ring - b.ring) })
	for k := 0; k < len(s.atomsOf); {
		end := k + 1
		for end < len(s.atomsOf) && s.atomsOf[end].ring == s.atomsOf[k].ring {
			end++
		}
		if end > k+1 && !s.tired() {
			s.lookApart(s.atomsOf[k:end])
		}
		k = end
	}
}

// tired reports whether the search has found or looked at more than any real molecule has.
func (s *ringSearch) tired() bool { return s.work < 0 || len(s.rings) > maxCandidates }

// lookApart adds the smallest rings through one of several atoms of a ring that avoid all atoms with which it has a ring in common.
func (s *ringSearch) lookApart(group []pair) {
	known, smallest := len(s.rings), int32(1<<30)
	for _, p := range group {
		s.hide(p.atom)
		s.look(p.atom, false)
		for _, ring := range s.hits {
			smallest = min(smallest, s.rings[ring].size())
		}
		s.work -= len(s.hidden)
		for _, bond := range s.hidden {
			s.live[bond] = 1
		}
	}
	s.rings = append(s.rings[:known], slices.DeleteFunc(s.rings[known:], func(c candidate) bool { return c.size() > smallest })...)
	s.indexed = min(s.indexed, known)
}

// hide takes the bonds of the atoms that have a ring in common with v out of the search.
func (s *ringSearch) hide(v int32) {
	s.hidden = s.hidden[:0]
	begin, _ := slices.BinarySearchFunc(s.ringsOf, v, func(p pair, v int32) int { return int(p.atom - v) })
	for _, mine := range s.ringsOf[begin:] {
		if mine.atom != v {
			break
		}
		first, _ := slices.BinarySearchFunc(s.atomsOf, mine.ring, func(p pair, ring int32) int { return int(p.ring - ring) })
		for _, p := range s.atomsOf[first:] {
			if p.ring != mine.ring {
				break
			}
			if p.atom == v {
				continue
			}
			for _, e := range s.w.g.Neighbors(p.atom) {
				if s.live[e.Bond] == 1 {
					s.live[e.Bond] = 0
					s.hidden = append(s.hidden, e.Bond)
				}
			}
		}
	}
}

// lookBetween adds the smallest rings through a three-connected atom and, if they are one or two, those that avoid a neighbour which they
// have in common.
func (s *ringSearch) lookBetween(v int32) {
	if s.tired() {
		return
	}
	s.look(v, false)
	if len(s.hits) == 0 || len(s.hits) > 2 {
		return
	}
	found := slices.Clone(s.hits)
	for _, e := range s.w.g.Neighbors(v) {
		if s.live[e.Bond] == 0 || slices.ContainsFunc(found, func(ring int32) bool { return !s.contains(ring, e.Atom) }) {
			continue
		}
		s.clear()
		s.depth[e.Atom], s.place[e.Atom] = 0, -1 // as if done already
		s.look(v, false)
		s.depth[e.Atom] = -1
		if len(found) == 2 {
			return
		}
	}
}

func (s *ringSearch) contains(ring, atom int32) bool {
	c := s.rings[ring]
	return slices.Contains(s.atoms[c.begin:c.end], atom)
}

// remove takes an atom and all that are left with one bond then out of the search.
func (s *ringSearch) remove(v int32) {
	s.tail = append(s.tail[:0], v)
	for len(s.tail) > 0 {
		v := s.tail[len(s.tail)-1]
		s.tail = s.tail[:len(s.tail)-1]
		for _, e := range s.w.g.Neighbors(v) {
			if s.live[e.Bond] == 0 {
				continue
			}
			s.live[e.Bond] = 0
			s.degree[v]--
			if s.degree[e.Atom]--; s.degree[e.Atom] == 1 {
				s.tail = append(s.tail, e.Atom)
			}
		}
	}
}

// chains returns the first atom of each chain of two-connected atoms: all atoms of a chain lie on the same rings.
func (s *ringSearch) chains() []int32 {
	s.first = s.first[:0]
	for _, v := range s.w.system {
		if s.degree[v] == 2 {
			s.chain[v] = 0
		}
	}
	for _, v := range s.w.system {
		if s.degree[v] != 2 || s.chain[v] == 1 {
			continue
		}
		s.first = append(s.first, v)
		s.chain[v] = 1
		s.tail = append(s.tail[:0], v)
		for len(s.tail) > 0 {
			u := s.tail[len(s.tail)-1]
			s.tail = s.tail[:len(s.tail)-1]
			for _, e := range s.w.g.Neighbors(u) {
				if s.live[e.Bond] == 1 && s.degree[e.Atom] == 2 && s.chain[e.Atom] == 0 {
					s.chain[e.Atom] = 1
					s.tail = append(s.tail, e.Atom)
				}
			}
		}
	}
	return s.first
}
