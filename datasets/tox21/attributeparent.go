package tox21

import (
	"cmp"
	"hash/maphash"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// places returns for each atom of the parent its atoms in the molecule: one in each component that the parent may stand for. It returns nil if
// it finds none. Other charges and hydrogens are allowed as far as moved protons explain them, then any.
func places(parent, m *chem.Mol) (all [][]int32) {
	for _, protons := range []bool{true, false} {
		for _, c := range m.Components() {
			if found := newMatcher(parent, m, c, protons).run(); found != nil {
				for i, a := range found {
					if all == nil {
						all = make([][]int32, len(found))
					}
					all[i] = append(all[i], a)
				}
			}
		}
		if all != nil {
			return all
		}
	}
	return nil
}

// matcher finds the atoms of a component that correspond to those of its parent.
type matcher struct {
	parent, m       *chem.Mol
	atoms           []int32 // of the component, without hydrogens that are counts in the parent
	colour, colours map[int32]uint64
	order, from     []int32 // of the parent: atoms, and for each a neighbour before it
	place           []int32
	used            map[int32]bool
	steps           int
}

// mostSteps bounds the search.
const mostSteps = 100_000

var matchSeed = maphash.MakeSeed()

func newMatcher(parent, m *chem.Mol, component []int32, protons bool) *matcher {
	x := &matcher{parent: parent, m: m, used: map[int32]bool{}}
	for _, i := range component {
		if !merged(m, i) {
			x.atoms = append(x.atoms, i)
		}
	}
	if len(x.atoms) != len(parent.Atoms()) {
		return x
	}
	own := make([]int32, len(parent.Atoms()))
	for i := range own {
		own[i] = int32(i)
	}
	x.colour, x.colours = colours(parent, own, protons), colours(m, x.atoms, protons)
	return x
}

// merged reports whether an atom is a hydrogen that the parent holds as a count.
func merged(m *chem.Mol, i int32) bool {
	a := m.Atoms()[i]
	if a.Number != 1 || a.Isotope != 0 || a.Charge != 0 || m.Degree(int(i)) != 1 {
		return false
	}
	return m.Atoms()[m.Neighbors(int(i))[0].Atom].Number > 1
}

// kind tells bonds apart.
func kind(b *chem.Bond) uint64 {
	if b.Aromatic {
		return 9
	}
	return uint64(b.Order)
}

// colours describes atoms and what is around them: those of corresponding atoms are equal.
func colours(m *chem.Mol, atoms []int32, protons bool) map[int32]uint64 {
	now := map[int32]uint64{}
	for _, i := range atoms {
		a := m.Atoms()[i]
		hydrogens := 0
		for _, nb := range m.Neighbors(int(i)) {
			if merged(m, nb.Atom) {
				hydrogens++
			}
		}
		label := [4]int{int(a.Number), int(a.Isotope), m.Degree(int(i)) - hydrogens, 0}
		if protons { // a proton is a hydrogen and a charge
			label[3] = int(a.Hs) + hydrogens - int(a.Charge)
		}
		now[i] = maphash.Comparable(matchSeed, label)
	}
	for range 8 {
		next := map[int32]uint64{}
		for _, i := range atoms {
			var around []uint64
			for _, nb := range m.Neighbors(int(i)) {
				if c, ok := now[nb.Atom]; ok {
					around = append(around, c*31+kind(&m.Bonds()[nb.Bond]))
				}
			}
			slices.Sort(around)
			h := now[i]
			for _, c := range around {
				h = maphash.Comparable(matchSeed, [2]uint64{h, c})
			}
			next[i] = h
		}
		now = next
	}
	return now
}

// run returns the atoms that correspond to those of the parent, or nil.
func (x *matcher) run() []int32 {
	if x.colour == nil {
		return nil
	}
	var a, b []uint64
	for _, c := range x.colour {
		a = append(a, c)
	}
	for _, c := range x.colours {
		b = append(b, c)
	}
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) {
		return nil
	}
	x.sort()
	x.place = make([]int32, len(x.parent.Atoms()))
	if !x.extend(0) {
		return nil
	}
	return x.place
}

// sort puts the atoms of the parent in an order in which each has a neighbour before it. The first has the rarest colour.
func (x *matcher) sort() {
	count := map[uint64]int{}
	for _, c := range x.colour {
		count[c]++
	}
	first := int32(0)
	for i := range x.parent.Atoms() {
		if cmp.Less(count[x.colour[int32(i)]], count[x.colour[first]]) {
			first = int32(i)
		}
	}
	x.order, x.from = []int32{first}, []int32{-1}
	seen := map[int32]bool{first: true}
	for k := 0; k < len(x.order); k++ {
		for _, nb := range x.parent.Neighbors(int(x.order[k])) {
			if !seen[nb.Atom] {
				seen[nb.Atom] = true
				x.order, x.from = append(x.order, nb.Atom), append(x.from, x.order[k])
			}
		}
	}
}

// extend places atom k of the order and all after it.
func (x *matcher) extend(k int) bool {
	if k == len(x.order) {
		return len(x.order) == len(x.place)
	}
	if x.steps++; x.steps > mostSteps {
		return false
	}
	i := x.order[k]
	candidates := x.atoms
	if k > 0 {
		candidates = nil
		for _, nb := range x.m.Neighbors(int(x.place[x.from[k]])) {
			candidates = append(candidates, nb.Atom)
		}
	}
	for _, c := range candidates {
		if x.used[c] || x.colours[c] != x.colour[i] || !x.fits(k, c) {
			continue
		}
		x.place[i], x.used[c] = c, true
		if x.extend(k + 1) {
			return true
		}
		x.used[c] = false
	}
	return false
}

// fits reports whether atom k of the order has the same bonds to those before it as atom c.
func (x *matcher) fits(k int, c int32) bool {
	for _, nb := range x.parent.Neighbors(int(x.order[k])) {
		if !slices.Contains(x.order[:k], nb.Atom) {
			continue
		}
		other := x.m.BondBetween(int(c), int(x.place[nb.Atom]))
		if other < 0 || kind(&x.m.Bonds()[other]) != kind(&x.parent.Bonds()[nb.Bond]) {
			return false
		}
	}
	return true
}
