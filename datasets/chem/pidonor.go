package chem

import (
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// piDonor classifies a ring atom: how many π electrons it can give, and whether it may be aromatic at all.
func (m *Mol) piDonor(i int32) donor {
	a := &m.atoms[i]
	if a.Number > 18 && a.Number != 34 && a.Number != 52 {
		return donor{}
	}
	s := m.surroundings(int(i))
	d := m.electrons(a, s)
	d.candidate = d.candidate && m.mayBeAromatic(a, s)
	return d
}

// surroundings counts what piDonor needs to know about the bonds of an atom.
type surroundings struct {
	degree   int   // neighbours that count for the valence
	valence  int   // bond orders and given hydrogens
	given    int   // given hydrogens
	multiple int   // double and triple bonds
	inRing   bool  // one of them is in a ring
	outside  int32 // neighbour at the end of a multiple bond outside rings, -1 if there is none
	bonds    int   // neighbours
}

func (m *Mol) surroundings(i int) surroundings {
	s := surroundings{outside: -1, bonds: m.Degree(i), valence: m.kekuleValence(i)}
	if a := &m.atoms[i]; a.NoImplicit {
		s.given = int(a.Hs)
	}
	s.valence += s.given
	for _, n := range m.graph.Neighbors(int32(i)) {
		b := &m.bonds[n.Bond]
		if b.bindsAt(i) {
			s.degree++
		}
		switch {
		case b.Order < 2:
		case b.InRing:
			s.inRing = true
		case s.outside < 0:
			s.outside = n.Atom
		}
		if b.Order == 2 || b.Order == 3 {
			s.multiple++
		}
	}
	return s
}

// electrons counts the π electrons that an atom can give: its outer electrons less those in σ bonds, with special rules
// for multiple bonds that lead out of the ring.
func (m *Mol) electrons(a *Atom, s surroundings) donor {
	none, vacant, one := donor{}, donor{candidate: true}, donor{low: 1, high: 1, candidate: true}
	if a.Number == 0 {
		if s.inRing {
			return one
		}
		return donor{low: 1, high: 2, any: true, candidate: true}
	}
	n := piElectrons(a, s)
	stolen := s.outside >= 0 && element.MoreElectronegative(m.atoms[max(s.outside, 0)].Number, a.Number)
	switch {
	case n < 0:
		return none
	case n == 0 && s.outside >= 0:
		return vacant
	case n == 0 && s.inRing:
		return one
	case n == 0:
		return none
	case n == 1 && stolen:
		return vacant
	case n == 1 && s.outside >= 0:
		return one
	case n == 1 && s.valence != s.degree+s.given:
		return one
	case n == 1 && a.Charge == 1: // tropylium, cyclopropenyl cation
		return vacant
	case n == 1:
		return none
	}
	if stolen {
		n--
	}
	if n%2 == 1 {
		return one
	}
	return donor{low: 2, high: 2, candidate: true}
}

// piElectrons is the number of electrons of an atom outside its σ bonds and its σ lone pairs, -1 if it has four σ bonds
// or is univalent.
func piElectrons(a *Atom, s surroundings) int {
	normal := element.DefaultValence(int(a.Number))
	degree := s.degree + int(a.Hs)
	if normal <= 1 || degree > 3 {
		return -1
	}
	lone := max(int(element.Table[a.Number].Outer)-normal-int(a.Charge), 0)
	n := normal - degree + lone - int(a.Radicals)
	if n > 1 && s.valence-s.bonds > 1 { // a triple bond gives one of its electrons
		return 1
	}
	return n
}

// mayBeAromatic excludes atoms beyond their default valence, radicals other than neutral carbon, and atoms with two
// multiple bonds.
func (m *Mol) mayBeAromatic(a *Atom, s surroundings) bool {
	total := s.valence
	if !a.NoImplicit {
		total += int(a.Hs)
	}
	if element.DefaultValence(int(a.Number)) > 0 && total > element.DefaultValence(int(a.Number)-int(a.Charge)) {
		return false
	}
	if a.Radicals > 0 && (a.Number != 6 || a.Charge != 0) {
		return false
	}
	return s.valence-s.bonds <= 1 || s.multiple <= 1
}
