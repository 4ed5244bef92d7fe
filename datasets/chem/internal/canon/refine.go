package canon

import (
	"cmp"
	"slices"
)

// partition is an ordered partition of the atoms of a fragment into cells. It is refined until the atoms of a cell have like neighbours, and a
// log allows going back. Like atoms have the same id; ids depend on the molecule only.
type partition struct {
	start []int32  // neighbours of atom v: to[start[v]:start[v+1]]
	to    []int32  // atoms
	class []uint32 // of the bonds
	core  []bool   // atoms in rings and in chains between rings

	order []int32 // atoms, cell by cell
	pos   []int32 // atom -> place in order
	begin []int32 // atom -> place where its cell begins
	size  []int32 // place where a cell begins -> size
	id    []int32 // atom -> id of its cell
	ids   int32   // number of ids used

	splits []split // cells divided
	cells  []int32 // places where new cells began
	work   int     // atoms whose neighbours may still be looked at

	sigs    []uint32 // signatures, laid out like to
	dirty   []int32  // atoms with a neighbour that got a new id
	isDirty []bool
	changed []int32

	arrays       []int32 // memory of order and those behind it
	degree, ends []int32 // of findCore
}

// split is a cell before it was divided.
type split struct{ begin, size, id int32 }

// mark is a state of a partition to which one can go back.
type mark struct {
	splits, cells int
	ids           int32
}

func (r *partition) mark() mark { return mark{len(r.splits), len(r.cells), r.ids} }

// empty is a partition of nothing with the memory of this one.
func (r *partition) empty() partition {
	return partition{
		start: r.start, to: r.to[:0], class: r.class[:0], core: r.core, arrays: r.arrays, splits: r.splits[:0], cells: r.cells[:0],
		sigs: r.sigs, dirty: r.dirty[:0], isDirty: r.isDirty, changed: r.changed[:0], degree: r.degree, ends: r.ends[:0],
	}
}

// init sorts n atoms into cells of equal keys.
func (r *partition) init(n int, keys []uint64) {
	r.arrays = sized(r.arrays, 5*n)
	a := r.arrays
	clear(a)
	r.order, r.pos, r.begin, r.size, r.id = a[:n], a[n:2*n], a[2*n:3*n], a[3*n:4*n], a[4*n:]
	r.sigs, r.isDirty = sized(r.sigs, len(r.to)), sized(r.isDirty, n)
	for v := range r.order {
		r.order[v] = int32(v)
		r.dirty = append(r.dirty, int32(v))
		r.isDirty[v] = true
	}
	slices.SortFunc(r.order, func(a, b int32) int { return cmp.Compare(keys[a], keys[b]) })
	begin := int32(0)
	for k, v := range r.order {
		if k > 0 && keys[v] != keys[r.order[k-1]] {
			begin = int32(k)
			r.ids++
		}
		r.pos[v], r.begin[v], r.id[v] = int32(k), begin, r.ids
		r.size[begin] = int32(k) + 1 - begin
	}
	r.ids++
}

// findCore peels off the atoms with one neighbour until there are none.
func (r *partition) findCore(n int) {
	r.core, r.degree = sized(r.core, n), sized(r.degree, n)
	degree, ends := r.degree, r.ends[:0]
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
		for _, u := range r.near(v) {
			if degree[u]--; degree[u] == 1 && r.core[u] {
				ends = append(ends, u)
			}
		}
	}
	r.ends = ends
}

func (r *partition) near(v int32) []int32 { return r.to[r.start[v]:r.start[v+1]] }

// single puts v into a new cell, behind the others of its old cell.
func (r *partition) single(v int32) {
	b := r.begin[v]
	last := b + r.size[b] - 1
	r.splits = append(r.splits, split{b, r.size[b], r.id[v]})
	r.cells = append(r.cells, last)
	r.swap(r.pos[v], last)
	r.size[b]--
	r.size[last] = 1
	r.begin[v] = last
	r.id[v] = r.ids
	r.ids++
	r.touch(v)
}

func (r *partition) swap(i, j int32) {
	u, v := r.order[i], r.order[j]
	r.order[i], r.order[j] = v, u
	r.pos[u], r.pos[v] = j, i
}

