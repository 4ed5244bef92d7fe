package smarts

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// search walks the embeddings of one pattern that map its first atom to a given atom. The atoms of the molecule that the
// first atoms of the pattern are mapped to are target.path[base:]; what comes before belongs to the searches that this
// one is nested in.
type search struct {
	t     *Target
	p     *Pattern
	base  int
	found []int32 // all embeddings, one after the other, if keep is set
	keep  bool
}

// outcome is the memory of a target about a pattern at an atom.
type outcome uint8

const (
	unknown outcome = iota
	holds
	fails
)

// maxRemembered is how many patterns a target remembers at a time.
const maxRemembered = 256

// mayHold reports whether the molecule has an atom of a suitable type for each of the pattern.
func (t *Target) mayHold(p *Pattern) bool {
	for k := range p.atoms {
		if !p.atoms[k].types.meets(&t.types) {
			return false
		}
	}
	return len(p.atoms) > 0
}

// recursion reports whether a pattern in $(...) matches with its first atom at atom i. It remembers that of patterns that hold others, which
// would look at the same atoms again and again, in exponential time.
func (t *Target) recursion(p *Pattern, i int32) bool {
	if !p.deep || !p.mayStart(t.atoms[i][factType]) {
		return t.matchAt(p, i)
	}
	known, ok := t.remembers[p]
	if !ok {
		if t.remembers == nil || len(t.remembers) == maxRemembered {
			t.remembers = map[*Pattern][]outcome{}
		}
		known = make([]outcome, len(t.atoms))
		t.remembers[p] = known
	}
	if known[i] != unknown {
		return known[i] == holds
	}
	found := t.matchAt(p, i)
	if !t.work.stopped {
		known[i] = fails
		if found {
			known[i] = holds
		}
	}
	return found
}

// matchAt reports whether the pattern matches with its first atom at atom i.
func (t *Target) matchAt(p *Pattern, i int32) bool {
	if !p.mayStart(t.atoms[i][factType]) || !t.work.spend(p.atoms[0].weight) || !p.atoms[0].test.holds(t, i) || t.work.stopped {
		return false
	}
	if len(p.atoms) == 1 {
		return true
	}
	s := search{t: t, p: p, base: len(t.path)}
	t.path = append(t.path, i)
	found := s.extend()
	t.path = t.path[:s.base]
	return found
}

// distinct returns the matches with different sets of atoms, concatenated.
func (t *Target) distinct(p *Pattern) []int32 {
	if !t.mayHold(p) {
		return nil
	}
	t.work.start(t.work.whole + p.atoms[0].allowance()*len(t.atoms))
	s := search{t: t, p: p, base: len(t.path), keep: true}
	barren := t.newBarren()
	for i := range int32(len(t.atoms)) {
		if !p.mayStart(t.atoms[i][factType]) || barren.has(i) {
			continue
		}
		before := len(s.found)
		if t.work.spend(p.atoms[0].weight) && p.atoms[0].test.holds(t, i) && !t.work.stopped {
			t.path = append(t.path, i)
			full := s.extend()
			t.path = t.path[:s.base]
			if full {
				break
			}
		}
		if t.work.stopped {
			break
		}
		if len(s.found) == before {
			barren.add(i)
		}
	}
	if n := len(p.atoms); n > 1 && len(s.found) > n {
		return dropRepeats(s.found, n)
	}
	return s.found
}

// dropRepeats keeps the first of the matches, n atoms each, that have the same set of atoms.
func dropRepeats(found []int32, n int) []int32 {
	kept := found[:0:0]
	seen := make(map[string]struct{}, len(found)/n)
	set := make([]int32, n)
	key := make([]byte, 0, 4*n)
	for ; len(found) > 0; found = found[n:] {
		copy(set, found)
		slices.Sort(set)
		key = key[:0]
		for _, i := range set {
			key = append(key, byte(i), byte(i>>8), byte(i>>16), byte(i>>24))
		}
		if _, ok := seen[string(key)]; !ok {
			seen[string(key)] = struct{}{}
			kept = append(kept, found[:n]...)
		}
	}
	return kept
}

