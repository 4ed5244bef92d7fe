package canon

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/graph"
)

// image is an atom and where a symmetry takes it.
type image struct{ from, to int32 }

// symmetries are those of the core that were found. The orbits are those of the symmetries that keep the atoms singled out on the way to the
// best ranking, as far as the search has come back up on this way.
type symmetries struct {
	found  [][]image // only the atoms that move
	stored int       // length of all found
	root   []int32   // orbits: a forest, -1 for a root; empty if there are none yet
	lost   bool      // orbits lack symmetries found on the way to an earlier best ranking
	other  []int32   // orbits for other nodes
	cellOf []int32   // scratch: atom -> 1 + cell of the best ranking's node, 0 if it is not listed there
	takes  []int32   // scratch: atom -> its image
	a, b   []uint64  // scratch: bonds
}

// maxStored limits the memory for symmetries. Those beyond it only serve where they are found.
const maxStored = 4_000_000

// forget makes the orbits single atoms, for another best ranking.
func (s *symmetries) forget() {
	s.root = s.root[:0]
	s.lost = len(s.found) > 0
}

// add joins the orbits under a symmetry that was found.
func (s *symmetries) add(moved []image) {
	if s.stored += len(moved); s.stored <= maxStored {
		s.found = append(s.found, moved)
	}
	if len(s.root) > 0 {
		join(s.root, moved)
	}
}

func find(root []int32, x int32) int32 {
	for root[x] >= 0 {
		if up := root[root[x]]; up >= 0 {
			root[x] = up
		}
		x = root[x]
	}
	return x
}

func join(root []int32, moved []image) {
	for _, m := range moved {
		if x, y := find(root, m.from), find(root, m.to); x != y {
			root[x] = y
		}
	}
}

// known reports whether a symmetry that keeps the atoms of the prefix takes v to one of those tried. onBest says that the node lies on the way
// to the best ranking.
func (r *ranker) known(v int32, tried, prefix []int32, onBest bool) bool {
	if len(r.found) == 0 {
		return false
	}
	root := r.root
	switch {
	case !onBest:
		r.other = r.orbits(r.other, prefix)
		root = r.other
	case r.lost || len(root) == 0:
		r.root = r.orbits(root, prefix)
		root = r.root
	}
	at := find(root, v)
	return slices.ContainsFunc(tried, func(u int32) bool { return find(root, u) == at })
}

// orbits joins the atoms under all symmetries found that keep the prefix.
func (r *ranker) orbits(root, prefix []int32) []int32 {
	root = graph.Fill(&root, len(r.order), -1)
	kept := make(map[int32]bool, len(prefix))
	for _, v := range prefix {
		kept[v] = true
	}
	for _, moved := range r.found {
		r.work -= len(moved) / 8
		if !slices.ContainsFunc(moved, func(m image) bool { return kept[m.from] }) {
			join(root, moved)
		}
	}
	return root
}

// mirrors reports whether a symmetry takes the best ranking's node to the node at hand, the two being different choices of one parent: the
// atoms alone in their cells to each other, all others to themselves. It adds the symmetry.
func (r *ranker) mirrors(level int) bool {
	if r.shared != level || level >= len(r.best.lists) {
		return false
	}
	best, here := r.best.lists[level], r.lists[level]
	if len(best) != len(here) {
		return false
	}
	if len(r.cellOf) == 0 {
		r.cellOf, r.takes = make([]int32, len(r.order)), make([]int32, len(r.order))
		for v := range r.takes {
			r.takes[v] = int32(v)
		}
	}
	r.work -= len(here)
	for _, p := range best {
		r.cellOf[p.atom] = p.begin + 1
	}
	same := true
	var moved []image
	for k, p := range here {
		q := best[k]
		if p.begin != q.begin || p.alone != q.alone || r.cellOf[p.atom] == 0 || !p.alone && r.cellOf[p.atom] != p.begin+1 {
			same = false
			break
		}
		if p.alone && p.atom != q.atom {
			moved = append(moved, image{q.atom, p.atom})
		}
	}
	for _, p := range best {
		r.cellOf[p.atom] = 0
	}
	if !same || !r.keepsBonds(moved) {
		return false
	}
	r.add(moved)
	return true
}

// keepsBonds reports whether a permutation takes bonds to bonds.
func (r *ranker) keepsBonds(moved []image) bool {
	for _, m := range moved {
		r.takes[m.from] = m.to
	}
	defer func() {
		for _, m := range moved {
			r.takes[m.from] = m.from
		}
	}()
	for _, m := range moved {
		r.a, r.b = r.a[:0], r.b[:0]
		for k := r.start[m.from]; k < r.start[m.from+1]; k++ {
			if u := r.to[k]; r.core[u] {
				r.a = append(r.a, uint64(r.takes[u])<<3|uint64(r.class[k]))
			}
		}
		for k := r.start[m.to]; k < r.start[m.to+1]; k++ {
			if u := r.to[k]; r.core[u] {
				r.b = append(r.b, uint64(u)<<3|uint64(r.class[k]))
			}
		}
		slices.Sort(r.a)
		slices.Sort(r.b)
		if !slices.Equal(r.a, r.b) {
			return false
		}
	}
	return true
}
