package chem

// matching pairs atoms that need a double bond with neighbours across aromatic bonds: a maximum matching in a general
// graph by augmenting paths with contracted odd cycles (Edmonds, Canad. J. Math. 1965, 17, 449).
type matching struct {
	m      *Mol
	needs  []int32
	mate   []int32 // -1 if single
	parent []int32 // in the alternating forest
	base   []int32 // of the contracted odd cycle that an atom is in
	label  []int32 // 1 if reached by a path of even length
	mark   []int32 // visits of commonBase
	visit  int32
	queue  []int32
}

func newMatching(m *Mol, w *workspace, needs []int32) *matching {
	n := len(m.Atoms)
	return &matching{m: m, needs: needs,
		mate: filled(&w.atomB, n, -1), parent: filled(&w.atomC, n, -1), base: filled(&w.atomD, n, 0),
		label: filled(&w.atomE, n, 0), mark: filled(&w.atomF, n, 0), queue: w.queue[:0]}
}

// usable says whether a bond may become a double bond.
func (t *matching) usable(b *Bond) bool {
	if t.needs[b.Begin] == 0 || t.needs[b.End] == 0 || !b.InRing {
		return false
	}
	return b.Aromatic || b.Order == 1 && (t.m.Atoms[b.Begin].Number == 0 || t.m.Atoms[b.End].Number == 0)
}

// complete pairs all atoms that must be paired and returns one that cannot be, -1 if there is none.
func (t *matching) complete() int {
	t.greedy()
	for i := range t.mate {
		if t.needs[i] == 1 && t.mate[i] < 0 && t.m.Atoms[i].Number != 0 && !t.augment(int32(i)) {
			return i
		}
	}
	return -1
}

// greedy pairs atoms that have one free neighbour only as long as there are such atoms, else the next atom with any
// free neighbour. That leaves few atoms single.
func (t *matching) greedy() {
	free := t.label // free neighbours; label is not in use yet
	for k := range t.m.Bonds {
		if b := &t.m.Bonds[k]; t.usable(b) && t.m.Atoms[b.Begin].Number != 0 && t.m.Atoms[b.End].Number != 0 {
			free[b.Begin]++
			free[b.End]++
		}
	}
	for i := range free {
		if free[i] == 1 {
			t.queue = append(t.queue, int32(i))
		}
	}
	for i := range free {
		t.drain()
		if t.mate[i] < 0 && free[i] > 0 {
			t.pair(int32(i))
		}
	}
	t.drain()
}

func (t *matching) drain() {
	for len(t.queue) > 0 {
		v := t.queue[len(t.queue)-1]
		t.queue = t.queue[:len(t.queue)-1]
		if t.mate[v] < 0 && t.label[v] == 1 {
			t.pair(v)
		}
	}
}

// pair joins v and its first free neighbour and queues the atoms that have one free neighbour left.
func (t *matching) pair(v int32) {
	for _, e := range t.m.Neighbors(int(v)) {
		if t.mate[e.Atom] >= 0 || !t.usable(&t.m.Bonds[e.Bond]) || t.m.Atoms[e.Atom].Number == 0 || t.m.Atoms[v].Number == 0 {
			continue
		}
		t.mate[v], t.mate[e.Atom] = e.Atom, v
		t.unlist(v)
		t.unlist(e.Atom)
		return
	}
}

// unlist takes v from the free neighbours of its neighbours.
func (t *matching) unlist(v int32) {
	for _, e := range t.m.Neighbors(int(v)) {
		if t.usable(&t.m.Bonds[e.Bond]) && t.m.Atoms[e.Atom].Number != 0 {
			if t.label[e.Atom]--; t.label[e.Atom] == 1 {
				t.queue = append(t.queue, e.Atom)
			}
		}
	}
}

// augment looks for an alternating path from root to another single atom and flips it.
func (t *matching) augment(root int32) bool {
	for i := range t.parent {
		t.parent[i], t.base[i], t.label[i] = -1, int32(i), 0
	}
	t.label[root] = 1
	t.queue = append(t.queue[:0], root)
	for k := 0; k < len(t.queue); k++ {
		v := t.queue[k]
		for _, e := range t.m.Neighbors(int(v)) {
			u := e.Atom
			if !t.usable(&t.m.Bonds[e.Bond]) || t.base[v] == t.base[u] || t.mate[v] == u {
				continue
			}
			switch {
			case u == root || t.mate[u] >= 0 && t.parent[t.mate[u]] >= 0:
				t.contract(v, u)
			case t.parent[u] >= 0:
			case t.mate[u] < 0:
				t.parent[u] = v
				t.flip(u)
				return true
			default:
				t.parent[u] = v
				t.label[t.mate[u]] = 1
				t.queue = append(t.queue, t.mate[u])
			}
		}
	}
	return false
}

// flip exchanges paired and unpaired bonds on the path from u back to the root.
func (t *matching) flip(u int32) {
	for u >= 0 {
		v := t.parent[u]
		next := t.mate[v]
		t.mate[u], t.mate[v] = v, u
		u = next
	}
}

// contract joins the odd cycle that the bond between v and u closes into one.
func (t *matching) contract(v, u int32) {
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
func (t *matching) commonBase(v, u int32) int32 {
	t.visit++
	for {
		v = t.base[v]
		t.mark[v] = t.visit
		if t.mate[v] < 0 {
			break
		}
		v = t.parent[t.mate[v]]
	}
	for {
		u = t.base[u]
		if t.mark[u] == t.visit {
			return u
		}
		u = t.parent[t.mate[u]]
	}
}

// markPath marks the cycles on the path from v up to base b and lets its odd atoms reach the other side through child.
func (t *matching) markPath(v, b, child int32) {
	for t.base[v] != b {
		t.mark[t.base[v]] = t.visit
		t.mark[t.base[t.mate[v]]] = t.visit
		t.parent[v] = child
		child = t.mate[v]
		v = t.parent[t.mate[v]]
	}
}
