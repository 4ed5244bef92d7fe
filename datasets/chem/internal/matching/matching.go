// Package matching pairs atoms by double bonds: a maximum matching in a general graph by augmenting paths with contracted
// odd cycles (Edmonds, Canad. J. Math. 1965, 17, 449).
package matching

import "github.com/selfnorm/selfnorm/datasets/chem/internal/graph"

// The needs of an atom.
const (
	Never  = 0 // it cannot be paired
	Always = 1 // it must be paired
	Maybe  = 2 // it may be paired or stay single
)

// Matching is the state of a search and its result. The zero value is ready for use, by one goroutine at a time, and
// reuses its memory.
type Matching struct {
	Mate []int32 // partner of each atom, -1 if it is single

	g      *graph.Graph
	needs  []int32
	usable []bool
	parent []int32 // in the alternating forest
	base   []int32 // of the contracted odd cycle that an atom is in
	label  []int32 // 1 if reached by a path of even length
	mark   []int32 // visits of commonBase
	visit  int32
	queue  []int32
	spare  bool // whether atoms that may stay single take part
}

// Release forgets the molecule of the last search, but not the memory.
func (t *Matching) Release() { t.g, t.needs, t.usable = nil, nil, nil }

// Find pairs neighbours across usable bonds and returns an atom that must be paired and cannot be, -1 if there is none.
// needs has one entry per atom, usable one per bond; a bond to an atom that is never paired must not be usable.
func (t *Matching) Find(g *graph.Graph, needs []int32, usable []bool) int {
	n := g.Len()
	t.g, t.needs, t.usable, t.visit, t.queue = g, needs, usable, 0, t.queue[:0]
	t.Mate, t.parent = graph.Fill(&t.Mate, n, -1), graph.Fill(&t.parent, n, -1)
	t.base, t.label, t.mark = graph.Fill(&t.base, n, 0), graph.Fill(&t.label, n, 0), graph.Fill(&t.mark, n, 0)
	t.greedy()
	// Atoms that may stay single are paired only with those for which there is no other partner, so that a result that is written down, with
	// their double bonds, gives no others when it is read.
	for _, t.spare = range []bool{false, true} {
		for i := range t.Mate {
			if needs[i] == Always && t.Mate[i] < 0 && !t.augment(int32(i)) && t.spare {
				return i
			}
		}
	}
	return -1
}

// greedy pairs atoms that have one free neighbour only as long as there are such atoms, else the next atom with any
// free neighbour. That leaves few atoms single.
func (t *Matching) greedy() {
	free := t.label // free neighbours; label is not in use yet
	for i := range free {
		for _, e := range t.g.Neighbors(int32(i)) {
			if t.usable[e.Bond] && t.needs[i] == Always && t.needs[e.Atom] == Always {
				free[i]++
			}
		}
	}
	for i := range free {
		if free[i] == 1 {
			t.queue = append(t.queue, int32(i))
		}
	}
	for i := range free {
		t.drain()
		if t.Mate[i] < 0 && free[i] > 0 {
			t.pair(int32(i))
		}
	}
	t.drain()
}

func (t *Matching) drain() {
	for len(t.queue) > 0 {
		v := t.queue[len(t.queue)-1]
		t.queue = t.queue[:len(t.queue)-1]
		if t.Mate[v] < 0 && t.label[v] == 1 {
			t.pair(v)
		}
	}
}

// pair joins v and its first free neighbour and queues the atoms that have one free neighbour left.
func (t *Matching) pair(v int32) {
	for _, e := range t.g.Neighbors(v) {
		if t.Mate[e.Atom] >= 0 || !t.usable[e.Bond] || t.needs[e.Atom] != Always || t.needs[v] != Always {
			continue
		}
		t.Mate[v], t.Mate[e.Atom] = e.Atom, v
		t.unlist(v)
		t.unlist(e.Atom)
		return
	}
}

// unlist takes v from the free neighbours of its neighbours.
func (t *Matching) unlist(v int32) {
	for _, e := range t.g.Neighbors(v) {
		if t.usable[e.Bond] && t.needs[e.Atom] == Always {
			if t.label[e.Atom]--; t.label[e.Atom] == 1 {
				t.queue = append(t.queue, e.Atom)
			}
		}
	}
}

// augment looks for an alternating path from root to another single atom, or to one that may become single, and flips
// it.
func (t *Matching) augment(root int32) bool {
	for i := range t.parent {
		t.parent[i], t.base[i], t.label[i] = -1, int32(i), 0
	}
	t.label[root] = 1
	t.queue = append(t.queue[:0], root)
	for k := 0; k < len(t.queue); k++ {
		v := t.queue[k]
		if v != root && t.needs[v] == Maybe {
			u := t.Mate[v]
			t.Mate[v] = -1
			t.flip(u)
			return true
		}
		for _, e := range t.g.Neighbors(v) {
			u := e.Atom
			if !t.usable[e.Bond] || t.base[v] == t.base[u] || t.Mate[v] == u || !t.spare && t.needs[u] == Maybe {
				continue
			}
			switch {
			case u == root || t.Mate[u] >= 0 && t.parent[t.Mate[u]] >= 0:
				t.contract(v, u)
			case t.parent[u] >= 0:
			case t.Mate[u] < 0:
				t.parent[u] = v
				t.flip(u)
				return true
			default:
				t.parent[u] = v
				t.label[t.Mate[u]] = 1
				t.queue = append(t.queue, t.Mate[u])
			}
		}
	}
	return false
}

// flip exchanges paired and unpaired bonds on the path from u back to the root.
func (t *Matching) flip(u int32) {
	for u >= 0 {
		v := t.parent[u]
		next := t.Mate[v]
		t.Mate[u], t.Mate[v] = v, u
		u = next
	}
}

// contract joins the odd cycle that the bond between v and u closes into one.
func (t *Matching) contract(v, u int32) {
	b := t.commonBase(v, u)
	t.visit++
	t.markPath(v, b, u)
	t.markPath(u, b, v)
	for i := range t.base {
		if t.mark[t.base[i]] != t.visit {
			continue
		}
		t.base[i] = b
		if t.label[i] == 0 {
			t.label[i] = 1
			t.queue = append(t.queue, int32(i))
		}
	}
}

// commonBase is the nearest common ancestor of two contracted cycles.
func (t *Matching) commonBase(v, u int32) int32 {
	t.visit++
	for {
		v = t.base[v]
		t.mark[v] = t.visit
		if t.Mate[v] < 0 {
			break
		}
		v = t.parent[t.Mate[v]]
	}
	for {
		u = t.base[u]
		if t.mark[u] == t.visit {
			return u
		}
		u = t.parent[t.Mate[u]]
	}
}

// markPath marks the cycles on the path from v up to base b and lets its odd atoms reach the other side through child.
func (t *Matching) markPath(v, b, child int32) {
	for t.base[v] != b {
		t.mark[t.base[v]] = t.visit
		t.mark[t.base[t.Mate[v]]] = t.visit
		t.parent[v] = child
		child = t.Mate[v]
		v = t.parent[t.Mate[v]]
	}
}
