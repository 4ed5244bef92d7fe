// Package rings finds the smallest rings of a molecule.
package rings

import (
	"slices"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/graph"
)

// maxRings limits the independent rings of a molecule, so that the search ends soon for any input.
const maxRings = 2048

// ErrTooMany means that a molecule has more than 2,048 independent rings.
var ErrTooMany = errors.Errorf("chem: more than %d rings", maxRings)

// Workspace is scratch memory, so that a search allocates little more than the rings it finds. The zero value is ready
// for use, by one goroutine at a time.
type Workspace struct {
	g          *graph.Graph
	cyclicAtom []int32 // 1 for atoms in rings
	cyclicBond []int32 // 1 for bonds in rings
	order, low []int32 // of the depth-first search
	next, via  []int32 // the same
	system     []int32 // atoms of the ring system at hand, rising
	systemOf   []int32 // atom -> first atom of its ring system
	queue      []int32 // stack of the depth-first search
	found      []int32 // atoms of the rings found, ring by ring
	foundEnd   []int32 // end of each ring in found
	search     ringSearch
}

// Release forgets the molecule of the last search, but not the memory.
func (w *Workspace) Release() { w.g = nil }

// InRing reports whether a bond lies on a ring of the molecule searched last.
func (w *Workspace) InRing(bond int) bool { return w.cyclicBond[bond] != 0 }

// Find returns the rings that RDKit calls the symmetrized SSSR, each as its atoms in ring order: a smallest set of
// smallest rings, plus each further ring found that could replace one of the same size (cubane has 6, not 5). Ask InRing
// about single bonds afterwards.
func (w *Workspace) Find(g *graph.Graph) ([][]int32, error) {
	w.g = g
	w.cyclicBond = graph.Fill(&w.cyclicBond, len(g.Ends)/2, 0)
	if len(g.Ends) < 6 || w.bridges() == 0 {
		return nil, nil
	}
	w.found, w.foundEnd = w.found[:0], w.foundEnd[:0]
	w.search.work = maxWork
	systemOf := graph.Fill(&w.systemOf, g.Len(), -1)
	independent := 0
	for start := range systemOf {
		if w.cyclicAtom[start] == 0 || systemOf[start] >= 0 {
			continue
		}
		rank := w.collectSystem(systemOf, int32(start))
		if independent += rank; independent > maxRings {
			return nil, ErrTooMany
		}
		if rank == 1 {
			w.walkRing()
		} else {
			w.findSystemRings(rank)
		}
	}
	return w.rings(), nil
}

// rings copies the rings out of the workspace.
func (w *Workspace) rings() [][]int32 {
	atoms := slices.Clone(w.found)
	rings := make([][]int32, len(w.foundEnd))
	begin := int32(0)
	for k, end := range w.foundEnd {
		rings[k] = atoms[begin:end:end]
		begin = end
	}
	return rings
}

// bridges marks the bonds that are not bridges, and their atoms, as ring members and returns how many bonds there are.
// Depth-first search with low points (Tarjan 1974), without recursion.
func (w *Workspace) bridges() int {
	n := w.g.Len()
	w.cyclicAtom = graph.Fill(&w.cyclicAtom, n, 0)
	order := graph.Fill(&w.order, n, -1) // discovery number
	low := graph.Fill(&w.low, n, 0)      // lowest discovery number reachable from the subtree
	next := graph.Fill(&w.next, n, 0)    // neighbours done
	via := graph.Fill(&w.via, n, -1)     // bond to the parent
	stack := w.queue[:0]
	count, ringBonds := int32(0), 0
	for root := range order {
		if order[root] >= 0 {
			continue
		}
		order[root], low[root] = count, count
		count++
		stack = append(stack[:0], int32(root))
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			if near := w.g.Neighbors(v); int(next[v]) < len(near) {
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
					ringBonds += w.mark(e.Bond, v, e.Atom)
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
				ringBonds += w.mark(via[v], u, v)
			}
		}
	}
	w.queue = stack
	return ringBonds
}

// mark marks a bond and its atoms as ring members and returns 1 if the bond was not marked before.
func (w *Workspace) mark(bond, a, b int32) int {
	if w.cyclicBond[bond] != 0 {
		return 0
	}
	w.cyclicBond[bond], w.cyclicAtom[a], w.cyclicAtom[b] = 1, 1, 1
	return 1
}

// collectSystem puts the atoms joined to start by ring bonds into w.system, in rising order, marks them in systemOf with
// start, and returns the number of independent rings among them.
func (w *Workspace) collectSystem(systemOf []int32, start int32) int {
	atoms := append(w.system[:0], start)
	systemOf[start] = start
	ends := 0
	for k := 0; k < len(atoms); k++ {
		for _, e := range w.g.Neighbors(atoms[k]) {
			if w.cyclicBond[e.Bond] == 0 {
				continue
			}
			ends++
			if systemOf[e.Atom] < 0 {
				systemOf[e.Atom] = start
				atoms = append(atoms, e.Atom)
			}
		}
	}
	slices.Sort(atoms)
	w.system = atoms
	return ends/2 - len(atoms) + 1
}

// walkRing adds the ring system that is a single ring.
func (w *Workspace) walkRing() {
	start := w.system[0]
	at, via := start, int32(-1)
	for {
		w.found = append(w.found, at)
		for _, e := range w.g.Neighbors(at) {
			if e.Bond != via && w.cyclicBond[e.Bond] != 0 {
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
