package chem

import (
	"cmp"
	"slices"
)

// Fragments returns the connected parts of the molecule, in the order of their first atoms.
func (m *Mol) Fragments() []*Mol {
	parts := m.components()
	if len(parts) == 1 {
		return []*Mol{m}
	}
	out := make([]*Mol, len(parts))
	for k, atoms := range parts {
		out[k] = m.part(atoms)
	}
	return out
}

// part copies the atoms of one fragment with their bonds and rings.
func (m *Mol) part(atoms []int32) *Mol {
	place := make([]int32, len(m.Atoms))
	for i := range place {
		place[i] = -1
	}
	p := &Mol{Atoms: make([]Atom, len(atoms))}
	for k, i := range atoms {
		place[i] = int32(k)
		p.Atoms[k] = m.Atoms[i]
	}
	for _, b := range m.Bonds {
		if place[b.Begin] >= 0 {
			b.Begin, b.End = place[b.Begin], place[b.End]
			p.Bonds = append(p.Bonds, b)
		}
	}
	inside := slices.DeleteFunc(slices.Clone(m.rings), func(r []int32) bool { return place[r[0]] < 0 })
	p.rings = relabel(inside, place)
	p.link()
	return p
}

// Parent returns the molecule that the others are only company of: the largest fragment without stereochemistry,
// neutralized where protons can be moved. A fragment with carbon is preferred, then the one with more heavy atoms, the
// heavier one, and the one whose canonical SMILES comes first. Quaternary nitrogen and other charges that no proton can
// balance stay, with as many opposite charges as they need; so do charge-separated groups such as nitro (the rules of
// the RDKit's Uncharger).
//
// The atoms of the result are in canonical order: all inputs with the same parent give identical results.
func (m *Mol) Parent() *Mol {
	if len(m.Atoms) == 0 {
		return m
	}
	best := m.largest().withoutGeometry()
	if p, err := ParseSMILES(best.uncharged().CanonicalSMILES()); err == nil {
		return p
	}
	if p, err := ParseSMILES(best.CanonicalSMILES()); err == nil {
		return p
	}
	return best
}

// largest is the fragment that Parent looks for.
func (m *Mol) largest() *Mol {
	fragments := m.Fragments()
	carbon := func(f *Mol) int {
		if slices.ContainsFunc(f.Atoms, func(a Atom) bool { return a.Number == 6 }) {
			return 1
		}
		return 0
	}
	return slices.MaxFunc(fragments, func(a, b *Mol) int {
		c := cmp.Or(cmp.Compare(carbon(a), carbon(b)), cmp.Compare(a.HeavyAtoms(), b.HeavyAtoms()), cmp.Compare(a.Weight(), b.Weight()))
		if c == 0 {
			c = cmp.Compare(b.CanonicalSMILES(), a.CanonicalSMILES())
		}
		return c
	})
}
