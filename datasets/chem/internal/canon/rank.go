package canon

import (
	"cmp"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/graph"
)

// ranker finds a canonical order of the atoms of a fragment: it refines a partition into cells of like atoms, and where
// refinement ends it searches over the members of a cell, pruned by the symmetries found on the way (McKay and Piperno,
// J. Symb. Comput. 2014, 60, 94). Atoms outside rings and the chains between them need no search: refinement
// distinguishes all trees, so like branches are interchangeable.
type ranker struct {
	partition
	nodes  []node // one per level of the search
	prefix []int32
	back   int      // level to return to, beyond all levels if none
	trace  []uint64 // summaries of the nodes on the way to the best ranking
	best   []uint32 // code of the best ranking, nil if there is none yet
	rank   []int32  // the best ranking
	bestAt []int32  // prefix of the best ranking
	code   []uint32
	autos  [][]int32
	budget int // atoms of nodes that may still be looked at
	roots  []int32
}

const (
	maxAutos   = 256       // symmetries kept
	maxVisited = 4_000_000 // atoms of nodes looked at; beyond it, like atoms are taken as interchangeable
)

// rankAtoms fills rank for the atoms of one fragment with 0, 1, ... in an order that depends on the molecule only. local
// is scratch memory for one entry per atom of the molecule.
func rankAtoms(m *chem.Mol, atoms []int32, kekule bool, local, rank []int32) {
	r := newRanker(m, atoms, kekule, local)
	r.search(0)
	for v, i := range atoms {
		rank[i] = r.rank[v]
	}
}

func newRanker(m *chem.Mol, atoms []int32, kekule bool, local []int32) *ranker {
	n := len(atoms)
	keys := make([]uint64, n)
	r := &ranker{back: 1 << 30, budget: maxVisited}
	r.start = make([]int32, n+1)
	for v, i := range atoms {
		local[i] = int32(v)
		keys[v] = atomKey(m, i, kekule)
		r.start[v+1] = r.start[v] + int32(m.Degree(int(i)))
	}
	r.to = make([]int32, 0, r.start[n])
	r.class = make([]uint32, 0, r.start[n])
	for _, i := range atoms {
		for _, e := range m.Neighbors(int(i)) {
			r.to = append(r.to, local[e.Atom])
			r.class = append(r.class, BondClass(m, e.Bond, i, kekule))
		}
	}
	r.sigs = make([]uint32, r.start[n])
	r.isDirty = make([]bool, n)
	r.findCore()
	r.init(r.level(0), keys)
	return r
}

// level makes sure that there is a node of that level.
func (r *ranker) level(k int) *node {
	for len(r.nodes) <= k {
		r.nodes = append(r.nodes, newNode(len(r.start)-1))
	}
	return &r.nodes[k]
}

// init sorts the atoms into cells of equal keys.
func (r *ranker) init(p *node, keys []uint64) {
	for v := range p.order {
		p.order[v] = int32(v)
		r.dirty = append(r.dirty, int32(v))
		r.isDirty[v] = true
	}
	slices.SortFunc(p.order, func(a, b int32) int { return cmp.Compare(keys[a], keys[b]) })
	begin := int32(0)
	for k, v := range p.order {
		if k > 0 && keys[v] != keys[p.order[k-1]] {
			begin = int32(k)
			p.ids++
		}
		p.pos[v], p.begin[v], p.id[v] = int32(k), begin, p.ids
		p.size[begin] = int32(k) + 1 - begin
	}
	p.ids++
}

// search refines the node of that level and goes down to complete rankings.
func (r *ranker) search(level int) {
	p := &r.nodes[level]
	r.budget -= len(p.order)
	if !r.follow(level, r.refine(p)) {
		return
	}
	begin := r.target(p)
	if begin < 0 || r.budget < 0 {
		r.finish(p)
		r.leaf(p)
		return
	}
	var tried []int32
	for _, v := range slices.Clone(p.order[begin : begin+p.size[begin]]) {
		if len(tried) > 0 && (r.budget < 0 || r.equivalent(v, tried, level)) {
			continue
		}
		tried = append(tried, v)
		r.prefix = append(r.prefix[:level], v)
		q := r.level(level + 1)
		q.copy(&r.nodes[level])
		r.single(q, v)
		r.search(level + 1)
		if r.back < level {
			return
		}
		r.back = 1 << 30
	}
}

// follow compares the summary of a node with that of the best ranking's node of the same level and reports whether to
// go on.
func (r *ranker) follow(level int, sum uint64) bool {
	if level < len(r.trace) {
		if sum > r.trace[level] {
			return false
		}
		if sum < r.trace[level] {
			r.trace = r.trace[:level]
			r.best = nil
		}
	}
	if level == len(r.trace) {
		r.trace = append(r.trace, sum)
	}
	return true
}

// target is the beginning of the smallest cell of several core atoms, -1 if there is none.
func (r *ranker) target(p *node) int32 {
	best := int32(-1)
	for b := int32(0); int(b) < len(p.order); b += p.size[b] {
		if p.size[b] > 1 && r.core[p.order[b]] && (best < 0 || p.size[b] < p.size[best]) {
			best = b
		}
	}
	return best
}

// finish makes all cells single atoms, taking the members of a cell as interchangeable.
func (r *ranker) finish(p *node) {
	for b := int32(0); int(b) < len(p.order); b++ {
		for p.size[b] > 1 {
			r.single(p, p.order[b])
			r.refine(p)
		}
	}
}

// equivalent reports whether a symmetry that keeps the atoms of the prefix takes v to one of the atoms tried.
func (r *ranker) equivalent(v int32, tried []int32, level int) bool {
	root := graph.Fill(&r.roots, len(r.start)-1, -1)
	find := func(x int32) int32 {
		for root[x] >= 0 {
			x = root[x]
		}
		return x
	}
	for _, a := range r.autos {
		if slices.ContainsFunc(r.prefix[:level], func(u int32) bool { return a[u] != u }) {
			continue
		}
		for x, y := range a {
			if x, y := find(int32(x)), find(y); x != y {
				root[x] = y
			}
		}
	}
	return slices.ContainsFunc(tried, func(u int32) bool { return find(u) == find(v) })
}

// leaf compares a complete ranking with the best one. An equal one gives a symmetry, and the search returns to where the
// two part.
func (r *ranker) leaf(p *node) {
	r.encode(p)
	c := -1
	if r.best != nil {
		c = slices.Compare(r.code, r.best)
	}
	switch {
	case c < 0:
		r.best = append(r.best[:0], r.code...)
		r.rank = slices.Clone(p.pos)
		r.bestAt = slices.Clone(r.prefix)
	case c == 0:
		if len(r.autos) < maxAutos {
			auto := make([]int32, len(r.rank))
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
func (r *ranker) encode(p *node) {
	r.code = r.code[:0]
	for _, v := range p.order {
		begin := len(r.code)
		for k := r.start[v]; k < r.start[v+1]; k++ {
			r.code = append(r.code, uint32(p.pos[r.to[k]])<<3|r.class[k])
		}
		slices.Sort(r.code[begin:])
	}
}