// extend maps the next atoms of the pattern. It reports whether the search is over: a match was found, or with keep,
// as many as the limit allows.
func (s *search) extend() bool {
	path := s.t.path[s.base:]
	if len(path) == len(s.p.atoms) {
		if !s.keep {
			return true
		}
		s.found = append(s.found, path...)
		return len(s.found) >= maxEmbeddings*len(path)
	}
	q := &s.p.atoms[len(path)]
	switch {
	case q.parent < 0:
		return s.placeAnywhere(q)
	case s.t.twins != nil && !s.p.dots:
		return s.placeUnlike(q, path[q.parent])
	}
	neighbors := s.t.m.Neighbors(int(path[q.parent]))
	if !s.t.work.spend(len(neighbors) / 4) {
		return false
	}
	for _, nb := range neighbors {
		if q.bond.holds(s.t.bonds[nb.Bond]) && s.place(q, nb.Atom) {
			return true
		}
	}
	return false
}

// placeAnywhere maps the first atom behind a dot.
func (s *search) placeAnywhere(q *queryAtom) bool {
	for i := range int32(len(s.t.atoms)) {
		if s.place(q, i) {
			return true
		}
		if s.t.work.stopped {
			return false
		}
	}
	return false
}

// placeUnlike maps q to a neighbour of atom from, trying one of the branches that are alike if that finds nothing. The path is connected,
// so no atom of a branch is on it unless the first atom of the branch is.
func (s *search) placeUnlike(q *queryAtom, from int32) bool {
	w := s.t.twins
	neighbors := s.neighbors(from)
	if !s.t.work.spend(len(neighbors) / 4) {
		return false
	}
	var failed failedClasses
	for _, nb := range neighbors {
		if !q.bond.holds(s.t.bonds[nb.Bond]) {
			continue
		}
		branch := w.parent[nb.Atom] == from
		if branch && (failed.has(w.class[nb.Atom]) || slices.Contains(s.t.path[s.base:], nb.Atom)) {
			continue
		}
		before := len(s.found)
		if s.place(q, nb.Atom) {
			return true
		}
		if s.t.work.stopped {
			return false
		}
		if branch && len(s.found) == before {
			failed.add(w.class[nb.Atom])
		}
	}
	return false
}

// neighbors of an atom, without more branches of a kind than a search for one match can need.
func (s *search) neighbors(i int32) []chem.Neighbor {
	if !s.keep && len(s.p.atoms) <= maxTwins {
		if few, ok := s.t.twins.few[i]; ok {
			return few
		}
	}
	return s.t.m.Neighbors(int(i))
}

// place maps q to atom i, if it fits, and goes on from there.
func (s *search) place(q *queryAtom, i int32) bool {
	path := s.t.path[s.base:]
	if !s.t.work.spend(q.weight+len(path)/8) || slices.Contains(path, i) || !s.closes(q, i) || !q.test.holds(s.t, i) || s.t.work.stopped {
		return false
	}
	s.t.path = append(s.t.path, i)
	if s.extend() {
		return true
	}
	s.t.path = s.t.path[:len(s.t.path)-1]
	return false
}

// closes reports whether atom i has the ring bonds that q asks for.
func (s *search) closes(q *queryAtom, i int32) bool {
	for _, c := range q.closing {
		from, to := i, s.t.path[s.base+c.atom]
		if s.t.m.Degree(int(to)) < s.t.m.Degree(int(from)) {
			from, to = to, from
		}
		neighbors := s.t.m.Neighbors(int(from))
		at := slices.IndexFunc(neighbors, func(nb chem.Neighbor) bool { return nb.Atom == to })
		if !s.t.work.spend(len(neighbors)/8) || at < 0 || !c.bond.holds(s.t.bonds[neighbors[at].Bond]) {
			return false
		}
	}
	return true
}
