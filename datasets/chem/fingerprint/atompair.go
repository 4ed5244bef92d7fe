package fingerprint

import (
	"math/bits"
	"slices"
	"sync"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/hybrid"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/topology"
)

// maxPairDistance is the largest number of bonds between the atoms of a pair.
const maxPairDistance = 30

// AtomPairs returns the atom-pair fingerprint: each pair of atoms 1 to 30 bonds apart counts once, by the kinds of the
// two atoms and their distance along the shortest path. The kind of an atom is its element (one of 15, or another), its
// number of neighbours (modulo 7) and its pi electrons (modulo 3). Identifiers are RDKit's. Carhart, Smith and
// Venkataraghavan 1985, "Atom pairs as molecular features", J. Chem. Inf. Comput. Sci. 25, 64.
func AtomPairs(m *chem.Mol) Counts {
	p := pairings.Get().(*pairing)
	defer pairings.Put(p)
	p.reset(m)
	if k := len(p.kinds); k*k*p.longest <= tableCost*len(p.codes)*len(p.codes) {
		return p.inTable()
	}
	return p.inList()
}

// tableCost is how many entries of a table cost as much as two in a list, which has to be sorted.
const tableCost = 8

var pairings = sync.Pool{New: func() any { return new(pairing) }}

// pairing is the memory for counting pairs.
type pairing struct {
	walk    topology.Walker
	hybrids hybrid.Assignment
	codes   []uint32 // by atom
	kinds   []uint32 // the codes of the atoms in rising order
	longest int      // no distance is longer
	place   []int32  // by atom: its code among the kinds
	table   []int32  // zeros
	pairs   int      // entries of the table that are not zero
	near    []uint   // the neighbours of each atom as a set
	ids     []uint32
}

func (p *pairing) reset(m *chem.Mol) {
	p.walk.Reset(m)
	p.hybrids.Reset(m)
	p.codes = p.codes[:0]
	for i := range m.Atoms() {
		p.codes = append(p.codes, pairCode(m, i, p.hybrids.Atoms[i]))
	}
	p.kinds = append(p.kinds[:0], p.codes...)
	slices.Sort(p.kinds)
	p.kinds = slices.Compact(p.kinds)
	p.longest = min(maxPairDistance, max(1, len(p.codes)-1))
}

func pairID(low, high uint32, distance int) uint32 { return uint32(distance) | low<<5 | high<<14 }

// inList counts the pairs one by one.
func (p *pairing) inList() Counts {
	p.ids = p.ids[:0]
	for i, code := range p.codes {
		for _, r := range p.walk.From(i, maxPairDistance) {
			if int(r.Atom) > i {
				other := p.codes[r.Atom]
				p.ids = append(p.ids, pairID(min(code, other), max(code, other), int(r.Distance)))
			}
		}
	}
	return tally(p.ids)
}

// inTable counts the pairs in a table of all that can occur.
func (p *pairing) inTable() Counts {
	p.place = p.place[:0]
	for _, code := range p.codes {
		at, _ := slices.BinarySearch(p.kinds, code)
		p.place = append(p.place, int32(at))
	}
	k := len(p.kinds)
	p.table = slices.Grow(p.table[:0], k*k*p.longest)[:k*k*p.longest] // by high kind, low kind, distance: the order of the identifiers
	p.pairs = 0
	if len(p.codes) <= bits.UintSize {
		p.addQuickly()
	} else {
		for i := range p.codes {
			for _, r := range p.walk.From(i, p.longest) {
				if int(r.Atom) > i {
					p.add(i, int(r.Atom), int(r.Distance))
				}
			}
		}
	}
	f := make(Counts, 0, p.pairs)
	for high := range k {
		for low := range high + 1 {
			from := (high*k + low) * p.longest
			for d, n := range p.table[from : from+p.longest] {
				if n > 0 {
					f = append(f, Count{pairID(p.kinds[low], p.kinds[high], d+1), n})
				}
			}
		}
	}
	clear(p.table)
	return f
}

// addQuickly adds all pairs of a molecule of so few atoms that a word holds a set of them: from each atom, those at the next distance are the neighbours
// of all at the last one that were not reached before.
func (p *pairing) addQuickly() {
	p.near = p.near[:0]
	for i := range p.codes {
		set := uint(0)
		for _, a := range p.walk.Neighbors(i) {
			set |= 1 << a
		}
		p.near = append(p.near, set)
	}
	for i := range p.codes {
		reached, front := uint(1)<<i, p.near[i]
		for d := 1; front != 0 && d <= p.longest; d++ {
			reached |= front
			next := uint(0)
			for left := front; left != 0; left &= left - 1 {
				a := bits.TrailingZeros(left)
				next |= p.near[a]
				if a > i {
					p.add(i, a, d)
				}
			}
			front = next &^ reached
		}
	}
}

// add counts a pair.
func (p *pairing) add(i, j, distance int) {
	low, high := int(min(p.place[i], p.place[j])), int(max(p.place[i], p.place[j]))
	n := &p.table[(high*len(p.kinds)+low)*p.longest+distance-1]
	if *n++; *n == 1 {
		p.pairs++
	}
}

// pairElements are the elements that atom pairs distinguish; all others share the last code. The order is RDKit's: the
// search for an element ends at the first larger one, so technetium at the end is never found and stands for others.
var pairElements = [15]uint8{5, 6, 7, 8, 9, 14, 15, 16, 17, 33, 34, 35, 51, 52, 43}

// pairCode numbers the kind of an atom: 3 bits neighbours, 2 bits pi electrons, 4 bits element.
func pairCode(m *chem.Mol, i int, h hybrid.Hybrid) uint32 {
	element := slices.Index(pairElements[:14], m.Atoms()[i].Number)
	if element < 0 {
		element = 15
	}
	return uint32(m.Degree(i)%7) | pairPi(m, i, h)%3<<3 | uint32(element)<<5
}

// pairPi is 1 for an aromatic atom, 0 for an sp3 atom, and otherwise the number of bond orders above one each.
func pairPi(m *chem.Mol, i int, h hybrid.Hybrid) uint32 {
	a := &m.Atoms()[i]
	switch {
	case a.Aromatic:
		return 1
	case h == hybrid.SP3:
		return 0
	}
	n := 0
	for _, nb := range m.Neighbors(i) {
		if order := int(m.Bonds()[nb.Bond].Order); order > 0 {
			n += order - 1
		}
	}
	return uint32(n)
}
