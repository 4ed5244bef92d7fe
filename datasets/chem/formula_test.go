package chem_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

func TestFormulaAndWeight(t *testing.T) {
	for _, c := range []struct {
		smiles, formula string
		weight          float64 // g/mol
		heavy, charge   int
	}{
		{"", "", 0, 0, 0},
		{"O", "H2O", 18.015, 1, 0},
		{"[2H]O[2H]", "H2O", 20.027, 1, 0},
		{"[13CH4]", "CH4", 17.035, 1, 0},
		{"[H+]", "H+", 1.008, 0, 1},
		{"CC(=O)Oc1ccccc1C(=O)O", "C9H8O4", 180.159, 13, 0},
		{"[NH4+].[NH4+].[O-]S(=O)(=O)[O-]", "H8N2O4S", 132.142, 7, 0},
		{"[O-]S(=O)(=O)[O-]", "O4S-2", 96.063, 5, -2},
		{"[Fe+3]", "Fe+3", 55.845, 1, 3},
		{"C[N+](C)(C)C", "C4H12N+", 74.147, 5, 1},
		{"*C", "CH3*", 15.035, 1, 0},
		{"BrC(Cl)(F)I", "CBrClFI", 273.271, 5, 0},
		{"[131I]", "I", 130.906, 1, 0},
	} {
		m := chemtest.Mol(t, c.smiles)
		if m.Formula() != c.formula || math.Abs(m.Weight()-c.weight) > 0.002 || m.HeavyAtoms() != c.heavy || m.NetCharge() != c.charge {
			t.Errorf("%q: %s, %.3f g/mol, %d heavy atoms, charge %d; want %s, %.3f, %d, %d", c.smiles, m.Formula(), m.Weight(),
				m.HeavyAtoms(), m.NetCharge(), c.formula, c.weight, c.heavy, c.charge)
		}
	}
}
