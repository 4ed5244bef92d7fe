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
	scratch
}

// scratch holds facts about each atom for mirrors.
type scratch struct {
	inBest, inHere []int32 // 1 + the cell of the best ranking's node, of the node at hand, 0 for an atom that is not listed there
	image          []int32 // where the symmetry takes it, -1 if that is not known
	taken          []bool  // it is the image of one
	queue          []int32
	a, b           []uint64 // bonds
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

// mirrors reports whether a symmetry takes the best ranking's node to the node at hand, the two being different choices of one parent, and adds
// it. It looks for one that takes the atoms that have new cells in the one node to those in the other, by their cells and neighbours, and back
// again if they are others; all other atoms stay.
func (r *ranker) mirrors(level int) bool {
	if r.shared != level || level >= len(r.best.lists) {
		return false
	}
	best, here := r.best.lists[level], r.lists[level]
	if !slices.EqualFunc(best, here, func(a, b place) bool { return a.begin == b.begin && a.alone == b.alone }) {
		return false
	}
	if len(r.image) == 0 {
		n := len(r.order)
		r.inBest, r.inHere, r.image, r.taken = make([]int32, n), make([]int32, n), make([]int32, n), make([]bool, n)
		for v := range r.image {
			r.image[v] = -1
		}
	}
	r.work -= len(here)
	for k, p := range best {
		r.inBest[p.atom], r.inHere[here[k].atom] = p.begin+1, p.begin+1
	}
	r.pairNeighbors(best, here)
	moved, ok := r.permutation(best)
	ok = ok && r.keepsBonds(moved)
	for k, p := range best {
		q := here[k].atom
		r.inBest[p.atom], r.inHere[q] = 0, 0
		r.image[p.atom], r.image[q] = -1, -1
		r.taken[p.atom], r.taken[q] = false, false
	}
	if ok {
		r.add(moved)
	}
	return ok
}

// pairNeighbors gives each atom alone in its cell its image, and then pairs the neighbours of the two.
func (r *ranker) pairNeighbors(best, here []place) {
	pair := func(v, u int32) {
		r.image[v], r.taken[u] = u, true
		r.queue = append(r.queue, v)
	}
	r.queue = r.queue[:0]
	for k, p := range best {
		if p.alone {
			pair(p.atom, here[k].atom)
		}
	}
	for k := 0; k < len(r.queue); k++ {
		v := r.queue[k]
		u := r.image[v]
		for i := r.start[v]; i < r.start[v+1]; i++ {
			x := r.to[i]
			if r.inBest[x] == 0 || r.image[x] >= 0 {
				continue
			}
			found := int32(-1)
			for j := r.start[u]; j < r.start[u+1]; j++ {
				if y := r.to[j]; r.inHere[y] == r.inBest[x] && !r.taken[y] && r.class[j] == r.class[i] && (found < 0 || y == x) {
					found = y
				}
			}
			if found >= 0 {
				pair(x, found)
			}
		}
	}
}

// permutation completes the images to a permutation of the listed atoms and returns those that move. It reports false if that fails.
func (r *ranker) permutation(best []place) (moved []image, ok bool) {
	for _, p := range best {
		v := p.atom
		if r.image[v] < 0 { // it may stay
			if r.inHere[v] != r.inBest[v] || r.taken[v] {
				return nil, false
			}
			r.image[v], r.taken[v] = v, true
		}
	}
	for _, p := range best {
		v := p.atom
		u := r.image[v]
		if (r.inBest[u] == 0) != (r.inHere[v] == 0) {
			return nil, false
		}
		if u != v {
			moved = append(moved, image{v, u})
		}
		if r.inBest[u] == 0 {
			r.image[u] = v
			moved = append(moved, image{u, v})
		}
	}
	return moved, true
}

// keepsBonds reports whether a permutation, which r.image holds too, takes bonds to bonds.
func (r *ranker) keepsBonds(moved []image) bool {
	for _, m := range moved {
		r.a, r.b = r.a[:0], r.b[:0]
		for k := r.start[m.from]; k < r.start[m.from+1]; k++ {
			u := r.to[k]
			if !r.core[u] {
				continue
			}
			if r.image[u] >= 0 {
				u = r.image[u]
			}
			r.a = append(r.a, uint64(u)<<classBits|uint64(r.class[k]))
		}
		for k := r.start[m.to]; k < r.start[m.to+1]; k++ {
			if u := r.to[k]; r.core[u] {
				r.b = append(r.b, uint64(u)<<classBits|uint64(r.class[k]))
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