// touch marks the neighbours of v, which got a new id, as dirty unless their cells are single atoms.
func (r *partition) touch(v int32) {
	for _, u := range r.near(v) {
		if !r.isDirty[u] && r.size[r.begin[u]] > 1 {
			r.isDirty[u] = true
			r.dirty = append(r.dirty, u)
		}
	}
}

// refine splits cells by the ids of the neighbours until nothing changes. It appends a number for each round to sums, which depend on the
// molecule and the cells at the beginning only. If best is not nil and the numbers come behind its, refine stops early and reports false.
func (r *partition) refine(best *[]uint64, sums []uint64) ([]uint64, bool) {
	same := best != nil
	sum := uint64(14695981039346656037)
	for len(r.dirty) > 0 {
		list := r.dirty
		r.work -= len(list)
		slices.SortFunc(list, func(a, b int32) int { return cmp.Compare(r.begin[a], r.begin[b]) })
		for _, v := range list {
			r.isDirty[v] = false
			r.sign(v)
		}
		r.changed = r.changed[:0]
		for k := 0; k < len(list); {
			end := k + 1
			for end < len(list) && r.begin[list[end]] == r.begin[list[k]] {
				end++
			}
			r.divide(list[k:end], &sum)
			k = end
		}
		r.dirty = list[:0]
		if same && (len(sums) == len(*best) || sum > (*best)[len(sums)]) {
			return sums, false
		}
		same = same && sum == (*best)[len(sums)]
		sums = append(sums, sum)
		for _, v := range r.changed {
			r.touch(v)
		}
	}
	return sums, true
}

// sign writes the sorted ids and bonds of v's neighbours.
func (r *partition) sign(v int32) {
	s := r.sig(v)
	for k := range s {
		s[k] = uint32(r.id[r.to[int(r.start[v])+k]])<<classBits | r.class[int(r.start[v])+k]
	}
	slices.Sort(s)
}

func (r *partition) sig(v int32) []uint32 { return r.sigs[r.start[v]:r.start[v+1]] }

// divide splits a cell with these dirty members: the clean ones stay in front, the dirty ones follow by signature. (A
// clean one cannot be like a dirty one, as it has no neighbour with a new id.) The largest part keeps the id.
func (r *partition) divide(dirty []int32, sum *uint64) {
	b := r.begin[dirty[0]]
	size, id := r.size[b], r.id[dirty[0]]
	if size == 1 {
		return
	}
	slices.SortFunc(dirty, func(a, b int32) int { return slices.Compare(r.sig(a), r.sig(b)) })
	first := b + size - int32(len(dirty))
	for k := len(dirty) - 1; k >= 0; k-- {
		r.swap(r.pos[dirty[k]], first+int32(k))
	}
	if first > b {
		r.size[b] = first - b
	}
	for k, v := range dirty {
		at := first + int32(k)
		if k > 0 && slices.Equal(r.sig(v), r.sig(dirty[k-1])) {
			at = r.begin[dirty[k-1]]
		} else {
			r.size[at] = 0
			if at > b {
				r.cells = append(r.cells, at)
			}
			for _, s := range r.sig(v) {
				*sum = (*sum ^ uint64(s)) * 1099511628211
			}
		}
		r.begin[v] = at
		r.size[at]++
		*sum = (*sum ^ uint64(at)) * 1099511628211
	}
	if r.size[b] == size {
		return
	}
	r.splits = append(r.splits, split{b, size, id})
	largest := b
	for at := b; at < b+size; at += r.size[at] {
		if r.size[at] > r.size[largest] {
			largest = at
		}
	}
	for at := b; at < b+size; at += r.size[at] {
		if at == largest {
			continue
		}
		for _, v := range r.order[at : at+r.size[at]] {
			r.id[v] = r.ids
			r.changed = append(r.changed, v)
		}
		r.ids++
	}
}

// undo joins the cells divided since a mark. The order within a cell may be another one then.
func (r *partition) undo(to mark) {
	for k := len(r.splits) - 1; k >= to.splits; k-- {
		s := r.splits[k]
		for at := s.begin; at < s.begin+s.size; at += r.size[at] {
			if at == s.begin && r.id[r.order[at]] == s.id {
				continue
			}
			for _, v := range r.order[at : at+r.size[at]] {
				r.begin[v], r.id[v] = s.begin, s.id
			}
		}
		r.size[s.begin] = s.size
	}
	r.splits, r.cells, r.ids = r.splits[:to.splits], r.cells[:to.cells], to.ids
}
