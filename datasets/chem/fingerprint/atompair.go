package fingerprint

import (
	"slices"

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
	codes := pairCodes(m)
	kinds := slices.Clone(codes)
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	if n := len(codes); len(kinds)*len(kinds)*maxPairDistance < n*n/2 {
		return manyPairs(m, codes, kinds)
	}
	var ids []uint32
	walk := topology.NewWalker(m)
	for i := range m.Atoms() {
		walk.From(i, maxPairDistance, func(j int32, distance int) {
			if int(j) > i {
				ids = append(ids, pairID(min(codes[i], codes[j]), max(codes[i], codes[j]), distance))
			}
		})
	}
	return tally(ids)
}

func pairID(low, high uint32, distance int) uint32 { return uint32(distance) | low<<5 | high<<14 }

// manyPairs counts the pairs in a table of all that can occur, which is smaller than a list of the pairs of a large
// molecule. The kinds are the codes of the atoms in rising order.
func manyPairs(m *chem.Mol, codes, kinds []uint32) Counts {
	place := make([]int, len(codes))
	for i, code := range codes {
		place[i], _ = slices.BinarySearch(kinds, code)
	}
	k := len(kinds)
	table := make([]int32, k*k*maxPairDistance) // by high kind, low kind, distance: the order of the identifiers
	walk := topology.NewWalker(m)
	for i := range codes {
		walk.From(i, maxPairDistance, func(j int32, distance int) {
			if int(j) > i {
				low, high := min(place[i], place[j]), max(place[i], place[j])
				table[(high*k+low)*maxPairDistance+distance-1]++
			}
		})
	}
	var f Counts
	for at, n := range table {
		if n > 0 {
			pair := at / maxPairDistance
			f = append(f, Count{pairID(kinds[pair%k], kinds[pair/k], at%maxPairDistance+1), n})
		}
	}
	return f
}

// pairElements are the elements that atom pairs distinguish; all others share the last code. The order is RDKit's: the
// search for an element ends at the first larger one, so technetium at the end is never found and stands for others.
var pairElements = [15]uint8{5, 6, 7, 8, 9, 14, 15, 16, 17, 33, 34, 35, 51, 52, 43}

// pairCodes numbers the kinds of the atoms: 3 bits neighbours, 2 bits pi electrons, 4 bits element.
func pairCodes(m *chem.Mol) []uint32 {
	hybrids, _ := hybrid.Of(m)
	codes := make([]uint32, len(m.Atoms()))
	for i := range m.Atoms() {
		element := slices.Index(pairElements[:14], m.Atoms()[i].Number)
		if element < 0 {
			element = 15
		}
		codes[i] = uint32(m.Degree(i)%7) | pairPi(m, i, hybrids[i])%3<<3 | uint32(element)<<5
	}
	return codes
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
