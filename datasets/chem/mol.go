package chem

import "github.com/selfnorm/selfnorm/datasets/chem/internal/graph"

// Mol is a molecule as a graph of heavy atoms, and of the hydrogens that must stay explicit, such as those of [H][H].
// All other hydrogens are counted in Atom.Hs. You get a Mol from a reader or from New; it never changes, and several
// goroutines may use it. A nil *Mol and the zero Mol are molecules without atoms.
type Mol struct {
	atoms []Atom
	bonds []Bond
	graph graph.Graph
	rings [][]int32
}

// Atom is one vertex of a molecule.
type Atom struct {
	Number     uint8  // atomic number, 0 for a wildcard
	Charge     int8   // formal charge in elementary charges
	Hs         uint8  // attached hydrogens that are not atoms of the graph, implicit and bracketed together
	Radicals   uint8  // unpaired electrons
	Isotope    uint16 // mass number, 0 for the natural mixture
	Aromatic   bool
	InRing     bool
	NoImplicit bool // the hydrogen count was given (bracket atom)
}

// Bond joins the atoms Begin and End.
type Bond struct {
	Begin, End int32
	Order      uint8 // Kekulé order: 1, 2, 3 or 4 (aromatic rings alternate 1 and 2); 0 for a dative bond, from Begin to End
	Aromatic   bool  // part of an aromatic system
	InRing     bool
	Directed   bool // written with / or \, which describes the geometry of a double bond next to it
	// Unspecified marks a contact without an order, such as ~ in a SMILES and a zero-order or hydrogen bond in a molfile. It is an edge of
	// the graph and adds nothing to the valence of either atom. Order is 0.
	Unspecified bool
}

// Neighbor is an atom bonded to another one (Atom) and the bond between them (Bond), both as indices.
type Neighbor = graph.Neighbor

// Atoms returns the atoms. Do not change the slice.
func (m *Mol) Atoms() []Atom {
	if m == nil {
		return nil
	}
	return m.atoms
}

// Bonds returns the bonds. Do not change the slice.
func (m *Mol) Bonds() []Bond {
	if m == nil {
		return nil
	}
	return m.bonds
}

// Neighbors returns the neighbours of atom i in the order of the bonds, or nil if there is no such atom. Do not change the slice.
func (m *Mol) Neighbors(i int) []Neighbor {
	if m == nil || uint(i) >= uint(len(m.atoms)) {
		return nil
	}
	return m.graph.Ends[m.graph.First[i]:m.graph.First[i+1]]
}

// Degree is the number of neighbours of atom i that are atoms of the graph.
func (m *Mol) Degree(i int) int { return len(m.Neighbors(i)) }

// BondBetween returns the index of the bond between the atoms i and j, or -1 if there is none.
func (m *Mol) BondBetween(i, j int) int {
	for _, n := range m.Neighbors(i) {
		if int(n.Atom) == j {
			return int(n.Bond)
		}
	}
	return -1
}

// Rings returns the smallest rings, each as its atoms in ring order: a smallest set from which all cycles can be made, plus the rings found
// that could take the place of one of them (so cubane has six, though five are enough). In a few cages and macrocycles, the order of the
// atoms determines which of several equally small rings are found. Do not change the slices.
func (m *Mol) Rings() [][]int32 {
	if m == nil {
		return nil
	}
	return m.rings
}

// bindsAt reports whether the bond counts for the valence of atom i, one of its ends: a dative bond does at its end, an unspecified one
// nowhere.
func (b *Bond) bindsAt(i int) bool { return b.Order > 0 || int(b.End) == i && !b.Unspecified }

// link builds the neighbour lists from the bonds.
func (m *Mol) link(w *workspace) {
	first := make([]int32, len(m.atoms)+1)
	for k := range m.bonds {
		first[m.bonds[k].Begin+1]++
		first[m.bonds[k].End+1]++
	}
	for i := range m.atoms {
		first[i+1] += first[i]
	}
	ends := make([]Neighbor, 2*len(m.bonds))
	next := graph.Fill(&w.next, len(m.atoms), 0)
	copy(next, first)
	for k := range m.bonds {
		b := &m.bonds[k]
		ends[next[b.Begin]] = Neighbor{Atom: b.End, Bond: int32(k)}
		ends[next[b.End]] = Neighbor{Atom: b.Begin, Bond: int32(k)}
		next[b.Begin]++
		next[b.End]++
	}
	m.graph = graph.Graph{First: first, Ends: ends}
}
