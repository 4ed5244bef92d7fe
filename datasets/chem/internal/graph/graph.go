// Package graph holds the bonds of a molecule as neighbour lists, without knowing what atoms and bonds are.
package graph

import "slices"

// Neighbor is an atom bonded to another one, and the bond between them, as positions in the molecule.
type Neighbor struct{ Atom, Bond int32 }

// Graph lists the neighbours of each atom in the order of the bonds.
type Graph struct {
	First []int32    // First[i]:First[i+1] is the range of atom i in Ends; one more entry than there are atoms
	Ends  []Neighbor // neighbours of all atoms, atom by atom
}

// Len is the number of atoms.
func (g *Graph) Len() int { return max(len(g.First)-1, 0) }

// Neighbors returns the neighbours of atom i.
func (g *Graph) Neighbors(i int32) []Neighbor { return g.Ends[g.First[i]:g.First[i+1]] }

// Degree is the number of neighbours of atom i.
func (g *Graph) Degree(i int32) int { return int(g.First[i+1] - g.First[i]) }

// Between returns the bond that joins two atoms, -1 if none does.
func (g *Graph) Between(a, b int32) int32 {
	for _, e := range g.Neighbors(a) {
		if e.Atom == b {
			return e.Bond
		}
	}
	return -1
}

// Components lists the atoms of each connected part in rising order, the parts in the order of their first atoms.
func (g *Graph) Components() [][]int32 {
	n := g.Len()
	seen, atoms := make([]bool, n), make([]int32, 0, n)
	var all [][]int32
	for start := range seen {
		if seen[start] {
			continue
		}
		seen[start] = true
		from := len(atoms)
		atoms = append(atoms, int32(start))
		for k := from; k < len(atoms); k++ {
			for _, n := range g.Neighbors(atoms[k]) {
				if !seen[n.Atom] {
					seen[n.Atom] = true
					atoms = append(atoms, n.Atom)
				}
			}
		}
		part := atoms[from:len(atoms):len(atoms)]
		if len(part) == n {
			for i := range part {
				part[i] = int32(i)
			}
		} else {
			slices.Sort(part)
		}
		all = append(all, part)
	}
	return all
}

// Fill returns *s with length n, all entries v, and reuses its memory.
func Fill(s *[]int32, n int, v int32) []int32 {
	if cap(*s) < n {
		*s = make([]int32, n, n+n/2)
	}
	t := (*s)[:n]
	*s = t
	for i := range t {
		t[i] = v
	}
	return t
}
