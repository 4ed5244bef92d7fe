package smarts

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Target is a molecule prepared for searching many patterns, with the properties that SMARTS primitives test. It is not safe for concurrent
// use.
//
// The searches in one Target take 50 million steps together and find nothing more then. Only atoms with tens of neighbours, in tens of rings,
// need as many.
type Target struct {
	m     *chem.Mol
	atoms []atomFacts
	bonds []uint8 // bondCode of each bond
	path  []int32 // stack of the searches under way
	steps int     // atoms looked at
}

// maxSteps limits the time of all searches in a target: they are exponential in the neighbours of an atom.
const maxSteps = 50_000_000

// atomFacts holds one number for each kind of atom primitive.
type atomFacts [numFacts]int16

const (
	factType = iota // element and aromaticity, see atomType
	factNumber
	factAromatic
	factDegree
	factConnections
	factHydrogens
	factImplicitHydrogens
	factValence
	factRings
	factSmallestRing
	factRingBonds
	factCharge
	factIsotope
	numFacts
)

// NewTarget prepares a molecule.
func NewTarget(m *chem.Mol) *Target {
	t := &Target{m: m, atoms: make([]atomFacts, len(m.Atoms())), bonds: make([]uint8, len(m.Bonds()))}
	for k := range m.Bonds() {
		t.bonds[k] = bondCode(&m.Bonds()[k])
	}
	for i := range m.Atoms() {
		t.atoms[i] = factsOf(m, i)
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
	return t
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
	for i := range t.Mol().Atoms() {
		if t.matchAt(p, int32(i)) {
			return true
		}
	}
	return false
}

// MatchAt reports whether the pattern occurs with its first atom at atom i of the molecule.
func (t *Target) MatchAt(p *Pattern, i int) bool {
	return uint(i) < uint(len(t.Mol().Atoms())) && t.matchAt(p, int32(i))
}

// Count is the number of matches that Pattern.Matches returns.
func (t *Target) Count(p *Pattern) int {
	if p == nil || t == nil {
		return 0
	}
	return len(t.distinct(p)) / max(len(p.atoms), 1)
}

// factsOf collects the properties of one atom and its bonds, all but the rings.
func factsOf(m *chem.Mol, i int) (f atomFacts) {
	a := &m.Atoms()[i]
	f[factType] = atomType(a.Number, a.Aromatic)
	f[factNumber] = int16(a.Number)
	if a.Aromatic {
		f[factAromatic] = 1
	}
	f[factDegree] = int16(m.Degree(i))
	f[factConnections] = int16(m.Degree(i)) + int16(a.Hs)
	f[factHydrogens] = int16(a.Hs)
	if !a.NoImplicit {
		f[factImplicitHydrogens] = int16(a.Hs)
	}
	f[factValence] = int16(a.Hs)
	for _, nb := range m.Neighbors(i) {
		b := &m.Bonds()[nb.Bond]
		f[factValence] += int16(b.Order)
		if m.Atoms()[nb.Atom].Number == 1 {
			f[factHydrogens]++
		}
		if b.InRing {
			f[factRingBonds]++
		}
	}
	f[factCharge] = int16(a.Charge)
	f[factIsotope] = int16(a.Isotope)
	return f
}

// search walks the embeddings of one pattern that map its first atom to a given atom. The atoms of the molecule that the
// first atoms of the pattern are mapped to are target.path[base:]; what comes before belongs to the searches that this
// one is nested in.
type search struct {
	t     *Target
	atoms []queryAtom
	base  int
	found []int32 // all embeddings, one after the other, if keep is set
	keep  bool
}

// matchAt reports whether the pattern matches with its first atom at atom i.
func (t *Target) matchAt(p *Pattern, i int32) bool {
	if p == nil || !p.mayStart(t.atoms[i][factType]) || !p.atoms[0].test.holds(t, i) {
		return false
	}
	if len(p.atoms) == 1 {
		return true
	}
	s := search{t: t, atoms: p.atoms, base: len(t.path)}
	t.path = append(t.path, i)
	found := s.extend()
	t.path = t.path[:s.base]
	return found
}

// distinct returns the matches with different sets of atoms, concatenated.
func (t *Target) distinct(p *Pattern) []int32 {
	s := search{t: t, atoms: p.atoms, base: len(t.path), keep: true}
	for i := range t.m.Atoms() {
		if !p.mayStart(t.atoms[i][factType]) || !p.atoms[0].test.holds(t, int32(i)) {
			continue
		}
		t.path = append(t.path, int32(i))
		full := s.extend()
		t.path = t.path[:s.base]
		if full {
			break
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
	if len(path) == len(s.atoms) {
		if !s.keep {
			return true
		}
		s.found = append(s.found, path...)
		return len(s.found) >= maxEmbeddings*len(path)
	}
	q := &s.atoms[len(path)]
	if q.parent < 0 { // the first atom behind a dot
		for i := range s.t.m.Atoms() {
			if s.place(q, int32(i)) {
				return true
			}
		}
		return false
	}
	for _, nb := range s.t.m.Neighbors(int(path[q.parent])) {
		if q.bond.holds(s.t.bonds[nb.Bond]) && s.place(q, nb.Atom) {
			return true
		}
	}
	return false
}

// place maps q to atom i, if it fits, and goes on from there.
func (s *search) place(q *queryAtom, i int32) bool {
	if s.t.steps++; s.t.steps > maxSteps {
		return false
	}
	if slices.Contains(s.t.path[s.base:], i) || !q.test.holds(s.t, i) || !s.closes(q, i) {
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
		ok := false
		for _, nb := range s.t.m.Neighbors(int(i)) {
			if nb.Atom == s.t.path[s.base+c.atom] {
				ok = c.bond.holds(s.t.bonds[nb.Bond])
				break
			}
		}
		if !ok {
			return false
		}
	}
	return true
}
