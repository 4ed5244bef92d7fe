package chem

// separateCharges separates the charges of hypervalent N, P and halogens: CN(=O)=O becomes C[N+](=O)[O-], N=N#N becomes
// N=[N+]=[N-], C=P(=O)X becomes C=[P+]([O-])X, OCl(=O)=O becomes O[Cl+2]([O-])[O-].
func (m *Mol) separateCharges() {
	for i := range m.atoms {
		a := &m.atoms[i]
		if a.Number == 7 && a.Charge == 0 && m.valence(i) == 5 && !m.separate(i, 8, 2) {
			m.separate(i, 7, 3)
		}
	}
	for i := range m.atoms {
		a := &m.atoms[i]
		if a.Charge != 0 {
			continue
		}
		switch a.Number {
		case 15:
			m.separatePhosphorus(i)
		case 17, 35, 53:
			m.separateHalogen(i)
		}
	}
}

// separate moves one bond order between atom i and its first neutral neighbour of that element, joined by a bond of that
// order, into charges. It reports whether there is one.
func (m *Mol) separate(i int, number, order uint8) bool {
	for _, n := range m.graph.Neighbors(int32(i)) {
		o, b := &m.atoms[n.Atom], &m.bonds[n.Bond]
		if o.Number == number && o.Charge == 0 && b.Order == order && !b.Aromatic {
			b.Order--
			m.atoms[i].Charge = 1
			o.Charge = -1
			return true
		}
	}
	return false
}

func (m *Mol) separatePhosphorus(i int) {
	if m.Degree(i) != 3 || m.valence(i) != 5 {
		return
	}
	toCarbon, toOxygen := false, false
	for _, n := range m.graph.Neighbors(int32(i)) {
		o, b := &m.atoms[n.Atom], &m.bonds[n.Bond]
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

func (m *Mol) separateHalogen(i int) {
	if v := m.valence(i); v != 3 && v != 5 && v != 7 {
		return
	}
	for _, n := range m.graph.Neighbors(int32(i)) {
		if m.atoms[n.Atom].Number != 8 {
			return
		}
	}
	for _, n := range m.graph.Neighbors(int32(i)) {
		if b := &m.bonds[n.Bond]; b.Order == 2 {
			b.Order = 1
			m.atoms[i].Charge++
			m.atoms[n.Atom].Charge = -1
		}
	}
}
