package descriptor

import (
	"cmp"
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// connection is a multiple bond or pairs of adjacent bonds, by the classes of the atoms.
type connection struct {
	low, middle, high int32 // middle is -1 for a bond
	count             float64
}

func bertzCT(m *chem.Mol, classes []int32) float64 {
	if len(m.Atoms()) < 2 {
		return 0
	}
	var connections []connection
	var sides []side
	for i := range m.Atoms() {
		sides = sides[:0]
		for _, x := range m.Neighbors(i) {
			order, class := connectionOrder(&m.Bonds()[x.Bond]), classes[x.Atom]
			if order > 1 && int(x.Atom) > i {
				connections = append(connections, connection{
					min(class, classes[i]), -1, max(class, classes[i]), order * (order - 1) / 2,
				})
			}
			sides = append(sides, side{class, order, order * order})
		}
		connections = appendPairs(connections, sides, classes[i])
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

// side is one or more bonds of an atom that lead to atoms of the same class: the sums of their orders and squared orders.
type side struct {
	class          int32
	order, squared float64
}

// appendPairs appends the pairs of bonds of an atom with that class, sides of the same class together so that an atom with
// thousands of neighbours has few.
func appendPairs(connections []connection, sides []side, middle int32) []connection {
	slices.SortFunc(sides, func(a, b side) int { return cmp.Compare(a.class, b.class) })
	kinds := 0
	for k, s := range sides {
		if k > 0 && s.class == sides[kinds-1].class {
			sides[kinds-1].order += s.order
			sides[kinds-1].squared += s.squared
			continue
		}
		sides[kinds] = s
		kinds++
	}
	for k, x := range sides[:kinds] {
		if n := (x.order*x.order - x.squared) / 2; n > 0 {
			connections = append(connections, connection{x.class, middle, x.class, n})
		}
		for _, y := range sides[k+1 : kinds] {
			connections = append(connections, connection{x.class, middle, y.class, x.order * y.order})
		}
	}
	return connections
}

// connectionOrder is the order of a bond, 1.5 for an aromatic one. A dative bond counts by its number among RDKit's types
// of bonds, 17.
func connectionOrder(b *chem.Bond) float64 {
	switch {
	case b.Aromatic:
		return 1.5
	case b.Unspecified:
		return 0
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
