package descriptor

import (
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/hybrid"
)

// chargeBlock holds the extremes of the Gasteiger charges of the atoms, without hydrogens that are not atoms of the
// graph. Where atoms have no charge for lack of parameters, it looks at the atoms after the last of them alone, as
// RDKit's comparisons do; if there are none, all are 0.
var chargeBlock = block{
	[]string{"MaxPartialCharge", "MinPartialCharge", "MaxAbsPartialCharge", "MinAbsPartialCharge"},
	func(p *profile, values []float64) {
		defined := p.charges
		for i, q := range defined {
			if math.IsNaN(q) {
				defined = p.charges[i+1:]
			}
		}
		if len(defined) == 0 {
			return
		}
		high, low := slices.Max(defined), slices.Min(defined)
		values[0], values[1] = high, low
		values[2], values[3] = max(high, -high, low, -low), min(max(high, -high), max(low, -low))
	},
}

// electronegativity holds the coefficients of an atom's electronegativity as a function of its charge q: a + bq + cq².
type electronegativity struct{ a, b, c float64 }

// cation is the electronegativity of the atom with charge 1, by which differences are scaled.
func (e electronegativity) cation() float64 { return e.a + e.b + e.c }

func (e electronegativity) at(q float64) float64 { return e.a + q*(e.b+q*e.c) }

// gasteigerParameters are those of Gasteiger and Marsili 1980, "Iterative partial equalization of orbital
// electronegativity", Tetrahedron 36, 3219, table 1, with the extensions to other elements that RDKit uses. By atomic number
// and hybridisation; that of hydrogen does not matter.
var gasteigerParameters = [...][hybrid.SP3D2 + 1]electronegativity{
	1:  {hybrid.Other: {7.17, 6.24, -0.56}},
	4:  {hybrid.SP3: {3.845, 6.755, 3.165}, hybrid.SP2: {4.005, 6.725, 3.035}},
	5:  {hybrid.SP3: {5.980, 6.820, 1.605}, hybrid.SP2: {6.420, 6.807, 1.322}},
	6:  {hybrid.SP3: {7.98, 9.18, 1.88}, hybrid.SP2: {8.79, 9.32, 1.51}, hybrid.SP: {10.39, 9.45, 0.73}},
	7:  {hybrid.SP3: {11.54, 10.82, 1.36}, hybrid.SP2: {12.87, 11.15, 0.85}, hybrid.SP: {15.68, 11.7, -0.27}},
	8:  {hybrid.SP3: {14.18, 12.92, 1.39}, hybrid.SP2: {17.07, 13.79, 0.47}},
	9:  {hybrid.SP3: {14.66, 13.85, 2.31}},
	12: {hybrid.SP2: {3.565, 5.572, 2.197}, hybrid.SP3: {3.300, 5.587, 2.447}, hybrid.SP: {4.040, 5.472, 1.823}},
	13: {hybrid.SP3: {5.375, 4.953, 0.867}, hybrid.SP2: {5.795, 5.020, 0.695}},
	14: {hybrid.SP3: {7.300, 6.567, 0.657}, hybrid.SP2: {7.905, 6.748, 0.443}, hybrid.SP: {9.065, 7.027, -0.002}},
	15: {hybrid.SP3: {8.90, 8.24, 0.96}, hybrid.SP2: {9.665, 8.530, 0.735}},
	16: {hybrid.SP3: {10.14, 9.13, 1.38}, hybrid.SP2: {10.88, 9.49, 1.33}},
	17: {hybrid.SP3: {11.00, 9.69, 1.35}},
	35: {hybrid.SP3: {10.08, 8.47, 1.16}},
	53: {hybrid.SP3: {9.9, 7.96, 0.96}},
}

// sulfurDioxide replaces the parameters of a sulfur atom with two oxygen neighbours whose hybridisation has none.
var sulfurDioxide = electronegativity{12.00, 10.81, 1.20}

// cationHydrogen is the electronegativity of the proton, set as in the paper.
const cationHydrogen = 20.02

