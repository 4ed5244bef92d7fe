package descriptor

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// lengths finds the lengths of shortest paths, in twelfths of a single bond. Its memory serves one molecule after another.
type lengths struct {
	first    []int32  // the bonds of atom i are those from first[i] to first[i+1], the shortest ones first
	ends     []length // the bonds of all atoms
	distance []int32
	found    []int32              // the distances of the atoms that were reached, in rising order
	atoms    []int32              // these atoms
	buckets  [lengthSlots][]int32 // atoms by their distance modulo lengthSlots

	classes []int32
	known   map[string]int32 // classes by key
	key     []byte
}

// lengthSlots is more than the longest bond.
const lengthSlots = 16

type length struct{ atom, length int32 }

func newLengths(m *chem.Mol) *lengths {
	l := new(lengths)
	l.reset(m)
	return l
}

func (l *lengths) reset(m *chem.Mol) {
	n := len(m.Atoms())
	l.first, l.ends, l.distance = append(l.first[:0], 0), l.ends[:0], slices.Grow(l.distance[:0], n)[:n]
	for i := range n {
		for _, nb := range m.Neighbors(i) {
			l.ends = append(l.ends, length{nb.Atom, bondLength(&m.Bonds()[nb.Bond])})
		}
		slices.SortStableFunc(l.ends[l.first[i]:], func(a, b length) int { return cmp.Compare(a.length, b.length) })
		l.first = append(l.first, int32(len(l.ends)))
		l.distance[i] = math.MaxInt32
	}
	l.classes = slices.Grow(l.classes[:0], n)[:n]
	if len(l.known) > 1000 || l.known == nil { // emptying a large map is slow
		l.known = map[string]int32{}
	}
	clear(l.known)
}

// from returns the distances from atom i to the atoms nearest to it, itself included, in rising order, and these atoms.
// The slices are used again by the next call. The nearest neighbours of an atom with very many suffice: the others are not nearer.
func (l *lengths) from(i int32, most int) (distances, atoms []int32) {
	l.found, l.atoms = l.found[:0], l.atoms[:0]
	l.distance[i] = 0
	l.buckets[0] = append(l.buckets[0], i)
	for d, waiting := int32(0), 1; waiting > 0 && len(l.found) < most; d++ {
		bucket := &l.buckets[d%lengthSlots]
		waiting -= len(*bucket)
		for _, a := range *bucket {
			if l.distance[a] != d {
				continue // reached on a shorter way, or listed twice
			}
			l.distance[a] = -1 // done
			l.found, l.atoms = append(l.found, d), append(l.atoms, a)
			for _, b := range l.ends[l.first[a]:min(int(l.first[a+1]), int(l.first[a])+most)] {
				if e := d + b.length; e < l.distance[b.atom] {
					l.distance[b.atom] = e
					l.buckets[e%lengthSlots] = append(l.buckets[e%lengthSlots], b.atom)
					waiting++
				}
			}
		}
		*bucket = (*bucket)[:0]
	}
	l.clear()
	return l.found[:min(most, len(l.found))], l.atoms[:min(most, len(l.found))]
}

// quickAtoms is the number of atoms up to which a set of atoms is a word.
const quickAtoms = 64

// quickFrom is listFrom for molecules of up to quickAtoms atoms: it keeps sets of atoms by their distance. A key holds each distance and how many
// atoms have it.
func (l *lengths) quickFrom(i int32) (total int) {
	var slots [lengthSlots]uint64 // by distance modulo lengthSlots
	slots[0] = 1 << i
	l.key = l.key[:0]
	reached := uint64(0)
	for d, waiting := 0, uint16(1); waiting != 0; {
		next := bits.TrailingZeros16(bits.RotateLeft16(waiting, -d%lengthSlots))
		d += next
		slot := d % lengthSlots
		fresh := slots[slot] &^ reached
		slots[slot] = 0
		waiting &^= 1 << slot
		if fresh == 0 {
			continue
		}
		reached |= fresh
		count := bits.OnesCount64(fresh)
		total += d * count
		l.key = append(l.key, byte(d), byte(d>>8), byte(count))
		for ; fresh != 0; fresh &= fresh - 1 {
			a := bits.TrailingZeros64(fresh)
			for _, b := range l.ends[l.first[a]:l.first[a+1]] {
				if reached>>b.atom&1 != 0 {
					continue
				}
				to := (d + int(b.length)) % lengthSlots
				slots[to] |= 1 << b.atom
				waiting |= 1 << to
			}
		}
	}
	return total
}

// clear forgets the distances of all atoms that were reached or wait.
func (l *lengths) clear() {
	for _, a := range l.atoms {
		l.distance[a] = math.MaxInt32
	}
	for k := range l.buckets {
		for _, a := range l.buckets[k] {
			l.distance[a] = math.MaxInt32
		}
		l.buckets[k] = l.buckets[k][:0]
	}
}

// bondLength is 12 divided by the order of the bond.
func bondLength(b *chem.Bond) int32 {
	switch {
	case b.Aromatic:
		return 8
	case b.Order >= 1 && b.Order <= 4:
		return 12 / int32(b.Order)
	}
	return 12
}
