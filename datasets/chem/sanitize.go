package chem

import "fmt"

// AtomError says which atom makes a molecule impossible.
type AtomError struct {
	Atom   int    // 1-based position in the input
	Column int    // 1-based column of the atom in the SMILES, 0 if it came from elsewhere
	Line   int    // 1-based line of the atom in the molfile or SD file, 0 if it came from elsewhere
	Symbol string // of the element
	Msg    string
}

func (e *AtomError) Error() string {
	if e.Column > 0 {
		return fmt.Sprintf("chem: atom %d (%s, column %d): %s", e.Atom, e.Symbol, e.Column, e.Msg)
	}
	if e.Line > 0 {
		return fmt.Sprintf("chem: atom %d (%s, line %d): %s", e.Atom, e.Symbol, e.Line, e.Msg)
	}
	return fmt.Sprintf("chem: atom %d (%s): %s", e.Atom, e.Symbol, e.Msg)
}

// place turns the position of the atom in the molecule into that in the input, if atoms were left out.
func (e *AtomError) place(kept []int32) {
	if kept != nil {
		e.Atom = int(kept[e.Atom-1]) + 1
	}
}

// sanitize turns the atoms and bonds that a parser has read into a molecule: normal forms of groups that are drawn with
// impossible valences, implicit hydrogens, rings, Kekulé orders, radicals, aromaticity, in the RDKit's order.
// The neighbour lists must be there.
func (m *Mol) sanitize() error {
	m.cleanUp()
	if err := m.countHydrogens(); err != nil {
		return err
	}
	w := workspaces.Get().(*workspace)
	defer w.release()
	if err := m.findRings(w); err != nil {
		return err
	}
	if err := m.kekulize(w); err != nil {
		return err
	}
	m.assignRadicals()
	m.perceiveAromaticity(w)
	return nil
}

// cleanUp separates the charges of hypervalent N, P and halogens: CN(=O)=O becomes C[N+](=O)[O-], N=N#N becomes
// N=[N+]=[N-], C=P(=O)X becomes C=[P+]([O-])X, OCl(=O)=O becomes O[Cl+2]([O-])[O-].
func (m *Mol) cleanUp() {
	for i := range m.Atoms {
		a := &m.Atoms[i]
		if a.Number == 7 && a.Charge == 0 && m.valence(i) == 5 && !m.separate(i, 8, 2) {
			m.separate(i, 7, 3)
		}
	}
	for i := range m.Atoms {
		a := &m.Atoms[i]
		if a.Charge != 0 {
			continue
		}
		switch a.Number {
		case 15:
			m.cleanUpPhosphorus(i)
		case 17, 35, 53:
			m.cleanUpHalogen(i)
		}
	}
}

// separate moves one bond order between atom i and its first neutral neighbour of that element, joined by a bond of that
// order, into charges. It reports whether there is one.
func (m *Mol) separate(i int, number, order uint8) bool {
	for _, n := range m.Neighbors(i) {
		o, b := &m.Atoms[n.Atom], &m.Bonds[n.Bond]
		if o.Number == number && o.Charge == 0 && b.Order == order && !b.Aromatic {
			b.Order--
			m.Atoms[i].Charge = 1
			o.Charge = -1
			return true
		}
	}
	return false
}

func (m *Mol) cleanUpPhosphorus(i int) {
	if m.Degree(i) != 3 || m.valence(i) != 5 {
		return
	}
	toCarbon, toOxygen := false, false
	for _, n := range m.Neighbors(i) {
		o, b := &m.Atoms[n.Atom], &m.Bonds[n.Bond]
		if b.Order != 2 || b.Aromatic {
			continue
		}
		switch {
		case o.Number == 8 && o.Charge == 0:
			toOxygen = true
		case (o.Number == 6 || o.Number == 7) && m.Degree(int(n.Atom)) >= 2:
			toCarbon = true
		}
	}
	if toCarbon && toOxygen {
		m.separate(i, 8, 2)
	}
}

func (m *Mol) cleanUpHalogen(i int) {
	if v := m.valence(i); v != 3 && v != 5 && v != 7 {
		return
	}
	for _, n := range m.Neighbors(i) {
		if m.Atoms[n.Atom].Number != 8 {
			return
		}
	}
	for _, n := range m.Neighbors(i) {
		if b := &m.Bonds[n.Bond]; b.Order == 2 {
			b.Order = 1
			m.Atoms[i].Charge++
			m.Atoms[n.Atom].Charge = -1
		}
	}
}
