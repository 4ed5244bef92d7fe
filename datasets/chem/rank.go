package chem

import (
	"cmp"
	"slices"
)

const (
	maxLeaves = 2000 // complete rankings looked at; reached by no molecule known to the authors
	maxAutos  = 256  // symmetries kept
)

// ranker finds a canonical order of the atoms of a fragment by refinement of a partition into cells of like atoms, and
// search over the members of a cell where refinement ends, with pruning by the symmetries found (McKay and Piperno,
// J. Symb. Comput. 2014, 60, 94).
type ranker struct {
	start []int32  // neighbours of local atom v: to[start[v]:start[v+1]]
	to    []int32  // local atoms
	class []uint32 // of the bonds
	sigs  []uint32 // scratch: what refine compares, laid out like to

	nodes   []node // one per level of the search
	prefix  []int32
	back    int // level to return to, beyond the last one if none
	trace   []uint64
	best    []uint32 // code of the best ranking
	rank    []int32  // the best ranking
	bestAt  []int32  // prefix of the best ranking
	code    []uint32
	autos   [][]int32
	leaves  int
	scratch []int32
}

// node is an ordered partition: order lists the atoms cell by cell, color is the place where an atom's cell begins.
type node struct {
	order, color []int32
}

// rankAtoms fills rank for the atoms of one fragment with 0, 1, ... in an order that depends on the molecule only.
func (m *Mol) rankAtoms(atoms []int32, kekule bool, rank []int32) {
	r := m.newRanker(atoms, kekule)
	r.search(0)
	for v, i := range atoms {
		rank[i] = r.rank[v]
	}
}

func (m *Mol) newRanker(atoms []int32, kekule bool) *ranker {
	n := len(atoms)
	local := make([]int32, len(m.Atoms))
	keys := make([]uint64, n)
	r := &ranker{start: make([]int32, n+1), back: 1 << 30}
	for v, i := range atoms {
		local[i] = int32(v)
		keys[v] = m.atomKey(i, kekule)
		r.start[v+1] = r.start[v] + int32(m.Degree(int(i)))
	}
	r.to = make([]int32, 0, r.start[n])
	r.class = make([]uint32, 0, r.start[n])
	r.sigs = make([]uint32, r.start[n])
	for _, i := range atoms {
		for _, e := range m.Neighbors(int(i)) {
			r.to = append(r.to, local[e.Atom])
			r.class = append(r.class, m.bondClass(e.Bond, i, kekule))
		}
	}
	p := r.level(0, n)
	for v := range p.order {
		p.order[v] = int32(v)
	}
	slices.SortFunc(p.order, func(a, b int32) int { return cmp.Compare(keys[a], keys[b]) })
	for k, v := range p.order {
		p.color[v] = int32(k)
		if k > 0 && keys[v] == keys[p.order[k-1]] {
			p.color[v] = p.color[p.order[k-1]]
		}
	}
	return r
}

// level makes sure that there is a node of that level.
func (r *ranker) level(k, n int) *node {
	for len(r.nodes) <= k {
		r.nodes = append(r.nodes, node{make([]int32, n), make([]int32, n)})
	}
	return &r.nodes[k]
}

// search refines the node of that level and goes down to complete rankings.
func (r *ranker) search(level int) {
	p := r.nodes[level]
	r.refine(p)
	if !r.follow(level, r.summary(p)) {
		return
	}
	begin, end := r.target(p)
	if begin < 0 {
		r.leaf(p)
		return
	}
	tried := []int32{}
	for _, v := range slices.Clone(p.order[begin:end]) {
		if len(tried) > 0 && r.equivalent(v, tried, level) {
			continue
		}
		tried = append(tried, v)
		r.prefix = append(r.prefix[:level], v)
		r.split(p, r.level(level+1, len(p.order)), v, begin, end)
		r.search(level + 1)
		if r.leaves >= maxLeaves || r.back < level {
			return
		}
		r.back = 1 << 30
	}
}

// follow compares the summary of a node with that of the best ranking's node of the same level and says whether to go on.
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

// split copies p to q and puts v before the other members of its cell.
func (r *ranker) split(p node, q *node, v, begin, end int32) {
	copy(q.order, p.order)
	copy(q.color, p.color)
	cell := q.order[begin:end]
	at := slices.Index(cell, v)
	cell[0], cell[at] = cell[at], cell[0]
	for _, u := range cell[1:] {
		q.color[u] = begin + 1
	}
}

// refine splits cells by the colors of the neighbours until nothing changes.
func (r *ranker) refine(p node) {
	n := int32(len(p.order))
	for changed := true; changed; {
		changed = false
		for begin := int32(0); begin < n; {
			end := p.cellEnd(begin)
			if end-begin > 1 {
				for _, v := range p.order[begin:end] {
					r.sign(p, v)
				}
			}
			begin = end
		}
		for begin := int32(0); begin < n; {
			end := p.cellEnd(begin)
			if end-begin > 1 && r.divide(p, begin, end) {
				changed = true
			}
			begin = end
		}
	}
}

// cellEnd is the end of the cell that begins there.
func (p node) cellEnd(begin int32) int32 {
	end := begin + 1
	for int(end) < len(p.order) && p.color[p.order[end]] == begin {
		end++
	}
	return end
}

// sign writes the sorted colors and bonds of v's neighbours.
func (r *ranker) sign(p node, v int32) {
	s := r.sig(v)
	for k := range s {
		s[k] = uint32(p.color[r.to[int(r.start[v])+k]])<<3 | r.class[int(r.start[v])+k]
	}
	slices.Sort(s)
}

func (r *ranker) sig(v int32) []uint32 { return r.sigs[r.start[v]:r.start[v+1]] }

// divide sorts a cell by signature and recolors its parts. It reports whether there are several.
func (r *ranker) divide(p node, begin, end int32) bool {
	cell := p.order[begin:end]
	same := true
	for _, v := range cell[1:] {
		if !slices.Equal(r.sig(v), r.sig(cell[0])) {
			same = false
			break
		}
	}
	if same {
		return false
	}
	slices.SortFunc(cell, func(a, b int32) int { return slices.Compare(r.sig(a), r.sig(b)) })
	color := begin
	for k, v := range cell {
		if k > 0 && !slices.Equal(r.sig(v), r.sig(cell[k-1])) {
			color = begin + int32(k)
		}
		p.color[v] = color
	}
	return true
}
