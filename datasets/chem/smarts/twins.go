package smarts

import (
	"encoding/binary"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// twins groups the branches of a molecule that are alike. A search that failed with one of them fails with the others, so it tries each kind
// once. Without that, patterns take quadratic time and more in an atom with thousands of neighbours.
type twins struct {
	parent []int32 // of atoms in acyclic branches, the neighbour towards the rings or the middle of the molecule; -1 for others
	class  []int32 // of these atoms: the branch, with the bond that it hangs on
	orbit  []int32 // atoms with equal numbers can be exchanged
	few    map[int32][]chem.Neighbor
}

const (
	manyNeighbors = 12 // molecules without such an atom need no twins
	maxTwins      = 16 // branches of a class in twins.few
)

// findTwins returns nil for molecules in which no atom has many neighbours.
func (t *Target) findTwins() *twins {
	n := len(t.atoms)
	most := 0
	for i := range n {
		most = max(most, t.m.Degree(i))
	}
	if most < manyNeighbors {
		return nil
	}
	w := &twins{parent: make([]int32, n), class: make([]int32, n), orbit: make([]int32, n), few: map[int32][]chem.Neighbor{}}
	order := t.peel(w)
	for i := range w.orbit {
		w.orbit[i] = int32(i)
	}
	first := map[[2]int32]int32{}
	for _, i := range slices.Backward(order) {
		key := [2]int32{w.orbit[w.parent[i]], w.class[i]}
		if like, ok := first[key]; ok {
			w.orbit[i] = like
		} else {
			first[key] = i
		}
	}
	for i := range int32(n) {
		if t.m.Degree(int(i)) >= manyNeighbors {
			w.few[i] = t.fewNeighbors(w, i)
		}
	}
	return w
}

// peel takes off atoms with one neighbour left, again and again, and numbers the branches that end in them. It returns these atoms, those
// at the ends first.
func (t *Target) peel(w *twins) []int32 {
	left := make([]int, len(t.atoms))
	var queue, order []int32
	for i := range left {
		w.parent[i], w.class[i] = -1, -1
		if left[i] = t.m.Degree(i); left[i] == 1 {
			queue = append(queue, int32(i))
		}
	}
	classes := map[string]int32{}
	var key []byte
	var inner []int32
	for k := 0; k < len(queue); k++ {
		i := queue[k]
		if left[i] == 0 { // the last of its component
			continue
		}
		order = append(order, i)
		key, inner = key[:0], inner[:0]
		for _, fact := range t.atoms[i] {
			key = binary.LittleEndian.AppendUint16(key, uint16(fact))
		}
		for _, nb := range t.m.Neighbors(int(i)) {
			if w.parent[nb.Atom] == i {
				inner = append(inner, w.class[nb.Atom])
				continue
			}
			w.parent[i] = nb.Atom
			key = append(key, t.bonds[nb.Bond])
			if left[nb.Atom]--; left[nb.Atom] == 1 {
				queue = append(queue, nb.Atom)
			}
		}
		slices.Sort(inner)
		for _, c := range inner {
			key = binary.LittleEndian.AppendUint32(key, uint32(c))
		}
		c, ok := classes[string(key)]
		if !ok {
			c = int32(len(classes))
			classes[string(key)] = c
		}
		w.class[i] = c
	}
	return order
}

// fewNeighbors are the neighbours of an atom with at most maxTwins branches of each class.
func (t *Target) fewNeighbors(w *twins, i int32) []chem.Neighbor {
	var few []chem.Neighbor
	seen := map[int32]int{}
	for _, nb := range t.m.Neighbors(int(i)) {
		if w.parent[nb.Atom] == i {
			c := w.class[nb.Atom]
			if seen[c]++; seen[c] > maxTwins {
				continue
			}
		}
		few = append(few, nb)
	}
	return few
}

// failedClasses are the branches at one atom with which a search has failed. It forgets what does not fit.
type failedClasses struct {
	list [8]int32
	n    int
}

func (f *failedClasses) has(class int32) bool { return slices.Contains(f.list[:f.n], class) }

func (f *failedClasses) add(class int32) {
	if f.n < len(f.list) {
		f.list[f.n] = class
		f.n++
	}
}

// barren notes atoms with which no match begins. Those that can be exchanged with one begin none either.
type barren struct {
	orbit []int32
	noted []bool
}

func (t *Target) newBarren() *barren {
	if t.twins == nil {
		return nil
	}
	return &barren{t.twins.orbit, make([]bool, len(t.atoms))}
}

func (b *barren) has(i int32) bool { return b != nil && b.noted[b.orbit[i]] }

func (b *barren) add(i int32) {
	if b != nil {
		b.noted[b.orbit[i]] = true
	}
}