const (
	gasteigerRounds = 12
	gasteigerDamp   = 0.5
)

// gasteigerCharges returns the partial charges of the atoms: electronegativities are evened out along the bonds in 12
// rounds with falling weight. Atoms without parameters, bonded to others, spoil the charges around them (NaN).
func gasteigerCharges(m *chem.Mol, hybrids []hybrid.Hybrid, conjugated []bool, s *space) []float64 {
	n := len(m.Atoms())
	charges := splitCharges(m, conjugated, s)
	a, b, c, scale := s.zeros(n), s.zeros(n), s.zeros(n), s.zeros(n)
	for i := range m.Atoms() {
		e := gasteigerOf(m, i, hybrids[i])
		a[i], b[i], c[i], scale[i] = e.a, e.b, e.c, e.cation()
		if m.Atoms()[i].Number == 1 {
			scale[i] = cationHydrogen
		}
	}
	hydrogen := gasteigerParameters[1][hybrid.Other]
	onHydrogens, level := s.zeros(n), s.zeros(n)
	for round, damp := 0, gasteigerDamp; round < gasteigerRounds; round, damp = round+1, damp/2 {
		for i, q := range charges {
			level[i] = electronegativity{a[i], b[i], c[i]}.at(q)
		}
		for i := range m.Atoms() {
			gain := 0.0
			for _, nb := range m.Neighbors(i) {
				gain += transfer(level[nb.Atom]-level[i], scale[i], scale[nb.Atom])
			}
			if h := float64(m.Atoms()[i].Hs); h > 0 {
				each := transfer(hydrogen.at(onHydrogens[i]/h)-level[i], scale[i], cationHydrogen)
				gain += h * each
				onHydrogens[i] -= h * each * damp
			}
			charges[i] += damp * gain
		}
	}
	return charges
}

// transfer is the charge that flows for a difference in electronegativity, scaled by the donor's cation.
func transfer(difference, own, other float64) float64 {
	if difference < 0 {
		return difference / other
	}
	return difference / own
}

// gasteigerOf returns the parameters of atom i, all 0 if there are none.
func gasteigerOf(m *chem.Mol, i int, h hybrid.Hybrid) electronegativity {
	number := m.Atoms()[i].Number
	if number == 1 {
		h = hybrid.Other
	}
	if int(number) >= len(gasteigerParameters) {
		return electronegativity{}
	}
	e := gasteigerParameters[number][h]
	if e != (electronegativity{}) || number != 16 || h == hybrid.SP || h == hybrid.SP2 || h == hybrid.SP3 {
		return e
	}
	oxygens := 0
	for _, nb := range m.Neighbors(i) {
		if m.Atoms()[nb.Atom].Number == 8 {
			oxygens++
		}
	}
	if oxygens == 2 {
		return sulfurDioxide
	}
	return gasteigerParameters[16][hybrid.SP3]
}

// splitCharges returns the formal charges, shared evenly among atoms of the same element that lie two conjugated bonds
// apart, such as the oxygens of a carboxylate.
func splitCharges(m *chem.Mol, conjugated []bool, s *space) []float64 {
	charges := s.zeros(len(m.Atoms()))
	var group []int32
	for i := range m.Atoms() {
		formal := int(m.Atoms()[i].Charge)
		if formal == 0 || charges[i] != 0 {
			continue
		}
		group = append(group[:0], int32(i))
		for _, x := range m.Neighbors(i) {
			if !conjugated[x.Bond] {
				continue
			}
			for _, y := range m.Neighbors(int(x.Atom)) {
				if y.Bond == x.Bond || !conjugated[y.Bond] || m.Atoms()[y.Atom].Number != m.Atoms()[i].Number {
					continue
				}
				formal += int(m.Atoms()[y.Atom].Charge)
				group = append(group, y.Atom)
			}
		}
		for _, j := range group {
			charges[j] = float64(formal) / float64(len(group))
		}
	}
	return charges
}
