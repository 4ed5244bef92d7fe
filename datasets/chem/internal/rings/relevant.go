package rings

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/graph"
)

const (
	maxRelevant = 2000   // relevant rings of a ring system; there may be exponentially many
	maxFamilies = 20_000 // of a ring system
	maxUnique   = 4      // rings, see uniqueBasis
)

// Relevant returns the rings of the molecule searched last, among atoms that are allowed, that smaller rings do not add up to, each as its
// atoms in ring order. In contrast to the rings that Find returned, they do not depend on the order of the atoms, but for ring systems that
// have more than 96 independent rings or 2,000 relevant ones: of these, it returns rings found.
func (w *Workspace) Relevant(found [][]int32, allowed func(atom int32) bool) [][]int32 {
	var out [][]int32
	for len(found) > 0 {
		end := 1
		for end < len(found) && w.systemOf[found[end][0]] == w.systemOf[found[0][0]] {
			end++
		}
		rings, ok := w.relevant(found[:end], allowed)
		if !ok {
			rings = found[:end]
		}
		for _, r := range rings {
			if !slices.ContainsFunc(r, func(v int32) bool { return !allowed(v) }) {
				out = append(out, r)
			}
		}
		found = found[end:]
	}
	return out
}

// relevant returns the relevant rings of the ring system in which these rings were found.
func (w *Workspace) relevant(found [][]int32, allowed func(atom int32) bool) (rings [][]int32, ok bool) {
	if w.uniqueBasis(found) {
		return found, true
	}
	first := w.systemOf[found[0][0]]
	w.unmark(first)
	rank := w.collectSystem(w.systemOf, first)
	if !w.mayHaveRing(allowed) {
		return nil, true
	}
	if rank > maxExact {
		return nil, false
	}
	s := &w.search
	s.reset(w)
	if !s.findFamilies() {
		return nil, false
	}
	s.dropIrrelevant(rank)
	return s.expand(allowed)
}

// uniqueBasis reports whether it is certain that any sum of some of these rings is larger than each of them. Then they are the only smallest set of
// rings, if they are a set at all, and the only relevant ones. That is so for up to four rings, each larger than their number, of which no two
// have more than one bond in common: k rings of s bonds or more, the largest of l, add up to l + (k-1)(s-k) bonds or more.
func (w *Workspace) uniqueBasis(found [][]int32) bool {
	k := len(found)
	if k == 1 {
		return true
	}
	if k > maxUnique || slices.ContainsFunc(found, func(r []int32) bool { return len(r) <= k }) {
		return false
	}
	in := graph.Fill(&w.search.number, w.g.Len(), 0)
	for j, r := range found[:k-1] {
		for _, v := range r {
			in[v] = 1
		}
		for _, o := range found[j+1:] {
			shared := int32(0)
			for _, v := range o {
				shared += in[v]
			}
			if shared > 2 {
				return false
			}
		}
		for _, v := range r {
			in[v] = 0
		}
	}
	return true
}

// unmark makes collectSystem find the system of that first atom again.
func (w *Workspace) unmark(first int32) {
	for v, of := range w.systemOf {
		if of == first {
			w.systemOf[v] = -1
		}
	}
}

// mayHaveRing reports whether there is a ring of allowed atoms in the system.
func (w *Workspace) mayHaveRing(allowed func(atom int32) bool) bool {
	s := &w.search
	left := graph.Fill(&s.number, w.g.Len(), 0) // allowed neighbours; 0 for atoms that are not allowed
	s.tail = s.tail[:0]
	count := 0
	for _, v := range w.system {
		if !allowed(v) {
			continue
		}
		count++
		for _, e := range w.g.Neighbors(v) {
			if w.cyclicBond[e.Bond] != 0 && allowed(e.Atom) {
				left[v]++
			}
		}
		if left[v] < 2 {
			s.tail = append(s.tail, v)
		}
	}
	for ; len(s.tail) > 0; count-- {
		v := s.tail[len(s.tail)-1]
		s.tail = s.tail[:len(s.tail)-1]
		for _, e := range w.g.Neighbors(v) {
			if w.cyclicBond[e.Bond] == 0 || !allowed(e.Atom) {
				continue
			}
			if left[e.Atom]--; left[e.Atom] == 1 {
				s.tail = append(s.tail, e.Atom)
			}
		}
	}
	return count > 0
}

// dropIrrelevant keeps the families that do not depend on smaller rings.
func (s *ringSearch) dropIrrelevant(rank int) {
	slices.SortStableFunc(s.families, func(a, b family) int { return int(a.size - b.size) })
	kept := s.families[:0]
	smaller := 0 // rows of smaller rings
	for k, f := range s.families {
		if k > 0 && f.size > s.families[k-1].size {
			if smaller = len(s.pivots); smaller == rank {
				break
			}
		}
		begin := len(s.rows)
		s.rows = append(s.rows, s.bonds[f.row:int(f.row)+s.words]...)
		row := s.rows[begin:]
		if s.reduce(row, 0, smaller) < 0 {
			s.rows = s.rows[:begin]
			continue
		}
		if pivot := s.reduce(row, smaller, len(s.pivots)); pivot >= 0 {
			s.pivots = append(s.pivots, pivot)
		} else {
			s.rows = s.rows[:begin]
		}
		kept = append(kept, f)
	}
	s.families = kept
}

// expand lists the rings of the families whose atoms are allowed. It reports false if there are too many.
func (s *ringSearch) expand(allowed func(atom int32) bool) (rings [][]int32, ok bool) {
	slices.SortStableFunc(s.families, func(a, b family) int { return int(a.root - b.root) })
	for k, f := range s.families {
		if k == 0 || f.root != s.families[k-1].root {
			s.reach(f.root)
		}
		if f.top >= 0 && !allowed(f.top) {
			continue
		}
		right := s.paths(nil, nil, f.right, f.root, allowed)
		if len(right) == 0 {
			continue
		}
		for _, l := range s.paths(nil, nil, f.left, f.root, allowed) {
			for _, r := range right {
				ring := append(make([]int32, 0, f.size), l...)
				if f.top >= 0 {
					ring = append(ring, f.top)
				}
				ring = append(ring, r[1:]...)
				slices.Reverse(ring[len(ring)-len(r)+1:])
				rings = append(rings, ring)
			}
			if len(rings) > maxRelevant {
				return nil, false
			}
		}
	}
	return rings, true
}

// paths appends the shortest paths from root to v, through allowed atoms, to all. tail holds the atoms behind v, the last one first.
func (s *ringSearch) paths(all [][]int32, tail []int32, v, root int32, allowed func(atom int32) bool) [][]int32 {
	if !allowed(v) || len(all) > maxRelevant {
		return all
	}
	tail = append(tail, v)
	if v == root {
		path := slices.Clone(tail)
		slices.Reverse(path)
		return append(all, path)
	}
	for _, e := range s.w.g.Neighbors(v) {
		if s.live[e.Bond] == 1 && s.depth[e.Atom] == s.depth[v]-1 {
			all = s.paths(all, tail, e.Atom, root, allowed)
		}
	}
	return all
}
