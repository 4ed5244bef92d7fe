package rings

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/graph"
)

// maxExact limits the independent rings of one ring system up to which a smallest set of smallest rings is guaranteed.
// Beyond it, rings that the quick search misses are replaced by others that complete the set.
const maxExact = 96

const (
	maxScan       = 64         // rings above which an index is used
	maxCandidates = 10_000     // rings of a system
	maxWork       = 20_000_000 // atoms looked at in a molecule
)

// ringSearch finds the rings of one ring system that has more than one.
type ringSearch struct {
	w       *Workspace
	words   int     // of the bit set of a ring, one bit per bond of the system
	bit     []int32 // bond -> bit
	parent  []int32 // breadth-first tree
	depth   []int32 // -1 if not reached
	branch  []int32 // neighbour of the root through which an atom was reached
	place   []int32 // position in the queue
	queue   []int32
	live    []int32 // 1 for bonds still in the search
	degree  []int32 // live bonds of an atom
	chain   []int32 // 1 for atoms of a chain that was seen
	first   []int32
	tail    []int32
	hits    []int32 // rings that the last look found, known or not
	rings   []candidate
	index   map[uint64]int32 // of the first rings by their hash, once there are many
	indexed int
	atoms   []int32  // of all candidates
	bonds   []uint64 // bit sets of all candidates
	rows    []uint64 // reduced bit sets of the basis; row k has none of the pivots of the rows before it
	pivots  []int

	ringsOf []pair // by atom
	atomsOf []pair // the same by ring
	round   int32
	work    int     // atoms that may still be looked at
	hidden  []int32 // bonds out of the search for a while

	families []family
	number   []int32 // order of the atoms in which the last one of a ring is its family's root
	far      []int32 // distances from the root
}

// pair is an atom and one of the smallest rings through it.
type pair struct{ atom, ring int32 }

// candidate is a ring found.
type candidate struct {
	begin, end int32  // in atoms
	row        int32  // in bonds
	number     int32  // in the order found
	round      int32  // in which lookFrom found it last
	hash       uint64 // of the bit set
	inBasis    bool
}

// findSystemRings adds the rings of w.system, which has rank independent ones.
func (w *Workspace) findSystemRings(rank int) {
	s := &w.search
	s.reset(w)
	s.peel()
	peeled := len(s.rings)
	if s.onlyRings(rank) {
		return
	}
	switch {
	case rank == 2: // the two smallest are among those found
		s.choose(0)
	case rank <= maxExact && !s.tired():
		s.lookEverywhere()
		s.choose(0)
	default:
		if s.choose(0); len(s.pivots) < rank {
			s.lookFromFirst()
			s.choose(peeled)
		}
	}
	s.keep(peeled)
}

// onlyRings stores the rings found if it is certain that they are the only smallest set.
func (s *ringSearch) onlyRings(rank int) bool {
	var list [maxApart][]int32
	if len(s.rings) != rank || rank > maxApart {
		return false
	}
	slices.SortStableFunc(s.rings, func(a, b candidate) int { return int(a.size() - b.size()) })
	for k, c := range s.rings {
		list[k] = s.atoms[c.begin:c.end]
	}
	if !s.w.apart(list[:rank]) {
		return false
	}
	for _, c := range s.rings {
		s.store(c)
	}
	return true
}

// peel finds the smallest rings through one atom of each chain of two-connected atoms, removes these atoms, and goes on
// with what is left, starting at a three-connected atom where there are no chains (Figueras, J. Chem. Inf. Comput. Sci.
// 1996, 36, 986). That finds a smallest set of smallest rings of nearly all molecules.
func (s *ringSearch) peel() {
	for {
		if first := s.chains(); len(first) > 0 {
			s.lookFrom(first)
			for _, v := range first {
				s.remove(v)
			}
			continue
		}
		v := slices.IndexFunc(s.w.system, func(v int32) bool { return s.degree[v] == 3 })
		if v < 0 {
			return
		}
		s.lookBetween(s.w.system[v])
		s.remove(s.w.system[v])
	}
}

