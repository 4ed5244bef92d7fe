package chem

import (
	"slices"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/graph"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/rings"
)

// Limits of a molecule.
const (
	MaxAtoms     = 10_000
	maxHydrogens = 99 // at one atom, far beyond any valence
	maxCharge    = 15
	maxIsotope   = 999
)

// New creates a molecule from atoms and bonds and completes it in the order of RDKit: it turns explicit hydrogens that carry no further
// information into counts, separates the charges of nitro and similar groups, checks valences, fills in implicit hydrogens, finds the
// rings, gives aromatic bonds Kekulé orders, counts radicals and perceives aromaticity.
//
// New copies the slices. It reads Number, Charge, Hs, Isotope, Aromatic and NoImplicit of the atoms, and Radicals if NoImplicit is not set.
// It reads all fields of the bonds except InRing. The order of an aromatic bond does not matter.
//
// New returns an error for a value out of range and for more than MaxAtoms atoms or 2,048 independent rings. For a bond that repeats
// another or leads to an atom that does not exist, the error is a *BondError. For a molecule that is impossible because of a valence or
// because an aromatic ring has no Kekulé structure, it is an *AtomError.
func New(atoms []Atom, bonds []Bond) (*Mol, error) {
	if err := checkInput(atoms, bonds); err != nil {
		return nil, err
	}
	m := &Mol{atoms: slices.Clone(atoms), bonds: slices.Clone(bonds)}
	w := workspaces.Get().(*workspace)
	defer w.release()
	m.link(w)
	if err := m.checkRepeats(w); err != nil {
		return nil, err
	}
	kept := m.mergeHydrogens(w, false)
	if err := m.complete(w); err != nil {
		var e *AtomError
		if errors.As(err, &e) && kept != nil {
			e.Atom = int(kept[e.Atom-1]) + 1
		}
		return nil, err
	}
	return m, nil
}

// checkInput rejects values out of range.
func checkInput(atoms []Atom, bonds []Bond) error {
	if len(atoms) > MaxAtoms {
		return errors.Errorf("chem: %d atoms, more than %d", len(atoms), MaxAtoms)
	}
	for i := range atoms {
		if a := &atoms[i]; a.Number > element.Max || a.Charge > maxCharge || a.Charge < -maxCharge ||
			a.Hs > maxHydrogens || a.Isotope > maxIsotope {
			return errors.Errorf("chem: atom %d: element %d, charge %+d, %d hydrogens, mass number %d: out of range (%d, ±%d, %d, %d)",
				i+1, a.Number, a.Charge, a.Hs, a.Isotope, element.Max, maxCharge, maxHydrogens, maxIsotope)
		}
	}
	n := int32(len(atoms))
	for k := range bonds {
		switch b := &bonds[k]; {
		case b.Begin < 0 || b.End < 0 || b.Begin >= n || b.End >= n:
			return &BondError{Bond: k + 1, Begin: int(b.Begin) + 1, End: int(b.End) + 1, Msg: "there is no such atom"}
		case b.Begin == b.End:
			return &BondError{Bond: k + 1, Begin: int(b.Begin) + 1, End: int(b.End) + 1, Msg: "an atom is bonded to itself"}
		case b.Unspecified && (b.Order > 0 || b.Aromatic):
			return &BondError{Bond: k + 1, Begin: int(b.Begin) + 1, End: int(b.End) + 1, Msg: "an unspecified bond has an order or is aromatic"}
		case b.Order > 4:
			return &BondError{Bond: k + 1, Begin: int(b.Begin) + 1, End: int(b.End) + 1, Msg: "the order is above 4"}
		}
	}
	return nil
}

// checkRepeats rejects two bonds between the same atoms.
func (m *Mol) checkRepeats(w *workspace) error {
	seen := graph.Fill(&w.seen, len(m.atoms), -1)
	for i := range m.atoms {
		for _, n := range m.graph.Neighbors(int32(i)) {
			if seen[n.Atom] == int32(i) {
				return &BondError{Bond: int(n.Bond) + 1, Begin: i + 1, End: int(n.Atom) + 1, Msg: "the atoms are bonded already"}
			}
			seen[n.Atom] = int32(i)
		}
	}
	return nil
}

// complete derives the properties that the atoms and bonds do not specify.
func (m *Mol) complete(w *workspace) error {
	for k := range m.bonds {
		m.bonds[k].InRing = false
	}
	for i := range m.atoms {
		m.atoms[i].InRing = false
	}
	m.separateCharges()
	if err := m.countHydrogens(); err != nil {
		return err
	}
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

// ErrTooManyRings is the error of New for a molecule with more than 2,048 independent rings.
var ErrTooManyRings = rings.ErrTooMany

// findRings finds the rings and marks their atoms and bonds.
func (m *Mol) findRings(w *workspace) error {
	found, err := w.rings.Find(&m.graph)
	if err != nil {
		return err
	}
	m.rings = found
	if len(found) == 0 {
		return nil
	}
	for k := range m.bonds {
		if b := &m.bonds[k]; w.rings.InRing(k) {
			b.InRing = true
			m.atoms[b.Begin].InRing, m.atoms[b.End].InRing = true, true
		}
	}
	return nil
}
