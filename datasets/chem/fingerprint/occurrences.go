package fingerprint

import (
	"iter"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smarts"
)

// ECFPOccurrences yields what ECFP counts, one by one in a fixed order: the identifier of an environment, and its atoms, ascending. The slice is valid
// until the next one. It takes memory for the square of the number of atoms, in bits, and is made for molecules that people look at.
func ECFPOccurrences(m *chem.Mol, radius int) iter.Seq2[uint32, []int32] {
	return func(yield func(uint32, []int32) bool) {
		invariants := make([]uint32, len(m.Atoms()))
		for i := range invariants {
			invariants[i] = connectivity(m, i)
		}
		occurrences(m, radius, invariants, yield)
	}
}

// FCFPOccurrences is ECFPOccurrences for FCFP.
func FCFPOccurrences(m *chem.Mol, radius int) iter.Seq2[uint32, []int32] {
	return func(yield func(uint32, []int32) bool) {
		sets := make([]uint32, len(m.Atoms()))
		features(smarts.NewTarget(m), sets)
		occurrences(m, radius, sets, yield)
	}
}

// AtomPairOccurrences yields what AtomPairs counts: the identifier of a pair, and its two atoms, ascending.
func AtomPairOccurrences(m *chem.Mol) iter.Seq2[uint32, []int32] {
	return func(yield func(uint32, []int32) bool) {
		var p pairing
		p.reset(m)
		pair := make([]int32, 2)
		for i, code := range p.codes {
			for _, r := range p.walk.From(i, maxPairDistance) {
				if int(r.Atom) <= i {
					continue
				}
				pair[0], pair[1] = int32(i), r.Atom
				other := p.codes[r.Atom]
				if !yield(pairID(min(code, other), max(code, other), int(r.Distance)), pair) {
					return
				}
			}
		}
	}
}

// bitset is a set of bonds, as a text that may be a key.
type bitset string

func (s bitset) with(other bitset) bitset {
	both := []byte(s)
	for k := range len(other) {
		both[k] |= other[k]
	}
	return bitset(both)
}

func (s bitset) add(bond int32) bitset {
	all := []byte(s)
	all[bond/8] |= 1 << (bond % 8)
	return bitset(all)
}

// atoms appends the ends of the bonds of a set, ascending, each once.
func (s bitset) atoms(m *chem.Mol, to []int32) []int32 {
	for k := range m.Bonds() {
		if s[k/8]>>(k%8)&1 == 1 {
			to = append(to, m.Bonds()[k].Begin, m.Bonds()[k].End)
		}
	}
	slices.Sort(to)
	return slices.Compact(to)
}

// occurrences grows environments as morgan does, and keeps all of them.
func occurrences(m *chem.Mol, radius int, now []uint32, yield func(uint32, []int32) bool) {
	n := len(now)
	if radius < 0 {
		return
	}
	sets, alive, known := make([]bitset, n), make([]bool, n), map[bitset]bool{}
	var atoms []int32
	for i := range now {
		if !yield(now[i], append(atoms[:0], int32(i))) {
			return
		}
		sets[i], alive[i] = bitset(make([]byte, (len(m.Bonds())+7)/8)), m.Degree(i) > 0
	}
	for round := 0; round < radius && slices.Contains(alive, true); round++ {
		next, wider, least := make([]uint32, n), slices.Clone(sets), map[bitset]int{}
		var order []bitset // of least
		for i := range now {
			if !alive[i] {
				continue
			}
			next[i] = identified(m, round, i, now)
			for _, nb := range m.Neighbors(i) {
				wider[i] = wider[i].with(sets[nb.Atom]).add(nb.Bond)
			}
			switch k, found := least[wider[i]]; {
			case known[wider[i]] || found && next[i] >= next[k]:
				alive[i] = false
			case found:
				alive[k] = false
				least[wider[i]] = i
			default:
				least[wider[i]] = i
				order = append(order, wider[i])
			}
		}
		for _, set := range order {
			known[set] = true
			atoms = set.atoms(m, atoms[:0])
			if !yield(next[least[set]], atoms) {
				return
			}
		}
		now, sets = next, wider
	}
}

// identified hashes the identifier of atom i with those of its neighbours, ordered by bond and identifier.
func identified(m *chem.Mol, round, i int, now []uint32) uint32 {
	var neighbors []uint64
	for _, nb := range m.Neighbors(i) {
		neighbors = append(neighbors, uint64(morganBond(&m.Bonds()[nb.Bond]))<<32|uint64(now[nb.Atom]))
	}
	slices.Sort(neighbors)
	h := combine(uint32(round), now[i])
	for _, nb := range neighbors {
		h = combine(h, combine(combine(0, uint32(nb>>32)), uint32(nb)))
	}
	return h
}