// lookFrom adds the smallest rings through each of some atoms. Where several atoms have a ring in common, it hides the smallest rings through
// one of them that avoid the others, so it adds the smallest of these too.
func (s *ringSearch) lookFrom(atoms []int32) {
	s.ringsOf, s.atomsOf = s.ringsOf[:0], s.atomsOf[:0]
	s.round++
	common := false
	for _, v := range atoms {
		if s.tired() {
			return
		}
		s.look(v, false)
		for _, ring := range s.hits {
			s.ringsOf = append(s.ringsOf, pair{v, ring})
			c := &s.rings[ring]
			common = common || c.round == s.round
			c.round = s.round
		}
	}
	if !common {
		return
	}
	s.atomsOf = append(s.atomsOf, s.ringsOf...)
	slices.SortStableFunc(s.atomsOf, func(a, b pair) int { return int(a.ring - b.ring) })
	for k := 0; k < len(s.atomsOf); {
		end := k + 1
		for end < len(s.atomsOf) && s.atomsOf[end].ring == s.atomsOf[k].ring {
			end++
		}
		if end > k+1 && !s.tired() {
			s.lookApart(s.atomsOf[k:end])
		}
		k = end
	}
}

// tired reports whether the search has found or looked at more than any real molecule has.
func (s *ringSearch) tired() bool { return s.work < 0 || len(s.rings) > maxCandidates }

// lookApart adds the smallest rings through one of several atoms of a ring that avoid all atoms with which it has a ring in common.
func (s *ringSearch) lookApart(group []pair) {
	known, smallest := len(s.rings), int32(1<<30)
	for _, p := range group {
		s.hide(p.atom)
		s.look(p.atom, false)
		for _, ring := range s.hits {
			smallest = min(smallest, s.rings[ring].size())
		}
		s.work -= len(s.hidden)
		for _, bond := range s.hidden {
			s.live[bond] = 1
		}
	}
	s.rings = append(s.rings[:known], slices.DeleteFunc(s.rings[known:], func(c candidate) bool { return c.size() > smallest })...)
	s.indexed = min(s.indexed, known)
}

// hide takes the bonds of the atoms that have a ring in common with v out of the search.
func (s *ringSearch) hide(v int32) {
	s.hidden = s.hidden[:0]
	begin, _ := slices.BinarySearchFunc(s.ringsOf, v, func(p pair, v int32) int { return int(p.atom - v) })
	for _, mine := range s.ringsOf[begin:] {
		if mine.atom != v {
			break
		}
		first, _ := slices.BinarySearchFunc(s.atomsOf, mine.ring, func(p pair, ring int32) int { return int(p.ring - ring) })
		for _, p := range s.atomsOf[first:] {
			if p.ring != mine.ring {
				break
			}
			if p.atom == v {
				continue
			}
			for _, e := range s.w.g.Neighbors(p.atom) {
				if s.live[e.Bond] == 1 {
					s.live[e.Bond] = 0
					s.hidden = append(s.hidden, e.Bond)
				}
			}
		}
	}
}

// lookBetween adds the smallest rings through a three-connected atom and, if they are one or two, those that avoid a neighbour which they
// have in common.
func (s *ringSearch) lookBetween(v int32) {
	if s.tired() {
		return
	}
	s.look(v, false)
	if len(s.hits) == 0 || len(s.hits) > 2 {
		return
	}
	found := slices.Clone(s.hits)
	for _, e := range s.w.g.Neighbors(v) {
		if s.live[e.Bond] == 0 || slices.ContainsFunc(found, func(ring int32) bool { return !s.contains(ring, e.Atom) }) {
			continue
		}
		s.clear()
		s.depth[e.Atom], s.place[e.Atom] = 0, -1 // as if done already
		s.look(v, false)
		s.depth[e.Atom] = -1
		if len(found) == 2 {
			return
		}
	}
}

func (s *ringSearch) contains(ring, atom int32) bool {
	c := s.rings[ring]
	return slices.Contains(s.atoms[c.begin:c.end], atom)
}

