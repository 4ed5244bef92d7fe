package canon

import (
	"slices"
	"sync"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// ranker finds a canonical order of the atoms of a fragment: it refines a partition into cells of like atoms, and where
// refinement ends it searches over the members of a cell, pruned by the symmetries found on the way (McKay and Piperno,
// J. Symb. Comput. 2014, 60, 94). Most symmetries are found without going down to a complete ranking (Darga and others, "Faster symmetry
// discovery using sparsity of symmetries", DAC 2008).
//
// Only the core is searched: refinement distinguishes all trees, so like branches are interchangeable.
type ranker struct {
	partition
	symmetries
	prefix []int32    // atoms singled out on the way to the node at hand
	lists  [][]place  // of the nodes on the way
	back   int        // level to return to, beyond all levels if none
	trace  [][]uint64 // summaries of the nodes on the way to the best ranking
	sums   []uint64   // of the node at hand
	best   leaf
	shared int      // levels that the way at hand has in common with the best one, -1 if there is no best one yet
	code   []uint32 // of the ranking at hand
	keys   []uint64 // of the atoms
}

// leaf is a complete ranking of the core.
type leaf struct {
	code  []uint32 // its bonds, nil if there is none yet
	order []int32
	at    []int32 // atoms singled out on the way
	lists [][]place
}

// place is an atom of the core in a cell that is new at a node. alone is set if it is the only one there.
type place struct {
	begin, atom int32
	alone       bool
}

// maxWork limits the atoms looked at; beyond it, like atoms are taken as interchangeable.
const maxWork = 10_000_000

// rankAtoms fills rank for the atoms of one fragment with 0, 1, ... in an order that depends on the molecule only. local
// is scratch memory for one entry per atom of the molecule.
func rankAtoms(m *chem.Mol, atoms []int32, kekule bool, local, rank []int32) {
	r := rankers.Get().(*ranker)
	defer rankers.Put(r)
	r.reset(m, atoms, kekule, local)
	r.sums, _ = r.refine(nil, r.sums[:0])
	r.search(0, 0)
	for _, v := range r.best.at {
		r.single(v)
		r.sums, _ = r.refine(nil, r.sums[:0])
	}
	r.finish()
	for v, i := range atoms {
		rank[i] = r.pos[v]
	}
}

// rankers serve one fragment after another with their memory.
var rankers = sync.Pool{New: func() any { return new(ranker) }}

// reset prepares a fragment.
func (r *ranker) reset(m *chem.Mol, atoms []int32, kekule bool, local []int32) {
	n := len(atoms)
	*r = ranker{partition: r.partition.empty(), prefix: r.prefix[:0], lists: r.lists, trace: r.trace[:0], sums: r.sums[:0], code: r.code[:0], keys: r.keys, back: 1 << 30, shared: -1}
	r.work = maxWork
	r.start = sized(r.start, n+1)
	r.start[0] = 0
	for v, i := range atoms {
		local[i] = int32(v)
		r.start[v+1] = r.start[v] + int32(m.Degree(int(i)))
	}
	for _, i := range atoms {
		for _, e := range m.Neighbors(int(i)) {
			r.to = append(r.to, local[e.Atom])
			r.class = append(r.class, BondClass(m, e.Bond, i, kekule))
		}
	}
	r.findCore(n)
	r.keys = sized(r.keys, n)
	for v, i := range atoms {
		r.keys[v] = atomKey(m, i, kekule) << 1
		if r.core[v] {
			r.keys[v]++
		}
	}
	r.init(n, r.keys)
}

// sized returns s with length n, or a new slice if it is too short. It may hold anything.
func sized[T any](s []T, n int) []T { return slices.Grow(s[:0], n)[:n] }

// search goes down from the partition at hand to complete rankings. No cell of several core atoms begins before from.
func (r *ranker) search(level int, from int32) {
	begin := r.target(from)
	if begin < 0 {
		if level > 0 {
			r.leaf()
		}
		return
	}
	var tried []int32
	for _, v := range slices.Clone(r.order[begin : begin+r.size[begin]]) {
		if len(tried) > 0 {
			if r.work < 0 {
				return
			}
			if r.known(v, tried, r.prefix[:level], r.shared >= level) {
				continue
			}
		}
		tried = append(tried, v)
		r.prefix = append(r.prefix[:level], v)
		r.shared = min(r.shared, level)
		before := r.mark()
		r.single(v)
		if r.follow(level) {
			r.list(level, before)
			if !r.mirrors(level) {
				r.search(level+1, begin)
			}
		}
		r.undo(before)
		if r.back < level {
			return
		}
		r.back = 1 << 30
	}
}

// follow refines the partition at a new node and reports whether to go on: not if its summary comes behind that of the best ranking's node of
// the same level.
func (r *ranker) follow(level int) bool {
	var best *[]uint64
	if level < len(r.trace) {
		best = &r.trace[level]
	}
	sums, ok := r.refine(best, r.sums[:0])
	r.sums = sums
	if !ok {
		return false
	}
	if best != nil && !slices.Equal(sums, *best) {
		r.trace = r.trace[:level]
		r.best.code = nil
		r.shared = -1
	}
	if level == len(r.trace) {
		r.trace = append(r.trace, slices.Clone(sums))
	}
	return true
}

// target is the beginning of the first cell of several core atoms, -1 if there is none.
func (r *ranker) target(from int32) int32 {
	for b := from; int(b) < len(r.order); b += r.size[b] {
		if r.size[b] > 1 && r.core[r.order[b]] {
			return b
		}
	}
	return -1
}

// finish makes all cells single atoms, taking the members of a cell as interchangeable.
func (r *ranker) finish() {
	for b := int32(0); int(b) < len(r.order); b++ {
		for r.size[b] > 1 {
			r.single(r.order[b])
			r.sums, _ = r.refine(nil, r.sums[:0])
		}
	}
}

// list notes the core atoms whose cells are new since a mark, cell by cell, and those left alone by the others of their cell.
func (r *ranker) list(level int, since mark) {
	if level == len(r.lists) {
		r.lists = append(r.lists, nil)
	}
	list := r.lists[level][:0]
	for _, at := range r.cells[since.cells:] {
		for _, v := range r.order[at : at+r.size[at]] {
			if r.core[v] {
				list = append(list, place{at, v, r.size[at] == 1})
			}
		}
	}
	alone := len(list)
	for _, s := range r.splits[since.splits:] {
		if v := r.order[s.begin]; r.core[v] && r.size[s.begin] == 1 {
			list = append(list, place{s.begin, v, true})
		}
	}
	slices.SortFunc(list[alone:], func(a, b place) int { return int(a.begin - b.begin) })
	rest := slices.CompactFunc(list[alone:], func(a, b place) bool { return a.begin == b.begin })
	r.lists[level] = list[:alone+len(rest)]
}

// leaf compares a complete ranking with the best one. An equal one gives a symmetry, and the search returns to where the
// two part.
func (r *ranker) leaf() {
	r.work -= len(r.order)
	r.encode()
	c := -1
	if r.best.code != nil {
		c = slices.Compare(r.code, r.best.code)
	}
	switch {
	case c < 0:
		r.best.code = append(r.best.code[:0], r.code...)
		r.best.order = append(r.best.order[:0], r.order...)
		r.best.at = append(r.best.at[:0], r.prefix...)
		r.best.lists = r.best.lists[:0]
		for level := range r.prefix {
			r.best.lists = append(r.best.lists, slices.Clone(r.lists[level]))
		}
		r.shared = len(r.prefix)
		r.forget()
	case c == 0:
		var moved []image
		for k, v := range r.best.order {
			if u := r.order[k]; u != v && r.core[v] {
				moved = append(moved, image{v, u})
			}
		}
		r.add(moved)
		r.back = r.shared
	}
}

// encode writes the bonds of the core in the order of the ranking.
func (r *ranker) encode() {
	r.code = r.code[:0]
	for _, v := range r.order {
		if !r.core[v] {
			continue
		}
		begin := len(r.code)
		for k := r.start[v]; k < r.start[v+1]; k++ {
			if r.core[r.to[k]] {
				r.code = append(r.code, uint32(r.pos[r.to[k]])<<classBits|r.class[k])
			}
		}
		slices.Sort(r.code[begin:])
		r.code = append(r.code, 1<<31)
	}
}
