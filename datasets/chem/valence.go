package chem

import (
	"fmt"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// valence is the sum of the bond orders of atom i and of its counted hydrogens. An aromatic bond adds one and a half;
// aromatic atoms settle on an allowed valence within one and a half below the sum, as they will after kekulization
// (the N of c1cccn1C has 4 here and 3 in the end). A dative bond counts for the atom that it ends at.
func (m *Mol) valence(i int) int {
	a := &m.atoms[i]
	twice, aromatic := 2*int(a.Hs), a.Aromatic
	for _, n := range m.graph.Neighbors(int32(i)) {
		b := &m.bonds[n.Bond]
		switch {
		case b.Aromatic:
			twice += 3
			aromatic = true
		case b.Order > 0:
			twice += 2 * int(b.Order)
		case b.bindsAt(i):
			twice += 2
		}
	}
	if aromatic {
		twice = element.Settle(a.Number, a.Charge, twice)
	}
	return (twice + 1) / 2
}

// countHydrogens checks the valence of every atom and fills in the implicit hydrogens.
func (m *Mol) countHydrogens() error {
	for i := range m.atoms {
		if err := m.countHydrogensOf(i); err != nil {
			return err
		}
	}
	return nil
}

func (m *Mol) countHydrogensOf(i int) error {
	a := &m.atoms[i]
	v := m.valence(i)
	if err := m.checkValence(i, v); err != nil {
		return err
	}
	allowed := element.Table[a.Number].Valence
	if a.NoImplicit || len(allowed) == 0 {
		return nil
	}
	if a.Number == 1 && v == 0 && a.Radicals == 0 {
		return m.bareHydrogen(i)
	}
	missing, ok := element.MissingHydrogens(a.Number, a.Charge, m.touchesAromatic(i), v+int(a.Radicals))
	if !ok {
		return &AtomError{Atom: i + 1, Symbol: Symbol(a.Number),
			Msg: fmt.Sprintf("valence %d with charge %+d is not an allowed one", v, a.Charge)}
	}
	a.Hs += uint8(missing)
	return nil
}

// checkValence rejects valences above the highest allowed one.
func (m *Mol) checkValence(i, v int) error {
	a := &m.atoms[i]
	allowed := element.Table[a.Number].Valence
	if len(allowed) == 0 {
		return nil
	}
	highest, effective := int(allowed[len(allowed)-1]), v-int(a.Charge)
	if element.Table[a.Number].Outer < 4 {
		effective = v + int(a.Charge)
	}
	if highest > 0 && effective > highest {
		return &AtomError{Atom: i + 1, Symbol: Symbol(a.Number),
			Msg: fmt.Sprintf("valence %d with charge %+d is greater than permitted", v, a.Charge)}
	}
	return nil
}

// bareHydrogen completes a hydrogen atom without neighbours (from a molfile) to H2 unless it is an ion.
func (m *Mol) bareHydrogen(i int) error {
	a := &m.atoms[i]
	switch a.Charge {
	case 0:
		a.Hs = 1
	case 1, -1:
	default:
		return &AtomError{Atom: i + 1, Symbol: "H", Msg: fmt.Sprintf("charge %+d is not possible", a.Charge)}
	}
	return nil
}

func (m *Mol) touchesAromatic(i int) bool {
	if m.atoms[i].Aromatic {
		return true
	}
	for _, n := range m.graph.Neighbors(int32(i)) {
		if m.bonds[n.Bond].Aromatic {
			return true
		}
	}
	return false
}

// kekuleValence is the bond order sum of atom i without counted hydrogens, once no bond is marked aromatic any more.
func (m *Mol) kekuleValence(i int) int {
	v := 0
	for _, n := range m.graph.Neighbors(int32(i)) {
		b := &m.bonds[n.Bond]
		if b.Order == 0 && b.bindsAt(i) {
			v++
		}
		v += int(b.Order)
	}
	return v
}

// assignRadicals counts the unpaired electrons of atoms whose hydrogens were given.
func (m *Mol) assignRadicals() {
	for i := range m.atoms {
		a := &m.atoms[i]
		if !a.NoImplicit || a.Number == 0 {
			continue
		}
		e := &element.Table[a.Number]
		outer, charge := int(e.Outer), int(a.Charge)
		if len(e.Valence) == 0 {
			a.Radicals = uint8(max(outer-charge, 0) % 2)
			continue
		}
		v := m.kekuleValence(i) + int(a.Hs)
		shell := 8
		if a.Number <= 2 {
			shell = 2
		}
		r := shell - outer - v + charge
		if r < 0 {
			r = 0
			if len(e.Valence) > 1 {
				for _, w := range e.Valence {
					if d := int(w) - v + charge; d >= 0 {
						r = d
						break
					}
				}
			}
		}
		if other := outer - v - charge; other >= 0 {
			r = min(r, other)
		}
		a.Radicals = uint8(r)
	}
}
