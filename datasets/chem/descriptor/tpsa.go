package descriptor

import "github.com/selfnorm/selfnorm/datasets/chem"

// TPSA is the topological polar surface area in square angstroms, from nitrogen and oxygen only. Ertl, Rohde and
// Selzer 2000, "Fast calculation of molecular polar surface area", J. Med. Chem. 43, 3714, table 1; atoms that the table
// does not list get the linear estimate of RDKit.
func TPSA(m *chem.Mol) float64 {
	sum := 0.0
	for i := range m.Atoms() {
		sum += polarArea(m, i)
	}
	return sum
}

// polarKind describes the surroundings of an atom in Ertl's table.
type polarKind struct {
	element                          uint8
	single, double, triple, aromatic int8 // bonds to atoms other than hydrogen
	others                           int8 // bonds of other kinds, such as dative ones: no row of the table has any
	hydrogens, charge                int8
	ring3                            bool // in a ring of three atoms; set only where the table tells them apart
}

var polarAreas = map[polarKind]float64{
	{element: 7, single: 3}:                                     3.24,
	{element: 7, single: 1, double: 1}:                          12.36,
	{element: 7, triple: 1}:                                     23.79,
	{element: 7, single: 1, double: 2}:                          11.68,
	{element: 7, double: 1, triple: 1}:                          13.60,
	{element: 7, single: 3, ring3: true}:                        3.01,
	{element: 7, single: 2, hydrogens: 1}:                       12.03,
	{element: 7, single: 2, hydrogens: 1, ring3: true}:          21.94,
	{element: 7, double: 1, hydrogens: 1}:                       23.85,
	{element: 7, single: 1, hydrogens: 2}:                       26.02,
	{element: 7, single: 4, charge: 1}:                          0,
	{element: 7, single: 2, double: 1, charge: 1}:               3.01,
	{element: 7, single: 1, triple: 1, charge: 1}:               4.36,
	{element: 7, single: 3, hydrogens: 1, charge: 1}:            4.44,
	{element: 7, single: 1, double: 1, hydrogens: 1, charge: 1}: 13.97,
	{element: 7, single: 2, hydrogens: 2, charge: 1}:            16.61,
	{element: 7, double: 1, hydrogens: 2, charge: 1}:            25.59,
	{element: 7, single: 1, hydrogens: 3, charge: 1}:            27.64,
	{element: 7, aromatic: 2}:                                   12.89,
	{element: 7, aromatic: 3}:                                   4.41,
	{element: 7, single: 1, aromatic: 2}:                        4.93,
	{element: 7, double: 1, aromatic: 2}:                        8.39,
	{element: 7, aromatic: 2, hydrogens: 1}:                     15.79,
	{element: 7, aromatic: 3, charge: 1}:                        4.10,
	{element: 7, single: 1, aromatic: 2, charge: 1}:             3.88,
	{element: 7, aromatic: 2, hydrogens: 1, charge: 1}:          14.14,
	{element: 8, single: 2}:                                     9.23,
	{element: 8, single: 2, ring3: true}:                        12.53,
	{element: 8, double: 1}:                                     17.07,
	{element: 8, single: 1, hydrogens: 1}:                       20.23,
	{element: 8, single: 1, charge: -1}:                         23.06,
	{element: 8, aromatic: 2}:                                   13.14,
}

// polarArea is the contribution of atom i.
func polarArea(m *chem.Mol, i int) float64 {
	a := &m.Atoms()[i]
	if a.Number != 7 && a.Number != 8 {
		return 0
	}
	kind := polarKind{element: a.Number, hydrogens: int8(a.Hs), charge: a.Charge}
	neighbors := 0
	for _, nb := range m.Neighbors(i) {
		if m.Atoms()[nb.Atom].Number == 1 {
			kind.hydrogens++
			continue
		}
		neighbors++
		switch b := &m.Bonds()[nb.Bond]; {
		case b.Aromatic:
			kind.aromatic++
		case b.Order == 1:
			kind.single++
		case b.Order == 2:
			kind.double++
		case b.Order == 3:
			kind.triple++
		default:
			kind.others++
		}
	}
	hydrogens := float64(kind.hydrogens)
	if inRingOf3(m, i) {
		kind.ring3 = true
		if area, ok := polarAreas[kind]; ok {
			return area
		}
		kind.ring3 = false
	}
	if area, ok := polarAreas[kind]; ok {
		return area
	}
	if a.Number == 7 {
		return max(0, 30.5-8.2*float64(neighbors)+1.5*hydrogens)
	}
	return max(0, 28.5-8.6*float64(neighbors)+1.5*hydrogens)
}

// inRingOf3 reports whether two neighbours of atom i are bonded to each other.
func inRingOf3(m *chem.Mol, i int) bool {
	neighbors := m.Neighbors(i)
	if !m.Atoms()[i].InRing {
		return false
	}
	for k, x := range neighbors {
		for _, y := range neighbors[k+1:] {
			for _, nb := range m.Neighbors(int(x.Atom)) {
				if nb.Atom == y.Atom {
					return true
				}
			}
		}
	}
	return false
}
