package descriptor

import (
	"cmp"
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// connection is a multiple bond or pairs of adjacent bonds. Its key holds the classes of the atoms.
type connection struct {
	key   uint64
	count float64
}

// newConnection joins the classes of the atoms; middle is -1 for a bond.
func newConnection(low, middle, high int32, count float64) connection {
	const bits = 16 // a molecule has fewer atoms than that many bits count
	return connection{uint64(low)<<(2*bits) | uint64(middle+1)<<bits | uint64(high), count}
}

// bertz is memory that serves one molecule after another.
type bertz struct {
	connections []connection
	sides       []side
	counts      []float64
}

func (b *bertz) complexity(m *chem.Mol, classes []int32) float64 {
	if len(m.Atoms()) < 2 {
		return 0
	}
	b.connections = b.connections[:0]
	for i := range m.Atoms() {
		b.sides = b.sides[:0]
		for _, x := range m.Neighbors(i) {
			order, class := connectionOrder(&m.Bonds()[x.Bond]), classes[x.Atom]
			if order > 1 && int(x.Atom) > i {
				b.connections = append(b.connections, newConnection(min(class, classes[i]), -1, max(class, classes[i]), order*(order-1)/2))
			}
			b.sides = append(b.sides, side{class, order, order * order})
		}
		b.addPairs(classes[i])
	}
	b.countElements(m)
	elements := entropy(b.counts)
	b.countConnections()
	total := 1.0
	if len(b.counts) > 0 {
		total = sum(b.counts)
	}
	return float64(len(m.Atoms()))*elements + total*(entropy(b.counts)+math.Log2(total))
}

// countElements counts the atoms of each element that occurs, in the order of the elements.
func (b *bertz) countElements(m *chem.Mol) {
	var all [256]float64
	var high uint8
	for i := range m.Atoms() {
		number := m.Atoms()[i].Number
		all[number]++
		high = max(high, number)
	}
	b.counts = b.counts[:0]
	for _, n := range all[:int(high)+1] {
		if n > 0 {
			b.counts = append(b.counts, n)
		}
	}
}

// side is one or more bonds of an atom that lead to atoms of the same class: the sums of their orders and squared orders.
type side struct {
	class          int32
	order, squared float64
}

// addPairs adds the pairs of bonds of an atom with that class, sides of the same class together so that an atom with
// thousands of neighbours has few.
func (b *bertz) addPairs(middle int32) {
	sides := b.sides
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
			b.connections = append(b.connections, newConnection(x.class, middle, x.class, n))
		}
		for _, y := range sides[k+1 : kinds] {
			b.connections = append(b.connections, newConnection(x.class, middle, y.class, x.order*y.order))
		}
	}
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

// countConnections adds up the connections of each kind.
func (b *bertz) countConnections() {
	slices.SortFunc(b.connections, func(a, b connection) int { return cmp.Compare(a.key, b.key) })
	b.counts = b.counts[:0]
	for k, c := range b.connections {
		if k == 0 || c.key != b.connections[k-1].key {
			b.counts = append(b.counts, 0)
		}
		b.counts[len(b.counts)-1] += c.count
	}
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
