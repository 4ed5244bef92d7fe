package descriptor

import (
	"cmp"
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// distanceBlock holds two indices over distances in which a bond is the shorter the higher its order: Balaban's J
// (1982, Chem. Phys. Lett. 89, 399) and the complexity of Bertz (1981, J. Am. Chem. Soc. 103, 3599).
var distanceBlock = block{
	[]string{"BalabanJ", "BertzCT"},
	func(p *profile, values []float64) {
		sums, classes := distanceClasses(p.m)
		values[0] = balabanJ(p.m, sums)
		values[1] = bertzCT(p.m, classes)
	},
}

// unreachable is RDKit's distance between atoms of different fragments.
const unreachable = 1e8

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

// keyDistances is the number of smallest distances that tell atoms apart.
const keyDistances = 100

// distanceClasses returns for each atom the sum of its distances to all atoms, and a number that atoms share if their
// 100 smallest distances are the same.
func distanceClasses(m *chem.Mol) (sums []float64, classes []int32) {
	n := len(m.Atoms())
	sums, classes = make([]float64, n), make([]int32, n)
	known := map[string]int32{}
	lengths := newLengths(m)
	var key []byte
	for _, part := range m.Components() {
		sampled := len(part) > maxAllPairs
		most := len(part)
		if sampled {
			most = keyDistances
		}
		for _, i := range part {
			distances, _ := lengths.from(i, most)
			total, smallest := 0, distances[:min(keyDistances, len(distances))]
			for _, d := range distances {
				total += int(d)
			}
			sums[i] = float64(total) / 12
			key = key[:0]
			for _, d := range smallest {
				key = append(key, byte(d), byte(d>>8), byte(d>>16))
			}
			class, ok := known[string(key)]
			if !ok {
				class = int32(len(known))
				known[string(key)] = class
			}
			classes[i] = class
		}
		if sampled {
			lengths.sampledSums(part, sums)
		}
		for _, i := range part {
			sums[i] += float64(n-len(part)) * unreachable
		}
	}
	return sums, classes
}

// sampledSums estimates the sums of the distances within a part of the molecule.
func (l *lengths) sampledSums(part []int32, sums []float64) {
	for _, i := range part {
		sums[i] = 0
	}
	weight := float64(len(part)) / sampleSize
	for k := range sampleSize {
		distances, atoms := l.from(part[sampled(k, len(part))], len(part))
		for at, i := range atoms {
			sums[i] += weight * float64(distances[at]) / 12
		}
	}
}

// lengths finds the lengths of shortest paths, in twelfths of a single bond.
type lengths struct {
	first    []int32  // the bonds of atom i are those from first[i] to first[i+1]
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
		l.distance[i] = math.MaxInt32
	}
	return l
}

// from returns the distances from atom i to the atoms nearest to it, itself included, in rising order, and these atoms.
// The slices are used again by the next call.
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
			for _, b := range l.ends[l.first[a]:l.first[a+1]] {
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

func balabanJ(m *chem.Mol, sums []float64) float64 {
	cycles := len(m.Bonds()) - len(m.Atoms()) + 1
	if cycles+1 == 0 {
		return 0
	}
	sum := 0.0
	for _, b := range m.Bonds() {
		sum += 1 / math.Sqrt(sums[b.Begin]*sums[b.End])
	}
	return float64(len(m.Bonds())) / float64(cycles+1) * sum
}

// connection is a multiple bond or a pair of adjacent bonds, by the classes of its atoms.
type connection struct {
	low, middle, high int32 // middle is -1 for a bond
	count             float64
}

func bertzCT(m *chem.Mol, classes []int32) float64 {
	if len(m.Atoms()) < 2 {
		return 0
	}
	var connections []connection
	for i := range m.Atoms() {
		neighbors := m.Neighbors(i)
		for k, x := range neighbors {
			order, class := connectionOrder(&m.Bonds()[x.Bond]), classes[x.Atom]
			if order > 1 && int(x.Atom) > i {
				connections = append(connections, connection{
					min(class, classes[i]), -1, max(class, classes[i]), order * (order - 1) / 2,
				})
			}
			for _, y := range neighbors[k+1:] {
				connections = append(connections, connection{
					min(class, classes[y.Atom]), classes[i], max(class, classes[y.Atom]),
					order * connectionOrder(&m.Bonds()[y.Bond]),
				})
			}
		}
	}
	var elementCounts [256]float64
	for i := range m.Atoms() {
		elementCounts[m.Atoms()[i].Number]++
	}
	counts := connectionCounts(connections)
	total := 1.0
	if len(counts) > 0 {
		total = sum(counts)
	}
	return float64(len(m.Atoms()))*entropy(elementCounts[:]) + total*(entropy(counts)+math.Log2(total))
}

// connectionOrder is the order of a bond, 1.5 for an aromatic one. A dative bond counts by its number among RDKit's types
// of bonds, 17.
func connectionOrder(b *chem.Bond) float64 {
	switch {
	case b.Aromatic:
		return 1.5
	case b.Order == 0:
		return 17
	}
	return float64(b.Order)
}

// connectionCounts adds up the connections of each kind.
func connectionCounts(connections []connection) []float64 {
	slices.SortFunc(connections, func(a, b connection) int {
		return cmp.Or(cmp.Compare(a.low, b.low), cmp.Compare(a.middle, b.middle), cmp.Compare(a.high, b.high))
	})
	var counts []float64
	for k, c := range connections {
		last := connection{}
		if k > 0 {
			last = connections[k-1]
		}
		if k == 0 || c.low != last.low || c.middle != last.middle || c.high != last.high {
			counts = append(counts, 0)
		}
		counts[len(counts)-1] += c.count
	}
	return counts
}

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

// entropy is the information content in bits of a distribution given by counts.
func entropy(counts []float64) float64 {
	total, h := sum(counts), 0.0
	for _, n := range counts {
		if n > 0 {
			h -= n / total * math.Log2(n/total)
		}
	}
	return h
}
