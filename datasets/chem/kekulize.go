package chem

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/graph"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/matching"
)

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
	needs := graph.Fill(&w.needs, len(m.atoms), matching.Never)
	for i := range m.atoms {
		if m.takesDouble(i) {
			needs[i] = matching.Always
			if m.atoms[i].Number == 0 {
				needs[i] = matching.Maybe
			}
		}
	}
	for k := range m.bonds {
		if b := &m.bonds[k]; b.Aromatic && (!b.InRing || needs[b.Begin] == 0 || needs[b.End] == 0) {
			b.Aromatic, b.Order = false, 1
		}
	}
	usable := m.mayBeDouble(w, needs)
	if i := w.pairing.Find(&m.graph, needs, usable); i >= 0 {
		return &AtomError{Atom: i + 1, Symbol: Symbol(m.atoms[i].Number),
			Msg: "no arrangement of double bonds gives this aromatic atom one (a hydrogen missing in brackets?)"}
	}
	for k := range m.bonds {
		b := &m.bonds[k]
		if !usable[k] {
			continue
		}
		b.Order = 1
		if w.pairing.Mate[b.Begin] == b.End {
			b.Order = 2
		}
		b.Aromatic = false
	}
	for i := range m.atoms {
		a := &m.atoms[i]
		if !a.Aromatic {
			continue
		}
		a.Aromatic = false
		v := m.kekuleValence(i) + int(a.Hs)
		if err := m.checkValence(i, v); err != nil {
			return err
		}
		if missing, ok := element.MissingHydrogens(a.Number, a.Charge, false, v); ok && !a.NoImplicit {
			a.Hs += uint8(missing) // s with three single bonds
		}
	}
	return nil
}

// mayBeDouble reports for each bond whether it may become a double bond.
func (m *Mol) mayBeDouble(w *workspace, needs []int32) []bool {
	w.usable = slices.Grow(w.usable[:0], len(m.bonds))[:len(m.bonds)]
	for k := range m.bonds {
		b := &m.bonds[k]
		paired := needs[b.Begin] != matching.Never && needs[b.End] != matching.Never && b.InRing
		wild := m.atoms[b.Begin].Number == 0 || m.atoms[b.End].Number == 0
		w.usable[k] = paired && (b.Aromatic || b.Order == 1 && wild)
	}
	return w.usable
}

// spreadAromatic marks the atoms of aromatic bonds as aromatic and rejects aromatic atoms and bonds outside rings, except bonds between
// aromatic rings.
func (m *Mol) spreadAromatic() error {
	for k := range m.bonds {
		b := &m.bonds[k]
		if !b.Aromatic {
			continue
		}
		for _, i := range [...]int32{b.Begin, b.End} {
			if !b.InRing && !m.atoms[i].Aromatic {
				return &AtomError{Atom: int(i) + 1, Symbol: Symbol(m.atoms[i].Number), Msg: "aromatic bond outside a ring"}
			}
		}
		m.atoms[b.Begin].Aromatic = true
		m.atoms[b.End].Aromatic = true
	}
	for i := range m.atoms {
		if a := &m.atoms[i]; a.Aromatic && !a.InRing {
			return &AtomError{Atom: i + 1, Symbol: Symbol(a.Number), Msg: "aromatic but not in a ring"}
		}
	}
	return nil
}

func (m *Mol) anyAromatic() bool {
	for i := range m.atoms {
		if m.atoms[i].Aromatic {
			return true
		}
	}
	for k := range m.bonds {
		if m.bonds[k].Aromatic {
			return true
		}
	}
	return false
}

// takesDouble reports whether an aromatic atom needs one of its aromatic bonds to become a double bond: its single bonds,
// hydrogens and radicals leave one valence free. Wildcards may take one.
func (m *Mol) takesDouble(i int) bool {
	a := &m.atoms[i]
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
	for _, n := range m.graph.Neighbors(int32(i)) {
		b := &m.bonds[n.Bond]
		switch {
		case b.Aromatic:
			singles++
		case b.Order > 0:
			singles += int(b.Order)
		case b.bindsAt(i):
			singles++
		default:
			degree--
		}
	}
	if !a.NoImplicit {
		degree += int(a.Hs)
	}
	allowed := element.Table[a.Number].Valence
	if len(allowed) == 0 {
		return false
	}
	shift, total, radicals := element.ValenceShift(a.Number, a.Charge), m.valence(i), int(a.Radicals)
	target := int(allowed[0]) + shift
	for k := 1; k < len(allowed) && total > target; k++ {
		target = int(allowed[k]) + shift
	}
	if degree+radicals >= target {
		return false
	}
	return target == singles+1+radicals || radicals == 0 && a.NoImplicit && target == singles+2
}
