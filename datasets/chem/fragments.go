package chem

import "slices"

// Components lists the atoms of each connected component in ascending order, and the components in the order of their first atoms.
func (m *Mol) Components() [][]int32 {
	if m == nil {
		return nil
	}
	return m.graph.Components()
}

// Fragments returns the connected components as molecules, in the order of their first atoms.
func (m *Mol) Fragments() []*Mol {
	parts := m.Components()
	if len(parts) == 1 {
		return []*Mol{m}
	}
	w := workspaces.Get().(*workspace)
	defer w.release()
	out := make([]*Mol, len(parts))
	for k, atoms := range parts {
		out[k] = m.part(w, atoms)
	}
	return out
}

// part copies the atoms of one fragment with their bonds and rings.
func (m *Mol) part(w *workspace, atoms []int32) *Mol {
	place := make([]int32, len(m.atoms))
	for i := range place {
		place[i] = -1
	}
	p := &Mol{atoms: make([]Atom, len(atoms))}
	for k, i := range atoms {
		place[i] = int32(k)
		p.atoms[k] = m.atoms[i]
	}
	for _, b := range m.bonds {
		if place[b.Begin] >= 0 {
			b.Begin, b.End = place[b.Begin], place[b.End]
			p.bonds = append(p.bonds, b)
		}
	}
	inside := slices.DeleteFunc(slices.Clone(m.rings), func(r []int32) bool { return place[r[0]] < 0 })
	p.rings = relabel(inside, place)
	p.link(w)
	return p
}
