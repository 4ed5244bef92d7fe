package chem

import "slices"

// summary is a number that equal partitions of equal molecules share: cells and the neighbours of one atom of each.
func (r *ranker) summary(p node) uint64 {
	h := uint64(14695981039346656037)
	mix := func(x uint64) { h = (h ^ x) * 1099511628211 }
	n := int32(len(p.order))
	for begin := int32(0); begin < n; begin = p.cellEnd(begin) {
		v := p.order[begin]
		r.sign(p, v)
		mix(uint64(begin))
		for _, s := range r.sig(v) {
			mix(uint64(s))
		}
	}
	return h
}

// target is the smallest cell of several atoms, begin < 0 if there is none. Cells of atoms with one neighbour do not
// count: once all other cells are single atoms, the members of such a cell share their neighbour and are interchangeable.
func (r *ranker) target(p node) (begin, end int32) {
	n, best := int32(len(p.order)), int32(-1)
	size := n + 1
	for b := int32(0); b < n; {
		e := p.cellEnd(b)
		v := p.order[b]
		if e-b > 1 && e-b < size && r.start[v+1]-r.start[v] > 1 {
			best, size = b, e-b
		}
		b = e
	}
	return best, best + size
}

// equivalent says whether a symmetry that keeps the atoms of the prefix takes v to one of the atoms tried.
func (r *ranker) equivalent(v int32, tried []int32, level int) bool {
	root := filled(&r.scratch, len(r.start)-1, -1)
	find := func(x int32) int32 {
		for root[x] >= 0 {
			x = root[x]
		}
		return x
	}
	for _, a := range r.autos {
		fixes := true
		for _, u := range r.prefix[:level] {
			fixes = fixes && a[u] == u
		}
		if !fixes {
			continue
		}
		for x, y := range a {
			if x, y := find(int32(x)), find(y); x != y {
				root[x] = y
			}
		}
	}
	for _, u := range tried {
		if find(u) == find(v) {
			return true
		}
	}
	return false
}

// leaf compares a complete ranking with the best one. An equal one gives a symmetry, and the search returns to where the
// two part.
func (r *ranker) leaf(p node) {
	r.leaves++
	at := make([]int32, len(p.order))
	for k, v := range p.order {
		at[v] = int32(k)
	}
	r.encode(p, at)
	c := -1
	if r.best != nil {
		c = slices.Compare(r.code, r.best)
	}
	switch {
	case c < 0:
		r.best = append(r.best[:0], r.code...)
		r.rank = at
		r.bestAt = slices.Clone(r.prefix)
	case c == 0:
		if len(r.autos) < maxAutos {
			auto := make([]int32, len(at))
			for v, k := range r.rank {
				auto[v] = p.order[k]
			}
			r.autos = append(r.autos, auto)
		}
		r.back = 0
		for r.back < len(r.prefix) && r.back < len(r.bestAt) && r.prefix[r.back] == r.bestAt[r.back] {
			r.back++
		}
	}
}

// encode writes the bonds in the order of the ranking.
func (r *ranker) encode(p node, at []int32) {
	r.code = r.code[:0]
	for _, v := range p.order {
		begin := len(r.code)
		for k := r.start[v]; k < r.start[v+1]; k++ {
			r.code = append(r.code, uint32(at[r.to[k]])<<3|r.class[k])
		}
		slices.Sort(r.code[begin:])
	}
}
