package depict

import (
	"cmp"
	"math/cmplx"
	"slices"
)

// system is a set of rings that share atoms, with coordinates of its own.
type system struct {
	atoms []int
	at    []complex128
}

// block is a part of a ring system that is drawn at once: a ring, or rings that bridge each other.
type block struct {
	atoms []int   // in ring order for one ring
	rings [][]int // one or more
}

// findSystems joins rings that share atoms and draws each such system.
func (l *layout) findSystems() {
	var rings [][]int
	for _, r := range l.m.Rings() {
		ring := make([]int, len(r))
		for k, i := range r {
			ring[k] = int(i)
		}
		rings = append(rings, ring)
	}
	bridged := groups(rings, 3)
	var blocks []block
	for _, g := range bridged {
		b := block{rings: g, atoms: g[0]}
		if len(g) > 1 {
			b.atoms = union(g)
		}
		blocks = append(blocks, b)
	}
	sets := make([][]int, len(blocks))
	for k, b := range blocks {
		sets[k] = b.atoms
	}
	for _, g := range groups(sets, 1) {
		s := &system{atoms: union(g)}
		var own []block
		for _, b := range blocks {
			if slices.Contains(s.atoms, b.atoms[0]) {
				own = append(own, b)
			}
		}
		l.drawSystem(s, own)
		for _, i := range s.atoms {
			l.system[i] = len(l.systems)
		}
		l.systems = append(l.systems, s)
	}
}

// groups joins sets of atoms that share at least so many.
func groups(sets [][]int, share int) (all [][][]int) {
	of := make([]int, len(sets)) // the group of each set
	for k := range of {
		of[k] = k
	}
	holders := map[int][]int{}
	for k, s := range sets {
		common := map[int]int{}
		for _, i := range s {
			for _, other := range holders[i] {
				common[other]++
			}
			holders[i] = append(holders[i], k)
		}
		for other := range k {
			if common[other] >= share && of[other] != of[k] {
				old, now := max(of[other], of[k]), min(of[other], of[k])
				for x := range of {
					if of[x] == old {
						of[x] = now
					}
				}
			}
		}
	}
	for k := range sets {
		var g [][]int
		for x, s := range sets {
			if of[x] == k {
				g = append(g, s)
			}
		}
		if g != nil {
			all = append(all, g)
		}
	}
	return all
}

func union(sets [][]int) (all []int) {
	all = slices.Concat(sets...)
	slices.Sort(all)
	return slices.Compact(all)
}

// drawSystem places the blocks of a system one after the other, each at those that are placed.
func (l *layout) drawSystem(s *system, blocks []block) {
	var rings [][]int
	for _, b := range blocks {
		rings = append(rings, b.rings...)
	}
	at := map[int]complex128{}
	// The block with the most neighbours comes first.
	contacts := func(b block) (n int) {
		for _, other := range blocks {
			if len(shared(b.atoms, other.atoms)) > 1 {
				n++
			}
		}
		return n
	}
	slices.SortStableFunc(blocks, func(a, b block) int {
		return cmp.Or(cmp.Compare(contacts(b), contacts(a)), cmp.Compare(len(b.atoms), len(a.atoms)))
	})
	for len(blocks) > 0 {
		best, most := 0, -1
		for k, b := range blocks {
			n := 0
			for _, i := range b.atoms {
				if _, ok := at[i]; ok {
					n++
				}
			}
			if n > most {
				best, most = k, n
			}
		}
		l.drawBlock(at, blocks[best])
		blocks = slices.Delete(blocks, best, best+1)
	}
	s.at = make([]complex128, len(s.atoms))
	for k, i := range s.atoms {
		s.at[k] = at[i]
	}
	if l.distorted(s) {
		b := block{atoms: s.atoms, rings: rings}
		s.at = l.relaxed(b)
	}
}

// distorted reports whether a bond of a system is far too short or long, or two atoms lie on each other, as in cages whose rings share only bonds.
func (l *layout) distorted(s *system) bool {
	for x, i := range s.atoms {
		for y, j := range s.atoms[:x] {
			d := cmplx.Abs(s.at[x] - s.at[y])
			if d < 0.3 || (d < 0.7 || d > 1.5) && l.m.BondBetween(i, j) >= 0 {
				return true
			}
		}
	}
	return false
}

func shared(a, b []int) (both []int) {
	for _, i := range a {
		if slices.Contains(b, i) {
			both = append(both, i)
		}
	}
	return both
}
