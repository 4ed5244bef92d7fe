package descriptor

import (
	"math"
	"testing"
)

// TestUnusualMolecules compares with values of RDKit 2022.09 for ions, isotopes, wildcards, dative bonds, metals and elements
// without a radius.
func TestUnusualMolecules(t *testing.T) {
	for _, c := range []struct {
		smiles, name string
		want         float64
	}{
		{"CC(=O)[O-]", "ExactMolWt", 59.0138529},
		{"[Ca+2]", "ExactMolWt", 39.9614938},
		{"[13CH3][18OH]", "MolWt", 35.0345158},
		{"[2*]C", "MolWt", 15.035},
		{"*CC*", "HeavyAtomCount", 2},
		{"*CC*", "FpDensityMorgan1", 2},
		{"*CC*", "Kappa1", 0.222222222},
		{"*CC*", "Kappa2", 0},
		{"*CC*", "Kappa3", 0},
		{"CN->[Pt]", "TPSA", 17.1},
		{"C=O->[Ti]", "TPSA", 11.3},
		{"CN->[Pt]", "HallKierAlpha", 0.648311688},
		{"CC=O->[Ru]", "HallKierAlpha", 0.453376623},
		{"CC=O->[Ru]", "Kappa1", 4.45337662},
		{"CCO->[Zn]", "BertzCT", 1205.21666},
		{"C[BH3-]", "Chi0n", 1},
		{"C[BH3-]", "Chi0v", 1},
		{"C.[BH4-]", "Chi0n", 1.52587891e-05},
		{"C.[BH4-]", "Chi1v", 0},
		{"[Cm]", "LabuteASA", 0},
		{"C[Cm]", "LabuteASA", 8.73925103},
		{"c1cc[te]c1", "qed", 0.515928657},
		{"CCCCCCCO", "fr_unbrch_alkane", 3},
		{"CCCC", "fr_unbrch_alkane", 0},
		{"NS(=O)(=O)C", "fr_prisulfonamd", 0},
		{"[Na+].CC(=O)O", "MaxPartialCharge", 1},
		{"[Na+].CC(=O)O", "MinAbsPartialCharge", 0.481433475},
		{"CC(=O)O.[Na+]", "MaxPartialCharge", 1},
		{"c1cc#ccc1", "BCUT2D_MWHI", 13.5791715},
		{"c1cc#ccc1", "fr_benzene", 0},
	} {
		if got := describe(t, c.smiles)[c.name]; math.Abs(got-c.want) > 1e-8*max(1, math.Abs(c.want)) {
			t.Errorf("%s of %s: %.9g, want %.9g", c.name, c.smiles, got, c.want)
		}
	}
}

// TestChargedAtomsWithoutParameters: charges that are not defined leave the extremes to the atoms after the last of them.
func TestChargedAtomsWithoutParameters(t *testing.T) {
	for smiles, want := range map[string]float64{
		"C[Co].[Cl-]": -1, "[Cl-].C[Co].CCO": describe(t, "CCO")["MaxPartialCharge"], "[Cl-].C[Co]": 0,
	} {
		if got := describe(t, smiles)["MaxPartialCharge"]; math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", smiles, got, want)
		}
	}
}
