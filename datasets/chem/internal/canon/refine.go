package canon

import (
	"cmp"
	"slices"
)

// partition refines ordered partitions of the atoms of a fragment.
type partition struct {
	start   []int32  // neighbours of atom v: to[start[v]:start[v+1]]
	to      []int32  // atoms
	class   []uint32 // of the bonds
	core    []bool   // atoms in rings and in chains between rings
	sigs    []uint32 // signatures, laid out like to
	dirty   []int32  // atoms with a neighbour that got a new id
	isDirty []bool
	changed []int32
}

// node is an ordered partition. Like atoms have the same id; ids depend on the molecule only.
type node struct {
	order []int32 // atoms, cell by cell
	pos   []int32 // atom -> place in order
	begin []int32 // atom -> place where its cell begins
	size  []int32 // place where a cell begins -> size
	id    []int32 // atom -> id of its cell
	ids   int32   // number of ids used
}

func newNode(n int) node {
	a := make([]int32, 5*n)
	return node{order: a[:n], pos: a[n : 2*n], begin: a[2*n : 3*n], size: a[3*n : 4*n], id: a[4*n:]}
}

func (p *node) copy(q *node) {
	copy(p.order, q.order)
	copy(p.pos, q.pos)
	copy(p.begin, q.begin)
	copy(p.size, q.size)
	copy(p.id, q.id)
	p.ids = q.ids
}

// findCore peels off the atoms with one neighbour until there are none.
func (r *partition) findCore() {
	n := len(r.start) - 1
	r.core = make([]bool, n)
	degree := make([]int32, n)
	var ends []int32
	for v := range r.core {
		r.core[v] = true
		if degree[v] = r.start[v+1] - r.start[v]; degree[v] <= 1 {
			ends = append(ends, int32(v))
		}
	}
	for len(ends) > 0 {
		v := ends[len(ends)-1]
		ends = ends[:len(ends)-1]
		r.core[v] = false
		for _, u := range r.to[r.start[v]:r.start[v+1]] {
			if degree[u]--; degree[u] == 1 && r.core[u] {
				ends = append(ends, u)
			}
		}
	}
}

// single puts v into a new cell, before the others of its old cell.
func (r *partition) single(p *node, v int32) {
	b := p.begin[v]
	p.swap(p.pos[v], b)
	p.size[b+1] = p.size[b] - 1
	p.size[b] = 1
	for _, u := range p.order[b+1 : b+1+p.size[b+1]] {
		p.begin[u] = b + 1
	}
	p.id[v] = p.ids
	p.ids++
	r.touch(p, v)
}

func (p *node) swap(i, j int32) {
	u, v := p.order[i], p.order[j]
	p.order[i], p.order[j] = v, u
	p.pos[u], p.pos[v] = j, i
}

// touch marks the neighbours of v, which got a new id, as dirty unless their cells are single atoms.
func (r *partition) touch(p *node, v int32) {
	for _, u := range r.to[r.start[v]:r.start[v+1]] {
		if !r.isDirty[u] && p.size[p.begin[u]] > 1 {
			r.isDirty[u] = true
			r.dirty = append(r.dirty, u)
		}
	}
}

// refine splits cells by the ids of the neighbours until nothing changes, and returns a number that depends on the
// molecule and the cells at the beginning only.
func (r *partition) refine(p *node) uint64 {
	sum := uint64(14695981039346656037)
	for len(r.dirty) > 0 {
		list := r.dirty
		slices.SortFunc(list, func(a, b int32) int { return cmp.Compare(p.begin[a], p.begin[b]) })
		for _, v := range list {
			r.isDirty[v] = false
			r.sign(p, v)
		}
		r.changed = r.changed[:0]
		for k := 0; k < len(list); {
			end := k + 1
			for end < len(list) && p.begin[list[end]] == p.begin[list[k]] {
				end++
			}
			r.divide(p, list[k:end], &sum)
			k = end
		}
		r.dirty = list[:0]
		for _, v := range r.changed {
			r.touch(p, v)
		}
	}
	return sum
}

// sign writes the sorted ids and bonds of v's neighbours.
func (r *partition) sign(p *node, v int32) {
	s := r.sig(v)
	for k := range s {
		s[k] = uint32(p.id[r.to[int(r.start[v])+k]])<<3 | r.class[int(r.start[v])+k]
	}
	slices.Sort(s)
}

func (r *partition) sig(v int32) []uint32 { return r.sigs[r.start[v]:r.start[v+1]] }

// divide splits a cell with these dirty members: the clean ones stay in front, the dirty ones follow by signature. (A
// clean one cannot be like a dirty one, as it has no neighbour with a new id.) The largest part keeps the id.
func (r *partition) divide(p *node, dirty []int32, sum *uint64) {
	b := p.begin[dirty[0]]
	size := p.size[b]
	if size == 1 {
		return
	}
	slices.SortFunc(dirty, func(a, b int32) int { return slices.Compare(r.sig(a), r.sig(b)) })
	first := b + size - int32(len(dirty))
	for k := len(dirty) - 1; k >= 0; k-- {
		p.swap(p.pos[dirty[k]], first+int32(k))
	}
	if first > b {
		p.size[b] = first - b
	}
	for k, v := range dirty {
		at := first + int32(k)
		if k > 0 && slices.Equal(r.sig(v), r.sig(dirty[k-1])) {
			at = p.begin[dirty[k-1]]
		} else {
			p.size[at] = 0
			for _, s := range r.sig(v) {
				*sum = (*sum ^ uint64(s)) * 1099511628211
			}
		}
		p.begin[v] = at
		p.size[at]++
		*sum = (*sum ^ uint64(at)) * 1099511628211
	}
	largest := b
	for at := b; at < b+size; at += p.size[at] {
		if p.size[at] > p.size[largest] {
			largest = at
		}
	}
	for at := b; at < b+size; at += p.size[at] {
		if at == largest {
			continue
		}
		for _, v := range p.order[at : at+p.size[at]] {
			p.id[v] = p.ids
			r.changed = append(r.changed, v)
		}
		p.ids++
	}
}
