package chem

// Mol is a molecule as a graph of heavy atoms (and of hydrogens that must stay explicit, such as the one in [H][H]).
// Other hydrogens are counted in Atom.Hs. A Mol is read-only once a parser has returned it; its methods may be
// called from several goroutines.
type Mol struct {
	Atoms []Atom
	Bonds []Bond

	first []int32    // first[i]:first[i+1] is the range of atom i in ends
	ends  []Neighbor // neighbours of all atoms, atom by atom
	rings [][]int32  // see Rings
}

// Atom is one vertex of a molecule.
type Atom struct {
	Number     uint8  // atomic number, 0 for a wildcard
	Charge     int8   // formal charge in elementary charges
	Hs         uint8  // attached hydrogens that are no atoms of their own, implicit and bracketed together
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
}

// Neighbor is an atom bonded to another one, and the bond between them.
type Neighbor struct{ Atom, Bond int32 }

// Neighbors returns the neighbours of atom i in the order of the bonds. The slice must not be changed.
func (m *Mol) Neighbors(i int) []Neighbor { return m.ends[m.first[i]:m.first[i+1]] }

// Degree is the number of neighbours of atom i that are atoms of the graph.
func (m *Mol) Degree(i int) int { return int(m.first[i+1] - m.first[i]) }

// Rings returns the smallest rings, each as its atoms in ring order: a smallest set that all cycles can be made of, plus
// the rings found that could take the place of one of them (so cubane has six, though five are enough). In a few cages
// and macrocycles, which of several equally small rings are found depends on the order of the atoms. The slices must not
// be changed.
func (m *Mol) Rings() [][]int32 { return m.rings }

// link builds the neighbour lists from Bonds.
func (m *Mol) link() {
	m.first = make([]int32, len(m.Atoms)+1)
	for _, b := range m.Bonds {
		m.first[b.Begin+1]++
		m.first[b.End+1]++
	}
	for i := range m.Atoms {
		m.first[i+1] += m.first[i]
	}
	m.ends = make([]Neighbor, 2*len(m.Bonds))
	next := append([]int32(nil), m.first[:len(m.Atoms)]...)
	for k, b := range m.Bonds {
		m.ends[next[b.Begin]] = Neighbor{b.End, int32(k)}
		m.ends[next[b.End]] = Neighbor{b.Begin, int32(k)}
		next[b.Begin]++
		next[b.End]++
	}
}
