package chem

import "slices"

// maxHydrogens limits the hydrogens of an atom, far beyond any valence.
const maxHydrogens = 99

// mergeHydrogens turns explicit hydrogen atoms into counts at their neighbours and returns the former positions of the
// atoms that stay, nil if all do. Those hydrogens stay that say more than a count: isotopes, ions, bridges, [H][H],
// neighbours of a wildcard, and the one in [H]/N=C that tells the geometry. directed marks the bonds written with
// / or \; it may be nil. The neighbour lists must be there and are there again afterwards.
func (m *Mol) mergeHydrogens(directed []bool) []int32 {
	var kept []int32
	place := make([]int32, len(m.Atoms)) // new positions
	for i := range m.Atoms {
		if m.isCount(i, directed) {
			if heavy := &m.Atoms[m.Neighbors(i)[0].Atom]; heavy.Hs < maxHydrogens {
				heavy.Hs++
				place[i] = -1
				continue
			}
		}
		place[i] = int32(len(kept))
		kept = append(kept, int32(i))
	}
	if len(kept) == len(m.Atoms) {
		return nil
	}
	m.Bonds = slices.DeleteFunc(m.Bonds, func(b Bond) bool { return place[b.Begin] < 0 || place[b.End] < 0 })
	for k := range m.Bonds {
		b := &m.Bonds[k]
		b.Begin, b.End = place[b.Begin], place[b.End]
	}
	for k, i := range kept {
		m.Atoms[k] = m.Atoms[i]
	}
	m.Atoms = slices.Clip(m.Atoms[:len(kept)])
	m.rings = relabel(m.rings, place)
	m.link()
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

// isCount says whether atom i is a hydrogen that is as good as a count.
func (m *Mol) isCount(i int, directed []bool) bool {
	a := &m.Atoms[i]
	if a.Number != 1 || a.Isotope != 0 || a.Charge != 0 || a.Hs != 0 || m.Degree(i) != 1 {
		return false
	}
	n := m.Neighbors(i)[0]
	if heavy := m.Atoms[n.Atom].Number; heavy <= 1 {
		return false
	}
	return directed == nil || !directed[n.Bond] || m.Degree(int(n.Atom)) != 2 || !m.hasDouble(int(n.Atom))
}

func (m *Mol) hasDouble(i int) bool {
	for _, n := range m.Neighbors(i) {
		if m.Bonds[n.Bond].Order == 2 {
			return true
		}
	}
	return false
}
