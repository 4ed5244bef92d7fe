// Package canon ranks the atoms of a molecule in an order that depends on the molecule only.
package canon

import "github.com/selfnorm/selfnorm/datasets/chem"

// Ranks numbers the atoms of each fragment 0, 1, ... in canonical order. fragments are the molecule's Components, and
// kekule reports for each of them whether it must be written without aromatic symbols.
func Ranks(m *chem.Mol, fragments [][]int32) (rank []int32, kekule []bool) {
	space := make([]int32, 2*len(m.Atoms()))
	rank, local := space[:len(m.Atoms()):len(m.Atoms())], space[len(m.Atoms()):]
	kekule = make([]bool, len(fragments))
	for k, atoms := range fragments {
		kekule[k] = NeedsKekule(m, atoms)
		rankAtoms(m, atoms, kekule[k], local, rank)
	}
	return rank, kekule
}

// NeedsKekule reports whether a fragment has an aromatic atom for which SMILES has no aromatic symbol.
func NeedsKekule(m *chem.Mol, atoms []int32) bool {
	for _, i := range atoms {
		if a := &m.Atoms()[i]; a.Aromatic {
			switch a.Number {
			case 5, 6, 7, 8, 14, 15, 16, 33, 34, 52:
			default:
				return true
			}
		}
	}
	return false
}

// atomKey holds what distinguishes atoms without a look at their neighbours.
func atomKey(m *chem.Mol, i int32, kekule bool) uint64 {
	a := &m.Atoms()[i]
	k := uint64(a.Number)<<8 | uint64(uint8(a.Charge))
	k = k<<8 | uint64(a.Hs)
	k = k<<14 | uint64(min(m.Degree(int(i)), 1<<14-1))
	k = k<<10 | uint64(min(a.Isotope, 1<<10-1))
	k = k<<4 | uint64(min(a.Radicals, 15))
	if a.Aromatic && !kekule {
		k = k<<1 | 1
	} else {
		k <<= 1
	}
	return k
}

// Classes of bonds that are not their order.
const (
	Aromatic    = 5
	DativeTo    = 6
	DativeFrom  = 7
	Unspecified = 8
)

// classBits is the number of bits that hold a class.
const classBits = 4

// BondClass classifies a bond as seen from one of its atoms: its order, or one of the other classes.
func BondClass(m *chem.Mol, k, from int32, kekule bool) uint32 {
	b := &m.Bonds()[k]
	switch {
	case b.Unspecified:
		return Unspecified
	case b.Order == 0 && b.Begin == from:
		return DativeTo
	case b.Order == 0:
		return DativeFrom
	case b.Aromatic && b.Order < 3 && !kekule:
		return Aromatic
	}
	return uint32(b.Order)
}
