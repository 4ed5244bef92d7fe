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
		s.choose(0, rank)
	case rank <= maxExact && !s.tired():
		s.lookEverywhere()
		s.choose(0, rank)
	default:
		if s.choose(0, rank); len(s.pivots) < rank {
			s.lookFromFirst()
			s.choose(peeled, rank)
		}
	}
	s.keep(peeled)
}

// onlyRings stores the rings found if it is certain that they are the only smallest set.
func (s *ringSearch) onlyRings(rank int) bool {
	var list [maxUnique][]int32
	if len(s.rings) != rank || rank > maxUnique {
		return false
	}
	slices.SortStableFunc(s.rings, func(a, b candidate) int { return int(a.size() - b.size()) })
	for k, c := range s.rings {
		list[k] = s.atoms[c.begin:c.end]
	}
	if !s.w.uniqueBasis(list[:rank]) {
		return false
	}
	for _, c := range s.rings {
		s.store(c)
	}
	return true
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
