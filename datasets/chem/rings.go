package chem

import (
	"slices"

	"github.com/pkg/errors"
)

// maxRings limits the independent rings of a molecule, so that ring perception ends soon for any input.
const maxRings = 1024

// errRings says that a molecule has more than maxRings independent rings.
var errRings = errors.Errorf("chem: more than %d rings", maxRings)

// findRings marks the atoms and bonds in rings and finds the rings that the RDKit calls the symmetrized SSSR: a smallest
// set of smallest rings, plus each further ring found that could replace one of the same size (cubane has 6, not 5).
func (m *Mol) findRings(w *workspace) error {
	n := len(m.Atoms)
	if len(m.Bonds) < 3 || m.bridges(w) == 0 {
		return nil
	}
	w.found, w.foundEnd = w.found[:0], w.foundEnd[:0]
	system := filled(&w.atomC, n, -1)
	independent := 0
	for start := range m.Atoms {
		if !m.Atoms[start].InRing || system[start] >= 0 {
			continue
		}
		rank := m.collectSystem(w, system, int32(start))
		if independent += rank; independent > maxRings {
			return errRings
		}
		if rank == 1 {
			m.walkRing(w)
		} else {
			m.findSystemRings(w, rank)
		}
	}
	m.storeRings(w)
	return nil
}

// storeRings copies the rings out of the workspace.
func (m *Mol) storeRings(w *workspace) {
	atoms := slices.Clone(w.found)
	m.rings = make([][]int32, len(w.foundEnd))
	begin := int32(0)
	for k, end := range w.foundEnd {
		m.rings[k] = atoms[begin:end:end]
		begin = end
	}
}

// bridges marks the bonds that are no bridges, and their atoms, as ring members and returns their number. Depth-first
// search with low points (Tarjan 1974), without recursion.
func (m *Mol) bridges(w *workspace) int {
	n := len(m.Atoms)
	order := filled(&w.atomA, n, -1) // discovery number
	low := filled(&w.atomB, n, 0)    // lowest discovery number reachable from the subtree
	next := filled(&w.atomC, n, 0)   // neighbours done
	via := filled(&w.atomD, n, -1)   // bond to the parent
	stack := w.queue[:0]
	count, ringBonds := int32(0), 0
	for root := range m.Atoms {
		if order[root] >= 0 {
			continue
		}
		order[root], low[root] = count, count
		count++
		stack = append(stack[:0], int32(root))
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			if near := m.Neighbors(int(v)); int(next[v]) < len(near) {
				e := near[next[v]]
				next[v]++
				switch {
				case e.Bond == via[v]:
				case order[e.Atom] < 0:
					order[e.Atom], low[e.Atom], via[e.Atom] = count, count, e.Bond
					count++
					stack = append(stack, e.Atom)
				default:
					low[v] = min(low[v], order[e.Atom])
					ringBonds += m.markRingBond(e.Bond)
				}
				continue
			}
			stack = stack[:len(stack)-1]
			if len(stack) == 0 {
				continue
			}
			u := stack[len(stack)-1]
			low[u] = min(low[u], low[v])
			if low[v] <= order[u] {
				ringBonds += m.markRingBond(via[v])
			}
		}
	}
	w.queue = stack
	return ringBonds
}

// markRingBond marks a bond and its atoms as ring members and returns 1 if the bond was not marked before.
func (m *Mol) markRingBond(k int32) int {
	b := &m.Bonds[k]
	if b.InRing {
		return 0
	}
	b.InRing = true
	m.Atoms[b.Begin].InRing = true
	m.Atoms[b.End].InRing = true
	return 1
}

// collectSystem puts the atoms joined to start by ring bonds into w.system, in rising order, marks them in system with
// start, and returns the number of independent rings among them.
func (m *Mol) collectSystem(w *workspace, system []int32, start int32) int {
	atoms := append(w.system[:0], start)
	system[start] = start
	ends := 0
	for k := 0; k < len(atoms); k++ {
		for _, e := range m.Neighbors(int(atoms[k])) {
			if !m.Bonds[e.Bond].InRing {
				continue
			}
			ends++
			if system[e.Atom] < 0 {
				system[e.Atom] = start
				atoms = append(atoms, e.Atom)
			}
		}
	}
	slices.Sort(atoms)
	w.system = atoms
	return ends/2 - len(atoms) + 1
}

// walkRing adds the ring system that is a single ring.
func (m *Mol) walkRing(w *workspace) {
	start := w.system[0]
	at, via := start, int32(-1)
	for {
		w.found = append(w.found, at)
		for _, e := range m.Neighbors(int(at)) {
			if e.Bond != via && m.Bonds[e.Bond].InRing {
				at, via = e.Atom, e.Bond
				break
			}
		}
		if at == start {
			break
		}
	}
	w.foundEnd = append(w.foundEnd, int32(len(w.found)))
}

// bondBetween is the bond that joins two atoms, -1 if none does.
func (m *Mol) bondBetween(a, b int32) int32 {
	for _, e := range m.Neighbors(int(a)) {
		if e.Atom == b {
			return e.Bond
		}
	}
	return -1
}
