package fingerprint

import (
	"math/bits"
	"slices"
	"sync"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// ECFP returns the Morgan (extended connectivity) fingerprint: the identifiers of the environments of radius 0 to
// radius around each atom, with their counts. ECFP4 has radius 2, ECFP6 radius 3. A negative radius gives an empty
// fingerprint.
//
// An atom starts from its element, number of neighbours, hydrogens, charge, excess mass in whole units and whether it is in a ring.
// Hydrogens that are atoms of the graph, such as those of heavy isotopes, count as neighbours, as hydrogens, and as atoms of their own.
// Bond types count, chirality does not. Environments made of the same bonds as an earlier one are dropped. Identifiers
// are those of RDKit since 2022.03 (GetMorganFingerprint with default options). Rogers and Hahn 2010, "Extended-Connectivity Fingerprints",
// J. Chem. Inf. Model. 50, 742.
func ECFP(m *chem.Mol, radius int) Counts {
	g := growers.Get().(*grower)
	defer growers.Put(g)
	g.growECFP(m, radius)
	g.counted = append(g.counted[:0], g.ids...) // tally sorts
	return tally(g.counted)
}

// ECFPSizes returns the numbers of different identifiers in the fingerprints ECFP of radius 0 to radius, from one computation; none for a negative
// radius. It ends before radius where environments do not grow any more: the last number is that of all larger radii.
func ECFPSizes(m *chem.Mol, radius int) []int {
	if radius < 0 {
		return nil
	}
	g := growers.Get().(*grower)
	defer growers.Put(g)
	if m == nil || g.m != m || g.radius != radius { // often the fingerprint of the same molecule came before
		g.growECFP(m, radius)
	}
	return g.sizes()
}

// connectivity hashes the properties of atom i that do not depend on its neighbours.
func connectivity(m *chem.Mol, i int) uint32 {
	a := &m.Atoms()[i]
	h := combine(0, uint32(a.Number))
	hydrogens := int(a.Hs)
	for _, nb := range m.Neighbors(i) {
		if m.Atoms()[nb.Atom].Number == 1 {
			hydrogens++
		}
	}
	h = combine(h, uint32(m.Degree(i)+int(a.Hs)))
	h = combine(h, uint32(hydrogens))
	h = combine(h, uint32(int32(a.Charge)))
	excess := 0.0
	if a.Isotope != 0 {
		excess = a.Mass() - element.Table[a.Number].Mass
	}
	h = combine(h, uint32(int32(excess)))
	if a.InRing {
		h = combine(h, 1)
	}
	return h
}

// combine mixes v into the hash h (the 32-bit form of Boost's hash_combine).
func combine(h, v uint32) uint32 {
	return h ^ (v + 0x9e3779b9 + h<<6 + h>>2)
}

// morganBond numbers the types of bonds as RDKit does.
func morganBond(b *chem.Bond) uint32 {
	switch {
	case b.Aromatic:
		return 12
	case b.Unspecified:
		return 0
	case b.Order == 0:
		return 17 // dative
	}
	return uint32(b.Order)
}

// environment is a set of bonds around an atom, with the smallest identifier of the atoms that have it.
type environment struct {
	id    uint32
	round int
	bonds []int32 // see grower.words
}

// grower holds the state of all atoms between two rounds. Its memory serves one molecule after another.
type grower struct {
	m         *chem.Mol
	radius    int       // up to which the environments have grown; only of ECFP
	now, next []uint32  // identifiers of this round and the next one; 0 for an atom that has stopped
	bonds     [][]int32 // the environment of each atom, see words
	wider     [][]int32 // the same after this round
	alive     []int32   // atoms that still find new environments
	words     int       // an environment is a list of fewer bonds than this, sorted, or a bit set of this many words
	set       []int32   // such a bit set, empty between calls
	seen      envSet
	fresh     int     // where the environments of this round begin in seen.envs
	owner     []int32 // by environment of this round: its atom
	stopped   []int32 // atoms that stop in this round
	neighbors []uint64
	arena     []int32
	ids       []uint32 // the identifiers of all rounds
	ends      []int    // where those of each round end
	counted   []uint32 // the identifiers again, to count
	keys      []uint64
}

// growers are for ECFP alone, so that they know the molecule that came before.
var growers = sync.Pool{New: func() any { return new(grower) }}

// growECFP grows the environments of ECFP.
func (g *grower) growECFP(m *chem.Mol, radius int) {
	g.radius = -1
	g.start(m)
	g.growAll(radius)
	g.radius = radius
}

// start prepares a molecule, with the identifiers of radius 0 that ECFP has.
func (g *grower) start(m *chem.Mol) {
	n := len(m.Atoms())
	g.m, g.words = m, (len(m.Bonds())+31)/32
	g.now, g.next = sized(g.now, n), sized(g.next, n)
	for i := range g.now {
		g.now[i] = connectivity(m, i)
	}
	g.set = sized(g.set, g.words)
	g.bonds, g.wider = sized(g.bonds, n), sized(g.wider, n)
	clear(g.set)
	clear(g.bonds)
	g.arena = g.arena[:0]
	g.alive = g.alive[:0]
	for i := range m.Atoms() {
		if m.Degree(i) > 0 {
			g.alive = append(g.alive, int32(i))
		}
	}
}

// sized returns s, or a new slice if it is too short, with length n.
func sized[T any](s []T, n int) []T { return slices.Grow(s[:0], n)[:n] }

// growAll grows the environments of all atoms round by round.
func (g *grower) growAll(radius int) {
	g.ids, g.ends = g.ids[:0], g.ends[:0]
	if radius < 0 {
		return
	}
	g.ids = append(g.ids, g.now...)
	g.ends = append(g.ends, len(g.ids))
	g.seen.reset(len(g.now) * (min(radius, 3) + 1))
	for round := 0; round < radius && len(g.alive) > 0; round++ {
		g.grow(round)
		for _, e := range g.seen.envs[g.fresh:] {
			g.ids = append(g.ids, e.id)
		}
		g.ends = append(g.ends, len(g.ids))
	}
}

// sizes returns the numbers of different identifiers up to each round.
func (g *grower) sizes() []int {
	g.keys = g.keys[:0]
	from := 0
	for round, to := range g.ends {
		for _, id := range g.ids[from:to] {
			g.keys = append(g.keys, uint64(id)<<32|uint64(round))
		}
		from = to
	}
	slices.Sort(g.keys)
	sizes := make([]int, len(g.ends))
	for k, key := range g.keys {
		if k == 0 || key>>32 != g.keys[k-1]>>32 {
			sizes[uint32(key)]++
		}
	}
	for round := 1; round < len(sizes); round++ {
		sizes[round] += sizes[round-1]
	}
	return sizes
}

// grow does one round. An atom whose environment was seen before (in this round: with a smaller identifier) stops.
func (g *grower) grow(round int) {
	g.fresh = len(g.seen.envs)
	copy(g.wider, g.bonds)
	clear(g.next)
	owner, stopped := g.owner[:0], g.stopped[:0]
	for _, i := range g.alive {
		g.next[i] = g.identify(round, int(i))
		g.wider[i] = g.widen(int(i))
		k, found := g.seen.add(environment{g.next[i], round, g.wider[i]})
		if found { // share the memory: in a star, each atom has all bonds
			g.arena = g.arena[:len(g.arena)-len(g.wider[i])]
			g.wider[i] = g.seen.envs[k].bonds
		}
		switch e := &g.seen.envs[k]; {
		case !found:
			owner = append(owner, i)
		case e.round == round && g.next[i] < e.id:
			e.id = g.next[i]
			stopped = append(stopped, owner[k-g.fresh])
			owner[k-g.fresh] = i
		default:
			stopped = append(stopped, i)
		}
	}
	g.now, g.next = g.next, g.now
	g.bonds, g.wider = g.wider, g.bonds
	g.owner, g.stopped = owner, stopped
	if len(stopped) > 0 {
		slices.Sort(stopped)
		g.alive = slices.DeleteFunc(g.alive, func(i int32) bool {
			_, stop := slices.BinarySearch(stopped, i)
			return stop
		})
	}
}

// identify hashes the identifier of atom i with those of its neighbours, ordered by bond and identifier.
func (g *grower) identify(round, i int) uint32 {
	g.neighbors = g.neighbors[:0]
	for _, nb := range g.m.Neighbors(i) {
		kind := morganBond(&g.m.Bonds()[nb.Bond])
		g.neighbors = append(g.neighbors, uint64(kind)<<32|uint64(g.now[nb.Atom]))
	}
	slices.Sort(g.neighbors)
	h := combine(uint32(round), g.now[i])
	for _, nb := range g.neighbors {
		h = combine(h, combine(combine(0, uint32(nb>>32)), uint32(nb)))
	}
	return h
}

// widen is the environment of atom i joined with its bonds and the environments of its neighbours.
func (g *grower) widen(i int) []int32 {
	neighbors := g.m.Neighbors(i)
	size := len(g.bonds[i]) + len(neighbors)
	for _, nb := range neighbors {
		size += len(g.bonds[nb.Atom])
	}
	if need := min(size, g.words); cap(g.arena)-len(g.arena) < need {
		g.arena = make([]int32, 0, max(len(g.m.Bonds()), 8*need))
	}
	from := len(g.arena)
	if size < g.words {
		set := append(g.arena, g.bonds[i]...)
		for _, nb := range neighbors {
			set = append(set, nb.Bond)
			set = append(set, g.bonds[nb.Atom]...)
		}
		union := set[from:]
		slices.Sort(union)
		g.arena = set[:from+len(slices.Compact(union))]
	} else {
		g.include(g.bonds[i])
		for _, nb := range neighbors {
			g.set[nb.Bond/32] |= 1 << (nb.Bond % 32)
			g.include(g.bonds[nb.Atom])
		}
		g.take()
	}
	return g.arena[from:len(g.arena):len(g.arena)]
}

// include adds an environment to the scratch set.
func (g *grower) include(bonds []int32) {
	if len(bonds) < g.words {
		for _, b := range bonds {
			g.set[b/32] |= 1 << (b % 32)
		}
		return
	}
	for k, x := range bonds {
		g.set[k] |= x
	}
}

// take appends the scratch set to the arena, and empties it.
func (g *grower) take() {
	count := 0
	for _, x := range g.set {
		count += bits.OnesCount32(uint32(x))
	}
	if count >= g.words {
		g.arena = append(g.arena, g.set...)
	} else {
		for k, x := range g.set {
			for x := uint32(x); x != 0; x &= x - 1 {
				g.arena = append(g.arena, int32(32*k+bits.TrailingZeros32(x)))
			}
		}
	}
	clear(g.set)
}

// envSet is a set of environments that keeps the order of insertion: a hash table with open addressing.
type envSet struct {
	envs  []environment
	table []int32 // index into envs plus 1, 0 for a free slot
}

// reset empties the set.
func (s *envSet) reset(capacity int) {
	size := 16
	for size < 2*capacity {
		size *= 2
	}
	s.envs, s.table = s.envs[:0], sized(s.table, size)
	clear(s.table)
}

// add returns the index of the environment with e's bonds, and whether it was there already. If not, it is e now.
func (s *envSet) add(e environment) (int, bool) {
	if 2*(len(s.envs)+1) > len(s.table) {
		s.rehash()
	}
	slot := s.slot(e.bonds)
	if k := s.table[slot]; k > 0 {
		return int(k - 1), true
	}
	s.envs = append(s.envs, e)
	s.table[slot] = int32(len(s.envs))
	return len(s.envs) - 1, false
}

func (s *envSet) rehash() {
	s.table = make([]int32, 2*len(s.table))
	for k := range s.envs {
		s.table[s.slot(s.envs[k].bonds)] = int32(k + 1)
	}
}

// slot is where the environment with these bonds is or belongs.
func (s *envSet) slot(bonds []int32) int {
	h := uint64(len(bonds))
	for _, b := range bonds {
		h = (h ^ uint64(b)) * 0x9e3779b97f4a7c15
	}
	mask := len(s.table) - 1
	for slot := int(h>>32) & mask; ; slot = (slot + 1) & mask {
		if k := s.table[slot]; k == 0 || slices.Equal(s.envs[k-1].bonds, bonds) {
			return slot
		}
	}
}
