package chem

import (
	"slices"
	"strings"
)

// CanonicalSMILES is a SMILES that depends on the molecule only, not on the order of its atoms: two molecules that differ
// in stereochemistry at most have the same text. Isotopes and charges are kept, fragments are in the order of their texts.
// It can serve as a key; it is not the text that other programs call canonical.
func (m *Mol) CanonicalSMILES() string {
	m = m.withoutGeometry()
	rank, kekule := m.ranks()
	w := newSMILESWriter(m, rank)
	fragments := m.components()
	texts := make([]string, len(fragments))
	for k, atoms := range fragments {
		texts[k] = w.fragment(atoms, kekule[k])
	}
	slices.Sort(texts)
	return strings.Join(texts, ".")
}

// ranks numbers the atoms of each fragment in canonical order, and says for each whether it must be written without
// aromatic symbols.
func (m *Mol) ranks() (rank []int32, kekule []bool) {
	rank = make([]int32, len(m.Atoms))
	local := make([]int32, len(m.Atoms))
	for _, atoms := range m.components() {
		k := m.needsKekule(atoms)
		kekule = append(kekule, k)
		m.rankAtoms(atoms, k, local, rank)
	}
	return rank, kekule
}

// withoutGeometry is m with the hydrogens merged that only tell the geometry of a double bond.
func (m *Mol) withoutGeometry() *Mol {
	for i := range m.Atoms {
		if m.Atoms[i].Number == 1 && m.isCount(i, nil) {
			c := &Mol{Atoms: slices.Clone(m.Atoms), Bonds: slices.Clone(m.Bonds), first: m.first, ends: m.ends, rings: m.rings}
			c.mergeHydrogens(nil)
			return c
		}
	}
	return m
}

// needsKekule says whether a fragment has an aromatic atom for which SMILES has no aromatic symbol.
func (m *Mol) needsKekule(atoms []int32) bool {
	for _, i := range atoms {
		if a := &m.Atoms[i]; a.Aromatic {
			switch a.Number {
			case 5, 6, 7, 8, 14, 15, 16, 33, 34, 52:
			default:
				return true
			}
		}
	}
	return false
}

// components lists the atoms of each fragment, in rising order.
func (m *Mol) components() [][]int32 {
	seen := make([]bool, len(m.Atoms))
	var all [][]int32
	for start := range m.Atoms {
		if seen[start] {
			continue
		}
		seen[start] = true
		atoms := []int32{int32(start)}
		for k := 0; k < len(atoms); k++ {
			for _, n := range m.Neighbors(int(atoms[k])) {
				if !seen[n.Atom] {
					seen[n.Atom] = true
					atoms = append(atoms, n.Atom)
				}
			}
		}
		slices.Sort(atoms)
		all = append(all, atoms)
	}
	return all
}

// atomKey holds what tells atoms apart without looking at their neighbours.
func (m *Mol) atomKey(i int32, kekule bool) uint64 {
	a := &m.Atoms[i]
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

// bondClass tells bonds apart, as seen from one of their atoms.
func (m *Mol) bondClass(k, from int32, kekule bool) uint32 {
	b := &m.Bonds[k]
	switch {
	case b.Order == 0 && b.Begin == from:
		return 6
	case b.Order == 0:
		return 7
	case b.Aromatic && b.Order < 3 && !kekule:
		return 5
	}
	return uint32(b.Order)
}