// remove takes an atom and all that are left with one bond then out of the search.
func (s *ringSearch) remove(v int32) {
	s.tail = append(s.tail[:0], v)
	for len(s.tail) > 0 {
		v := s.tail[len(s.tail)-1]
		s.tail = s.tail[:len(s.tail)-1]
		for _, e := range s.w.g.Neighbors(v) {
			if s.live[e.Bond] == 0 {
				continue
			}
			s.live[e.Bond] = 0
			s.degree[v]--
			if s.degree[e.Atom]--; s.degree[e.Atom] == 1 {
				s.tail = append(s.tail, e.Atom)
			}
		}
	}
}

// lookEverywhere adds Horton's candidates (SIAM J. Comput. 1987, 16, 358), among which is a smallest set: the rings that
// the bonds outside a breadth-first tree close, for the trees from all branching atoms.
func (s *ringSearch) lookEverywhere() {
	s.revive()
	for _, v := range s.w.system {
		if s.degree[v] > 2 {
			s.look(v, true)
		}
	}
}

// lookFromFirst adds the rings that the bonds outside one breadth-first tree close. They are a complete set, though not of
// the smallest rings.
func (s *ringSearch) lookFromFirst() {
	s.revive()
	s.look(s.w.system[0], true)
}

// reset prepares for the ring system in w.system and numbers its bonds.
func (s *ringSearch) reset(w *Workspace) {
	n, bonds := w.g.Len(), len(w.g.Ends)/2
	s.w = w
	s.parent, s.branch = graph.Fill(&s.parent, n, -1), graph.Fill(&s.branch, n, -1)
	s.depth, s.place = graph.Fill(&s.depth, n, -1), graph.Fill(&s.place, n, -1)
	s.bit = graph.Fill(&s.bit, bonds, -1)
	s.rings, s.atoms, s.bonds, s.rows, s.pivots = s.rings[:0], s.atoms[:0], s.bonds[:0], s.rows[:0], s.pivots[:0]
	s.queue = s.queue[:0]
	if s.index == nil {
		s.index = make(map[uint64]int32)
	}
	if s.indexed > 0 {
		clear(s.index)
		s.indexed = 0
	}
	count := int32(0)
	for _, v := range w.system {
		for _, e := range w.g.Neighbors(v) {
			if w.cyclicBond[e.Bond] != 0 && s.bit[e.Bond] < 0 {
				s.bit[e.Bond] = count
				count++
			}
		}
	}
	s.words = (int(count) + 63) / 64
	s.live, s.degree, s.chain = graph.Fill(&s.live, bonds, 0), graph.Fill(&s.degree, n, 0), graph.Fill(&s.chain, n, 0)
	s.revive()
}

// revive puts all bonds of the system into the search.
func (s *ringSearch) revive() {
	for _, v := range s.w.system {
		s.degree[v] = 0
		for _, e := range s.w.g.Neighbors(v) {
			if s.bit[e.Bond] >= 0 {
				s.live[e.Bond] = 1
				s.degree[v]++
			}
		}
	}
}

// chains returns the first atom of each chain of two-connected atoms: all atoms of a chain lie on the same rings.
func (s *ringSearch) chains() []int32 {
	s.first = s.first[:0]
	for _, v := range s.w.system {
		if s.degree[v] == 2 {
			s.chain[v] = 0
		}
	}
	for _, v := range s.w.system {
		if s.degree[v] != 2 || s.chain[v] == 1 {
			continue
		}
		s.first = append(s.first, v)
		s.chain[v] = 1
		s.tail = append(s.tail[:0], v)
		for len(s.tail) > 0 {
			u := s.tail[len(s.tail)-1]
			s.tail = s.tail[:len(s.tail)-1]
			for _, e := range s.w.g.Neighbors(u) {
				if s.live[e.Bond] == 1 && s.degree[e.Atom] == 2 && s.chain[e.Atom] == 0 {
					s.chain[e.Atom] = 1
					s.tail = append(s.tail, e.Atom)
				}
			}
		}
	}
	return s.first
}

// clear forgets the atoms reached.
func (s *ringSearch) clear() {
	for _, v := range s.queue {
		s.depth[v] = -1
	}
	s.work -= len(s.queue)
	s.queue = s.queue[:0]
}

