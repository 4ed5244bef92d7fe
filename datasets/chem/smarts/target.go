package smarts

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Target is a molecule prepared for searching many patterns, with the properties that SMARTS primitives test. It is not safe for concurrent
// use.
//
// Searches are exponential in the neighbours of an atom, so their work is limited, and a search that reaches the limit finds nothing more:
// see Exhausted. Only atoms with tens of neighbours or in tens of rings, or patterns made for it, need as much.
type Target struct {
	m         *chem.Mol
	atoms     []atomFacts
	bonds     []uint8 // bondCode of each bond
	types     typeSet // of its atoms
	kinds     kindSet // likewise
	twins     *twins  // nil if no atom has many neighbours
	path      []int32 // stack of the searches under way
	work      budget
	remembers map[*Pattern][]outcome // of patterns in $(...) that hold others

	facts factSets // for molecules of up to 64 atoms
	known []*known // of the libraries used last
	round uint32   // number of the molecule, from 1
}

// NewTarget prepares a molecule.
func NewTarget(m *chem.Mol) *Target {
	t := new(Target)
	t.Reset(m)
	return t
}

// Reset prepares another molecule in the memory of the one before. It does nothing to a nil target.
func (t *Target) Reset(m *chem.Mol) {
	if t == nil {
		return
	}
	t.facts.clear(t.atoms)
	t.m, t.round = m, t.round+1
	t.atoms = slices.Grow(t.atoms[:0], len(m.Atoms()))[:len(m.Atoms())]
	t.bonds = slices.Grow(t.bonds[:0], len(m.Bonds()))[:len(m.Bonds())]
	t.types, t.path, t.remembers = typeSet{}, t.path[:0], nil
	for k := range m.Bonds() {
		t.bonds[k] = bondCode(&m.Bonds()[k])
	}
	for i := range m.Atoms() {
		t.atoms[i] = factsOf(m, i)
		t.types.add(t.atoms[i][factType])
	}
	for _, ring := range m.Rings() {
		for _, i := range ring {
			f := &t.atoms[i]
			f[factRings]++
			if size := int16(len(ring)); f[factSmallestRing] == 0 || size < f[factSmallestRing] {
				f[factSmallestRing] = size
			}
		}
	}
	t.kinds = kindsOf(&t.types)
	t.twins = t.findTwins()
	t.work = newBudget(len(m.Atoms()) + len(m.Bonds()))
	t.facts.fill(t.atoms)
}

// Mol returns the molecule.
func (t *Target) Mol() *chem.Mol {
	if t == nil {
		return nil
	}
	return t.m
}

// Match reports whether the pattern occurs in the molecule. An empty pattern never matches.
func (t *Target) Match(p *Pattern) bool {
	if p == nil || t == nil {
		return false
	}
	if k := t.about(p.library); k != nil {
		if found, sure := k.match(p, ^atomSet(0)); sure {
			return found
		}
	}
	if !t.mayHold(p) {
		return false
	}
	t.work.start(t.work.whole + p.atoms[0].allowance()*len(t.atoms))
	barren := t.newBarren()
	for i := range int32(len(t.atoms)) {
		if barren.has(i) {
			continue
		}
		if t.matchAt(p, i) {
			return true
		}
		if t.work.stopped {
			break
		}
		barren.add(i)
	}
	return false
}

// MatchAt reports whether the pattern occurs with its first atom at atom i of the molecule.
func (t *Target) MatchAt(p *Pattern, i int) bool {
	if p == nil || t == nil || uint(i) >= uint(len(t.atoms)) || !p.mayStart(t.atoms[i][factType]) {
		return false
	}
	if k := t.about(p.library); k != nil {
		if found, sure := k.match(p, 1<<i); sure {
			return found
		}
	}
	t.work.start(atomWork + p.atoms[0].allowance())
	return t.matchAt(p, int32(i))
}

// Split moves the atoms of a list at which the pattern occurs with its first atom to the front, and returns their number. It is MatchAt for
// several atoms, which may not repeat. Atoms that the molecule does not have stay behind.
func (t *Target) Split(p *Pattern, atoms []int32) (n int) {
	if p == nil || t == nil {
		return 0
	}
	if k := t.about(p.library); k != nil && !slices.ContainsFunc(atoms, func(i int32) bool { return uint(i) >= uint(len(t.atoms)) }) {
		if n, sure := k.split(p, atoms); sure {
			return n
		}
	}
	for at, i := range atoms {
		if t.MatchAt(p, int(i)) {
			atoms[n], atoms[at] = i, atoms[n]
			n++
		}
	}
	return n
}

// Count is the number of matches that Pattern.Matches returns.
func (t *Target) Count(p *Pattern) int {
	if p == nil || t == nil {
		return 0
	}
	if k := t.about(p.library); k != nil {
		if n, sure := k.count(p, maxEmbeddings); sure {
			return n
		}
	}
	if !t.mayHold(p) {
		return 0
	}
	return len(t.distinct(p)) / max(len(p.atoms), 1)
}

// Exceeds reports whether there are more than n matches. It stops looking as soon as it knows.
func (t *Target) Exceeds(p *Pattern, n int) bool {
	if p == nil || t == nil || n < 0 {
		return n < 0
	}
	if k := t.about(p.library); k != nil {
		if found, sure := k.count(p, n); sure {
			return found > n
		}
	}
	return t.Count(p) > n
}

// Exhausted reports whether a search in this target has reached the limit of its work. Such a search may have missed matches; it reports
// none that are not there.
func (t *Target) Exhausted() bool { return t != nil && t.work.exhausted }
