package descriptor

import (
	"cmp"
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// lengths finds the lengths of shortest paths, in twelfths of a single bond.
type lengths struct {
	first    []int32  // the bonds of atom i are those from first[i] to first[i+1], the shortest ones first
	ends     []length // the bonds of all atoms
	distance []int32
	found    []int32     // the distances of the atoms that were reached, in rising order
	atoms    []int32     // these atoms
	buckets  [16][]int32 // atoms by their distance modulo 16, more than the longest bond
}

type length struct{ atom, length int32 }

func newLengths(m *chem.Mol) *lengths {
	n := len(m.Atoms())
	l := &lengths{first: make([]int32, n+1), ends: make([]length, 0, 2*len(m.Bonds())), distance: make([]int32, n)}
	for i := range n {
		for _, nb := range m.Neighbors(i) {
			l.ends = append(l.ends, length{nb.Atom, bondLength(&m.Bonds()[nb.Bond])})
		}
		l.first[i+1] = int32(len(l.ends))
		slices.SortStableFunc(l.ends[l.first[i]:], func(a, b length) int { return cmp.Compare(a.length, b.length) })
		l.distance[i] = math.MaxInt32
	}
	return l
}

// from returns the distances from atom i to the atoms nearest to it, itself included, in rising order, and these atoms.
// The slices are used again by the next call. The nearest neighbours of an atom with very many suffice: the others are not nearer.
func (l *lengths) from(i int32, most int) (distances, atoms []int32) {
	l.found, l.atoms = l.found[:0], l.atoms[:0]
	l.distance[i] = 0
	l.buckets[0] = append(l.buckets[0], i)
	for d, waiting := int32(0), 1; waiting > 0 && len(l.found) < most; d++ {
		bucket := &l.buckets[d%16]
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
					l.buckets[e%16] = append(l.buckets[e%16], b.atom)
					waiting++
				}
			}
		}
		*bucket = (*bucket)[:0]
	}
	l.clear()
	return l.found[:min(most, len(l.found))], l.atoms[:min(most, len(l.found))]
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
