package fingerprint

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smarts"
)

const leastLarge, mostLarge = 8, 14

// hasLargeRing reports whether there is a cycle of 8 to 14 atoms, by the patterns of such cycles where no short way decides.
func hasLargeRing(m *chem.Mol, t *smarts.Target, cycles []*smarts.Pattern) bool {
	const mostRings = 32 // more take the searches
	rings := m.Rings()
	for k, a := range rings {
		if isLarge(len(a)) {
			return true
		}
		for _, b := range rings[:min(k, mostRings)] {
			if isLarge(len(a)+len(b)-2) && shareOneBond(a, b) {
				return true
			}
		}
	}
	return hasRingJunction(m) && slices.ContainsFunc(cycles, t.Match)
}

func isLarge(size int) bool { return size >= leastLarge && size <= mostLarge }

// shareOneBond reports whether two rings have a bond in common and no other atoms, so that a cycle runs around both.
func shareOneBond(a, b []int32) bool {
	shared, last := 0, int32(-1)
	bonded := false
	for k, i := range a {
		at := slices.Index(b, i)
		if at < 0 {
			continue
		}
		if shared++; shared > 2 {
			return false
		}
		if shared == 2 {
			previous := slices.Index(b, last)
			first := slices.Index(a, last)
			bonded = beside(first, k, len(a)) && beside(previous, at, len(b))
		}
		last = i
	}
	return bonded
}

// beside reports whether two places are next to each other in a ring of that size.
func beside(i, j, size int) bool { return (i+1)%size == j || (j+1)%size == i }

// hasRingJunction reports whether an atom has more than two bonds in rings. Without one the cycles are the rings.
func hasRingJunction(m *chem.Mol) bool {
	for i := range m.Atoms() {
		n := 0
		for _, nb := range m.Neighbors(i) {
			if m.Bonds()[nb.Bond].InRing {
				n++
			}
		}
		if n > 2 {
			return true
		}
	}
	return false
}