// look searches breadth-first from root. It adds the smallest rings through root or, if all is set, the ring that each
// bond outside the tree closes. The rings seen are in s.hits.
func (s *ringSearch) look(root int32, all bool) {
	s.hits = s.hits[:0]
	s.clear()
	s.queue = append(s.queue, root)
	s.depth[root], s.parent[root], s.branch[root], s.place[root] = 0, -1, root, 0
	smallest := int32(1 << 30)
	for k := 0; k < len(s.queue); k++ {
		v := s.queue[k]
		if !all && s.depth[v]+1 > smallest {
			return
		}
		for _, e := range s.w.g.Neighbors(v) {
			u := e.Atom
			if s.live[e.Bond] == 0 || u == s.parent[v] {
				continue
			}
			if s.depth[u] < 0 {
				s.depth[u], s.parent[u], s.branch[u] = s.depth[v]+1, v, s.branch[v]
				if v == root {
					s.branch[u] = u
				}
				s.place[u] = int32(len(s.queue))
				s.queue = append(s.queue, u)
				continue
			}
			if s.place[u] < int32(k) {
				continue // seen from the other end
			}
			switch size := s.depth[u] + s.depth[v] + 1; {
			case all:
				s.add(u, v)
			case s.branch[u] == s.branch[v]:
			case size <= smallest:
				smallest = size
				s.add(u, v)
			default:
				return
			}
		}
	}
}

// add appends the ring that the bond between u and v closes in the breadth-first tree, unless it is known.
func (s *ringSearch) add(u, v int32) {
	begin, row := len(s.atoms), len(s.bonds)
	for range s.words {
		s.bonds = append(s.bonds, 0)
	}
	bonds := s.bonds[row:]
	s.mark(bonds, u, v)
	s.tail = s.tail[:0]
	for u != v {
		if s.depth[u] >= s.depth[v] {
			s.atoms = append(s.atoms, u)
			s.mark(bonds, u, s.parent[u])
			u = s.parent[u]
		} else {
			s.tail = append(s.tail, v)
			s.mark(bonds, v, s.parent[v])
			v = s.parent[v]
		}
	}
	s.atoms = append(s.atoms, u)
	slices.Reverse(s.tail)
	s.atoms = append(s.atoms, s.tail...)
	c := candidate{begin: int32(begin), end: int32(len(s.atoms)), row: int32(row), number: int32(len(s.rings))}
	for _, x := range bonds {
		c.hash = (c.hash ^ x) * 0x9e3779b97f4a7c15
		c.hash ^= c.hash >> 29
	}
	if k := s.known(c); k >= 0 {
		s.atoms, s.bonds = s.atoms[:begin], s.bonds[:row]
		s.hits = append(s.hits, k)
		return
	}
	s.hits = append(s.hits, int32(len(s.rings)))
	s.rings = append(s.rings, c)
}

// known returns the index of a ring with the same bonds, -1 if there is none.
func (s *ringSearch) known(c candidate) int32 {
	for ; len(s.rings) > maxScan && s.indexed < len(s.rings); s.indexed++ {
		s.index[s.rings[s.indexed].hash] = int32(s.indexed)
	}
	if len(s.rings) > maxScan {
		if k, ok := s.index[c.hash]; !ok || s.same(k, c) {
			if !ok {
				return -1
			}
			return k
		}
	}
	for k := range s.rings {
		if s.same(int32(k), c) {
			return int32(k)
		}
	}
	return -1
}

func (s *ringSearch) same(k int32, c candidate) bool {
	return int(k) < len(s.rings) && s.rings[k].hash == c.hash && slices.Equal(s.row(s.rings[k]), s.row(c))
}

func (s *ringSearch) mark(bonds []uint64, u, v int32) {
	k := s.bit[s.w.g.Between(u, v)]
	bonds[k/64] |= 1 << (k % 64)
}

func (c candidate) size() int32 { return c.end - c.begin }

// row is the bit set of a ring's bonds.
func (s *ringSearch) row(c candidate) []uint64 { return s.bonds[c.row : int(c.row)+s.words] }
