// Package scaffold finds the framework of a molecule: its rings and the chains between them.
package scaffold

import (
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Murcko returns the scaffold of a molecule (Bemis and Murcko 1996, "The Properties of Known Drugs. 1. Molecular Frameworks"), as RDKit's
// MurckoScaffold does: the rings, the chains that connect them, and the atoms bonded to these by double bonds; hydrogens take the place of
// what is cut off. A molecule of several fragments keeps the rings of each. A molecule without rings has a scaffold without atoms.
//
// It returns an error if the rest is no possible molecule, as with a few aromatic rings that owe their electrons to what is cut off.
func Murcko(m *chem.Mol) (*chem.Mol, error) {
	core := framework(m)
	kept, touched := exocyclic(m, core)
	place := make([]int32, len(kept))
	var atoms []chem.Atom
	for i, a := range m.Atoms() {
		if !kept[i] {
			continue
		}
		place[i] = int32(len(atoms))
		if core[i] && touched[i] {
			a = bare(a)
		} else if kept[i] && !core[i] {
			a = tail(m, i, core, a)
		} else {
			a.NoImplicit = true // has the hydrogens it had
		}
		atoms = append(atoms, a)
	}
	var bonds []chem.Bond
	for _, b := range m.Bonds() {
		if kept[b.Begin] && kept[b.End] {
			b.Begin, b.End = place[b.Begin], place[b.End]
			bonds = append(bonds, b)
		}
	}
	s, err := chem.New(atoms, bonds)
	return s, errors.Wrap(err, "scaffold")
}

// framework marks the atoms in rings and between rings: what is left after ends of chains are cut off as long as there are any.
func framework(m *chem.Mol) []bool {
	atoms := m.Atoms()
	core, degree := make([]bool, len(atoms)), make([]int, len(atoms))
	var ends []int32
	for i := range atoms {
		core[i], degree[i] = true, m.Degree(i)
		if degree[i] < 2 {
			ends = append(ends, int32(i))
		}
	}
	for len(ends) > 0 {
		i := ends[len(ends)-1]
		ends = ends[:len(ends)-1]
		core[i] = false
		for _, n := range m.Neighbors(int(i)) {
			if degree[n.Atom]--; degree[n.Atom] == 1 && core[n.Atom] {
				ends = append(ends, n.Atom)
			}
		}
	}
	return core
}

// exocyclic adds the atoms that a double bond joins to the framework, and marks the atoms of the framework that lose a neighbour.
func exocyclic(m *chem.Mol, core []bool) (kept, touched []bool) {
	kept, touched = make([]bool, len(core)), make([]bool, len(core))
	copy(kept, core)
	for i := range core {
		if core[i] {
			continue
		}
		for _, n := range m.Neighbors(i) {
			if core[n.Atom] && m.Bonds()[n.Bond].Order == 2 && !m.Bonds()[n.Bond].Aromatic {
				kept[i] = true
			}
		}
	}
	for i := range core {
		for _, n := range m.Neighbors(i) {
			touched[i] = touched[i] || !kept[n.Atom]
		}
	}
	return kept, touched
}

// bare returns an atom of the framework that has lost a neighbour. An aromatic heteroatom gets one hydrogen, which its ring needs; others
// get what their valence asks for.
func bare(a chem.Atom) chem.Atom {
	if a.Aromatic && (a.Number != 6 || a.Charge == 1) {
		a.Hs, a.NoImplicit = 1, true
		return a
	}
	a.Hs, a.NoImplicit, a.Radicals = 0, false, 0
	return a
}

// tail returns an atom that a double bond joins to the framework.
func tail(m *chem.Mol, i int, core []bool, a chem.Atom) chem.Atom {
	for _, n := range m.Neighbors(i) {
		if !core[n.Atom] && !a.NoImplicit {
			return bare(a)
		}
	}
	a.NoImplicit = true
	return a
}
