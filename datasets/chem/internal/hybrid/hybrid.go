// Package hybrid assigns hybridisations to atoms and finds conjugated bonds.
package hybrid

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// Hybrid is the hybridisation of an atom.
type Hybrid uint8

const (
	Other Hybrid = iota // wildcards, more than six orbitals
	S
	SP
	SP2
	SP3
	SP3D
	SP3D2
)

// Of assigns hybridisations to the atoms from their bonds, lone pairs and conjugation, and reports which bonds are
// conjugated, with RDKit's rules.
func Of(m *chem.Mol) (atoms []Hybrid, conjugated []bool) {
	var a Assignment
	a.Reset(m)
	return a.Atoms, a.Conjugated
}

// Assignment holds the result of Of in memory that another molecule can use again.
type Assignment struct {
	Atoms      []Hybrid
	Conjugated []bool // by bond
}

// Reset assigns hybridisations to the atoms of another molecule.
func (s *Assignment) Reset(m *chem.Mol) {
	s.Conjugated = slices.Grow(s.Conjugated[:0], len(m.Bonds()))[:len(m.Bonds())]
	conjugate(m, s.Conjugated)
	s.Atoms = slices.Grow(s.Atoms[:0], len(m.Atoms()))[:len(m.Atoms())]
	atoms, conjugated := s.Atoms, s.Conjugated
	for i := range m.Atoms() {
		switch n := orbitals(m, i); {
		case m.Atoms()[i].Number == 0 || n < 0 || n > 6:
			atoms[i] = Other
		case n <= 1:
			atoms[i] = S
		case n == 2:
			atoms[i] = SP
		case n == 3, n == 4 && TotalDegree(m, i) <= 3 && hasConjugated(m, i, conjugated):
			atoms[i] = SP2
		case n == 4:
			atoms[i] = SP3
		case n == 5:
			atoms[i] = SP3D
		case n == 6:
			atoms[i] = SP3D2
		}
	}
}

// TotalDegree is the number of neighbours of atom i, hydrogens included.
func TotalDegree(m *chem.Mol, i int) int { return m.Degree(i) + int(m.Atoms()[i].Hs) }

// totalValence is the sum of the bond orders of atom i, hydrogens included. A dative bond counts at its end.
func totalValence(m *chem.Mol, i int) int {
	v := int(m.Atoms()[i].Hs)
	for _, nb := range m.Neighbors(i) {
		b := &m.Bonds()[nb.Bond]
		v += int(b.Order)
		if b.Order == 0 && !b.Unspecified && int(b.End) == i {
			v++
		}
	}
	return v
}

// orbitals is the number of neighbours, lone pairs and, below an octet, unpaired electrons of atom i. As in RDKit, the
// lone pair of a dative bond counts beside the neighbour that it binds.
func orbitals(m *chem.Mol, i int) int {
	a := &m.Atoms()[i]
	n := TotalDegree(m, i)
	if a.Number >= 89 {
		return n
	}
	if a.Number <= 1 {
		return n
	}
	outer, valence := int(element.Table[a.Number].Outer), totalValence(m, i)
	free := outer - valence - int(a.Charge)
	if valence+outer-int(a.Charge) < 8 {
		return n + (free-int(a.Radicals))/2 + int(a.Radicals)
	}
	return n + free/2
}

func hasConjugated(m *chem.Mol, i int, conjugated []bool) bool {
	for _, nb := range m.Neighbors(i) {
		if conjugated[nb.Bond] {
			return true
		}
	}
	return false
}

// conjugate marks aromatic bonds, and each multiple bond together with a bond next to it that leads to an atom with
// electrons to share.
func conjugate(m *chem.Mol, conjugated []bool) {
	for k := range m.Bonds() {
		conjugated[k] = m.Bonds()[k].Aromatic
	}
	for i := range m.Atoms() {
		if d := TotalDegree(m, i); d < 2 || d > 3 || !sharesElectrons(m, i) {
			continue
		}
		for _, first := range m.Neighbors(i) {
			if b := &m.Bonds()[first.Bond]; b.Order < 2 && !b.Aromatic {
				continue
			}
			for _, second := range m.Neighbors(i) {
				j := int(second.Atom)
				if second != first && TotalDegree(m, j) <= 3 && sharesElectrons(m, j) {
					conjugated[first.Bond], conjugated[second.Bond] = true, true
				}
			}
		}
	}
}

// sharesElectrons reports whether atom i can be part of a conjugated system. Elements of groups 15 and 16 beyond the
// first row take part only as atoms with a single neighbour (group 16).
func sharesElectrons(m *chem.Mol, i int) bool {
	number := m.Atoms()[i].Number
	if number > 10 {
		outer := int(element.Table[number].Outer)
		if outer == 5 || outer == 6 && TotalDegree(m, i) >= 2 {
			return false
		}
	}
	return spareElectrons(m, i) > 0
}

// spareElectrons counts the electrons that atom i can give to a pi system, below 0 if it cannot take part.
func spareElectrons(m *chem.Mol, i int) int {
	a := &m.Atoms()[i]
	valence, degree := element.DefaultValence(int(a.Number)), TotalDegree(m, i)
	if valence <= 1 || degree > 3 {
		return -1
	}
	lone := max(max(int(element.Table[a.Number].Outer)-valence, 0)-int(a.Charge), 0)
	n := valence - degree + lone - int(a.Radicals)
	if n > 1 {
		unsaturated := totalValence(m, i) - degree
		if unsaturated > 1 {
			return 1
		}
	}
	return n
}
