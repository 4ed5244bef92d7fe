package chem

import "slices"

// MergeHydrogens replaces with counts the hydrogen atoms that are atoms of the graph only because they describe the geometry of a double
// bond, as in [H]/N=C. It returns m itself if there are none.
func (m *Mol) MergeHydrogens() *Mol {
	for i := range m.Atoms() {
		if m.atoms[i].Number == 1 && m.isCount(i, true) {
			w := workspaces.Get().(*workspace)
			defer w.release()
			c := &Mol{atoms: slices.Clone(m.atoms), bonds: slices.Clone(m.bonds), graph: m.graph, rings: m.rings}
			c.mergeHydrogens(w, true)
			return c
		}
	}
	return m
}

// mergeHydrogens turns explicit hydrogen atoms into counts at their neighbours and returns the former positions of the atoms that stay, nil
// if all do. Hydrogens that carry more information than a count stay: isotopes, ions, bridges, [H][H], neighbours of a wildcard and, unless
// flat is set, the one in [H]/N=C that describes the geometry.
func (m *Mol) mergeHydrogens(w *workspace, flat bool) []int32 {
	if !slices.ContainsFunc(m.atoms, func(a Atom) bool { return a.Number == 1 }) {
		return nil
	}
	var kept []int32
	place := make([]int32, len(m.atoms)) // new positions
	for i := range m.atoms {
		if m.isCount(i, flat) {
			if heavy := &m.atoms[m.graph.Neighbors(int32(i))[0].Atom]; heavy.Hs < maxHydrogens {
				heavy.Hs++
				place[i] = -1
				continue
			}
		}
		place[i] = int32(len(kept))
		kept = append(kept, int32(i))
	}
	if len(kept) == len(m.atoms) {
		return nil
	}
	m.bonds = slices.DeleteFunc(m.bonds, func(b Bond) bool { return place[b.Begin] < 0 || place[b.End] < 0 })
	for k := range m.bonds {
		b := &m.bonds[k]
		b.Begin, b.End = place[b.Begin], place[b.End]
	}
	for k, i := range kept {
		m.atoms[k] = m.atoms[i]
	}
	m.atoms = slices.Clip(m.atoms[:len(kept)])
	m.rings = relabel(m.rings, place)
	m.link(w)
	return kept
}

// relabel copies rings with new positions of their atoms.
func relabel(rings [][]int32, place []int32) [][]int32 {
	out := make([][]int32, len(rings))
	for k, ring := range rings {
		out[k] = make([]int32, len(ring))
		for j, i := range ring {
			out[k][j] = place[i]
		}
	}
	return out
}

// isCount reports whether atom i is a hydrogen that a count can replace. If flat is set, geometry does not matter.
func (m *Mol) isCount(i int, flat bool) bool {
	a := &m.atoms[i]
	if a.Number != 1 || a.Isotope != 0 || a.Charge != 0 || a.Hs != 0 || m.Degree(i) != 1 {
		return false
	}
	n := m.graph.Neighbors(int32(i))[0]
	if heavy := m.atoms[n.Atom].Number; heavy <= 1 {
		return false
	}
	return flat || !m.bonds[n.Bond].Directed || m.graph.Degree(n.Atom) != 2 || !m.hasDouble(n.Atom)
}

func (m *Mol) hasDouble(i int32) bool {
	for _, n := range m.graph.Neighbors(i) {
		if m.bonds[n.Bond].Order == 2 {
			return true
		}
	}
	return false
}
