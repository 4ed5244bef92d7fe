package chem

import "fmt"

// valenceShift is what the charge adds to the allowed valences of an atom: N+ bonds like C, B- like C, and a charged
// carbon of either sign has one bond less.
func valenceShift(a *Atom) int {
	c := int(a.Charge)
	if early[a.Number] || a.Number == 6 && c > 0 {
		return -c
	}
	return c
}

// valence is the sum of the bond orders of atom i and of its counted hydrogens. An aromatic bond adds one and a half;
// aromatic atoms settle on an allowed valence within one and a half below the sum, as they will after kekulization
// (the N of c1cccn1C has 4 here and 3 in the end). A dative bond counts for the atom that it ends at.
func (m *Mol) valence(i int) int {
	a := &m.Atoms[i]
	twice, aromatic := 2*int(a.Hs), a.Aromatic
	for _, n := range m.Neighbors(i) {
		b := &m.Bonds[n.Bond]
		switch {
		case b.Aromatic:
			twice += 3
			aromatic = true
		case b.Order > 0:
			twice += 2 * int(b.Order)
		case int(b.End) == i:
			twice += 2
		}
	}
	if aromatic {
		twice = settle(a, twice)
	}
	return (twice + 1) / 2
}

// settle lowers twice a bond order sum to an allowed valence if one is near.
func settle(a *Atom, twice int) int {
	allowed, shift := elements[a.Number].valence, valenceShift(a)
	if len(allowed) == 0 || twice <= 2*(int(allowed[0])+shift) {
		return twice
	}
	near := 0
	for k, v := range allowed {
		if v < 0 {
			break
		}
		if t := 2 * (int(v) + shift); k == 0 || t <= twice {
			near = t
		}
	}
	if twice-near <= 3 {
		return near
	}
	return twice
}

// countHydrogens checks the valence of every atom and fills in the implicit hydrogens.
func (m *Mol) countHydrogens() error {
	for i := range m.Atoms {
		if err := m.countHydrogensOf(i); err != nil {
			return err
		}
	}
	return nil
}

func (m *Mol) countHydrogensOf(i int) error {
	a := &m.Atoms[i]
	v := m.valence(i)
	if err := m.checkValence(i, v); err != nil {
		return err
	}
	allowed := elements[a.Number].valence
	if a.NoImplicit || len(allowed) == 0 {
		return nil
	}
	if a.Number == 1 && v == 0 && a.Radicals == 0 {
		return m.bareHydrogen(i)
	}
	missing, ok := missingHydrogens(a, m.touchesAromatic(i), v+int(a.Radicals))
	if !ok {
		return &AtomError{Atom: i + 1, Symbol: Symbol(a.Number),
			Msg: fmt.Sprintf("valence %d with charge %+d is not an allowed one", v, a.Charge)}
	}
	a.Hs += uint8(missing)
	return nil
}

// checkValence refuses valences beyond the highest allowed one.
func (m *Mol) checkValence(i, v int) error {
	a := &m.Atoms[i]
	allowed := elements[a.Number].valence
	if len(allowed) == 0 {
		return nil
	}
	highest, effective := int(allowed[len(allowed)-1]), v-int(a.Charge)
	if elements[a.Number].outer < 4 {
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
	a := &m.Atoms[i]
	switch a.Charge {
	case 0:
		a.Hs = 1
	case 1, -1:
	default:
		return &AtomError{Atom: i + 1, Symbol: "H", Msg: fmt.Sprintf("charge %+d is not possible", a.Charge)}
	}
	return nil
}

// missingHydrogens is the number of hydrogens between valence v and the next allowed one. Aromatic atoms take hydrogens
// up to the default valence only. The second result is false if v exceeds all allowed valences.
func missingHydrogens(a *Atom, aromatic bool, v int) (int, bool) {
	allowed, shift := elements[a.Number].valence, valenceShift(a)
	for k, w := range allowed {
		if w < 0 {
			return 0, true
		}
		t := int(w) + shift
		switch {
		case aromatic && k > 0:
			if v == t {
				return 0, true
			}
		case v <= t:
			return t - v, true
		}
	}
	return 0, false
}

func (m *Mol) touchesAromatic(i int) bool {
	if m.Atoms[i].Aromatic {
		return true
	}
	for _, n := range m.Neighbors(i) {
		if m.Bonds[n.Bond].Aromatic {
			return true
		}
	}
	return false
}

// kekuleValence is the bond order sum of atom i without counted hydrogens, once no bond is marked aromatic any more.
func (m *Mol) kekuleValence(i int) int {
	v := 0
	for _, n := range m.Neighbors(i) {
		b := &m.Bonds[n.Bond]
		if b.Order == 0 && int(b.End) == i {
			v++
		}
		v += int(b.Order)
	}
	return v
}

// assignRadicals counts the unpaired electrons of atoms whose hydrogens were given.
func (m *Mol) assignRadicals() {
	for i := range m.Atoms {
		a := &m.Atoms[i]
		if !a.NoImplicit || a.Number == 0 {
			continue
		}
		e := &elements[a.Number]
		outer, charge := int(e.outer), int(a.Charge)
		if len(e.valence) == 0 {
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
			if len(e.valence) > 1 {
				for _, w := range e.valence {
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
