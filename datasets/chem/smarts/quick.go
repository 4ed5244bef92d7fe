package smarts

import (
	"math/bits"
	"slices"
)

// quickSteps is the work of a quick search before the search with an allowance takes over. Only patterns and molecules made for it need as much.
const quickSteps = 20_000

// tiny reports whether each atom from which a pattern extends begins a match: no two of its atoms can be the same.
func (p *Pattern) tiny() bool { return len(p.atoms) == 1 || len(p.atoms) == 2 && !p.dots }

// match reports whether a pattern begins at one of the atoms; sure is false if the search gave up.
func (k *known) match(p *Pattern, at atomSet) (found, sure bool) {
	k.steps = quickSteps
	if len(p.atoms) == 1 {
		found = k.occurs(p.atoms[0].test, at)
	} else {
		found = k.begins(p, at)
	}
	return found, k.sure()
}

// occurs reports whether an expression holds for one of the atoms. A pattern in $(...) is searched only up to its first match.
func (k *known) occurs(e *atomTest, at atomSet) bool {
	switch {
	case e.op == testOr:
		return k.occurs(e.left, at) || k.occurs(e.right, at)
	case e.op == testRecursive && k.sub.mark[e.subID] != k.t.round:
		return k.begins(k.subs[e.subID], at)
	}
	return k.holding(e)&at != 0
}

// begins reports whether a pattern begins at one of the atoms.
func (k *known) begins(p *Pattern, at atomSet) bool {
	roots := k.roots(p) & at
	if p.tiny() || roots == 0 {
		return roots != 0
	}
	q := k.prepare(p)
	if !p.rotates {
		return q.place(0, roots, 0)
	}
	for ; roots != 0; roots &= roots - 1 {
		first := roots & -roots
		if q.place(0, first, 0) {
			return true
		}
		for d := range p.places { // an atom that begins no cycle is in none
			q.fit[d] &^= first
		}
	}
	return false
}

// split moves the atoms at which a pattern begins to the front and returns their number; sure is false if the search gave up.
func (k *known) split(p *Pattern, atoms []int32) (n int, sure bool) {
	k.steps = quickSteps
	roots := k.roots(p)
	if roots == 0 {
		return 0, k.sure()
	}
	if !p.tiny() {
		var at atomSet
		for _, i := range atoms {
			at |= 1 << i
		}
		if roots &= at; roots != 0 {
			roots = k.verified(p, roots)
		}
	}
	if !k.sure() {
		return 0, false
	}
	for at, i := range atoms {
		if roots>>i&1 != 0 {
			atoms[n], atoms[at] = i, atoms[n]
			n++
		}
	}
	return n, true
}

// count returns the number of matches with different sets of atoms, or one more than most if there are more and most is small; sure is false if the
// search gave up, or reached the number of embeddings where a search ends.
func (k *known) count(p *Pattern, most int) (n int, sure bool) {
	k.steps = quickSteps
	roots := k.roots(p)
	if len(p.atoms) == 1 || roots == 0 {
		return bits.OnesCount64(uint64(roots)), k.sure()
	}
	q := k.prepare(p)
	q.keep, q.most, q.found, q.embeddings = true, most, q.found[:0], 0
	q.place(0, roots, 0)
	if most > fewMatches {
		slices.Sort(q.found)
		q.found = slices.Compact(q.found)
	}
	return len(q.found), k.sure() && q.embeddings < maxEmbeddings
}

// sure reports whether the searches since steps was set ended. After one that did not, sets may be wrong, and no quick search is made in the molecule.
func (k *known) sure() bool {
	if k.steps < 0 {
		k.gaveUp = k.t.round
		return false
	}
	return true
}

// quickSearch walks the embeddings of a pattern by sets of atoms.
type quickSearch struct {
	k          *known
	places     []quickAtom
	keep       bool      // look for all matches
	most       int       // or for one more than these
	found      []atomSet // the atoms of each match, if keep is set
	embeddings int
	fit        [maxQuick]atomSet              // by atom of the pattern: the atoms of the molecule from which its branch extends
	path       [maxQuick]uint8                // the atoms of the molecule that the first atoms of the pattern are mapped to
	near       [maxQuick]*[quickAtoms]atomSet // by atom of the pattern: the neighbours by its bond
}

// prepare returns the search for a pattern. It is the only one at a time: all branches that it needs are known before it begins.
func (k *known) prepare(p *Pattern) *quickSearch {
	if p.dots {
		for d := range p.places {
			k.extending(p.places[d].branch)
		}
	}
	q := &k.search
	q.k, q.places, q.keep = k, p.places, false
	for d := range p.places {
		q.fit[d] = k.extending(p.places[d].branch)
		q.near[d] = k.neighbors(p.places[d].bond)
	}
	return q
}

// extend maps the atoms of the pattern from number d on; used are those of the molecule on the path. It reports whether the search is over: a match
// was found, or with keep, as many as the limit allows.
func (q *quickSearch) extend(d int, used atomSet) bool {
	place := &q.places[d]
	free := q.fit[d] &^ used
	if place.parent >= 0 {
		free &= q.near[d][q.path[place.parent]]
	}
	for _, c := range place.closing {
		free &= q.k.neighbors(c.bond)[q.path[c.atom]]
	}
	return free != 0 && q.place(d, free, used)
}

// fewMatches is the number up to which matches with the same atoms are dropped as they are found.
const fewMatches = 8

// add keeps a match. It reports whether the search is over.
func (q *quickSearch) add(match atomSet) bool {
	q.embeddings++
	if q.most > fewMatches {
		q.found = append(q.found, match)
	} else if !slices.Contains(q.found, match) {
		q.found = append(q.found, match)
		return len(q.found) > q.most
	}
	return q.embeddings >= maxEmbeddings
}

// place maps atom d of the pattern to each of some atoms.
func (q *quickSearch) place(d int, at, used atomSet) bool {
	last := d == len(q.places)-1
	if last && !q.keep {
		return at != 0
	}
	for ; at != 0; at &= at - 1 {
		if q.k.steps--; q.k.steps < 0 {
			return true
		}
		one := at & -at
		q.path[d&(maxQuick-1)] = uint8(bits.TrailingZeros64(uint64(one)))
		switch {
		case last:
			if q.add(used | one) {
				return true
			}
		case q.extend(d+1, used|one):
			return true
		}
	}
	return false
}
