package chem

// kekulize replaces aromatic bonds by alternating single and double ones and clears the aromatic marks. It fails for
// aromatic atoms outside rings, where an atom that needs a double bond cannot have one, and where the outcome exceeds the
// valence of an aromatic atom.
func (m *Mol) kekulize(w *workspace) error {
	if !m.anyAromatic() {
		return nil
	}
	if err := m.spreadAromatic(); err != nil {
		return err
	}
	needs := filled(&w.atomA, len(m.Atoms), 0)
	for i := range m.Atoms {
		if m.takesDouble(i) {
			needs[i] = 1
		}
	}
	for k := range m.Bonds {
		if b := &m.Bonds[k]; b.Aromatic && (!b.InRing || needs[b.Begin] == 0 || needs[b.End] == 0) {
			b.Aromatic, b.Order = false, 1
		}
	}
	t := newMatching(m, w, needs)
	if i := t.complete(); i >= 0 {
		return &AtomError{Atom: i + 1, Symbol: Symbol(m.Atoms[i].Number),
			Msg: "no arrangement of double bonds gives this aromatic atom one (a hydrogen missing in brackets?)"}
	}
	for k := range m.Bonds {
		b := &m.Bonds[k]
		if !t.usable(b) {
			continue
		}
		b.Order = 1
		if t.mate[b.Begin] == b.End {
			b.Order = 2
		}
		b.Aromatic = false
	}
	for i := range m.Atoms {
		a := &m.Atoms[i]
		if !a.Aromatic {
			continue
		}
		a.Aromatic = false
		v := m.kekuleValence(i) + int(a.Hs)
		if err := m.checkValence(i, v); err != nil {
			return err
		}
		if missing, ok := missingHydrogens(a, false, v); ok && missing > 0 {
			a.NoImplicit = true // no place for them was left: a radical, as when read in brackets
		}
	}
	return nil
}

// spreadAromatic marks the atoms of aromatic bonds as aromatic and refuses aromatic atoms and bonds outside rings, except
// bonds between aromatic rings.
func (m *Mol) spreadAromatic() error {
	for k := range m.Bonds {
		b := &m.Bonds[k]
		if !b.Aromatic {
			continue
		}
		for _, i := range [...]int32{b.Begin, b.End} {
			if !b.InRing && !m.Atoms[i].Aromatic {
				return &AtomError{Atom: int(i) + 1, Symbol: Symbol(m.Atoms[i].Number), Msg: "aromatic bond outside a ring"}
			}
		}
		m.Atoms[b.Begin].Aromatic = true
		m.Atoms[b.End].Aromatic = true
	}
	for i := range m.Atoms {
		if a := &m.Atoms[i]; a.Aromatic && !a.InRing {
			return &AtomError{Atom: i + 1, Symbol: Symbol(a.Number), Msg: "aromatic but not in a ring"}
		}
	}
	return nil
}

func (m *Mol) anyAromatic() bool {
	for i := range m.Atoms {
		if m.Atoms[i].Aromatic {
			return true
		}
	}
	for k := range m.Bonds {
		if m.Bonds[k].Aromatic {
			return true
		}
	}
	return false
}

// takesDouble says whether an aromatic atom needs one of its aromatic bonds to become a double bond: its single bonds,
// hydrogens and radicals leave one valence free. Wildcards may take one.
func (m *Mol) takesDouble(i int) bool {
	a := &m.Atoms[i]
	if !a.InRing {
		return false
	}
	if a.Number == 0 {
		return true
	}
	if !a.Aromatic {
		return false
	}
	singles, degree := int(a.Hs), m.Degree(i)
	for _, n := range m.Neighbors(i) {
		b := &m.Bonds[n.Bond]
		switch {
		case b.Aromatic:
			singles++
		case b.Order > 0:
			singles += int(b.Order)
		case int(b.End) == i:
			singles++
		default:
			degree--
		}
	}
	if !a.NoImplicit {
		degree += int(a.Hs)
	}
	allowed := elements[a.Number].valence
	if len(allowed) == 0 {
		return false
	}
	shift, total, radicals := valenceShift(a), m.valence(i), int(a.Radicals)
	target := int(allowed[0]) + shift
	for k := 1; k < len(allowed) && total > target; k++ {
		target = int(allowed[k]) + shift
	}
	if degree+radicals >= target {
		return false
	}
	return target == singles+1+radicals || radicals == 0 && a.NoImplicit && target == singles+2
}
