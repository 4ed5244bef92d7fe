package descriptor

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

func TestDonorsAcceptorsRotatable(t *testing.T) {
	for _, c := range []struct {
		smiles                       string
		donors, acceptors, rotatable int
	}{
		{"", 0, 0, 0},
		{"CCO", 1, 1, 0},
		{"CCCC", 0, 0, 1},
		{"CC(=O)NC", 1, 1, 0}, // an amide bond does not turn
		{"CC(=O)O", 1, 1, 0},
		{"c1cc[nH]c1", 1, 0, 0},
		{"c1ccncc1", 0, 1, 0},
		{"CCOCC", 0, 1, 2},
		{"CC#CC", 0, 0, 0},
		{"CCC(F)(F)F", 0, 0, 0},
		{"c1ccccc1-c1ccccc1", 0, 0, 1},
		{"C[NH3+]", 1, 0, 0},
	} {
		m := chemtest.Mol(t, c.smiles)
		if d, a, r := Donors(m), Acceptors(m), RotatableBonds(m); d != c.donors || a != c.acceptors || r != c.rotatable {
			t.Errorf("%s: donors, acceptors, rotatable bonds %d, %d, %d, want %d, %d, %d", c.smiles, d, a, r,
				c.donors, c.acceptors, c.rotatable)
		}
	}
}

// TestTPSA uses sums of the published contributions.
func TestTPSA(t *testing.T) {
	for _, c := range []struct {
		smiles string
		want   float64
	}{
		{"CCC", 0},
		{"CCO", 20.23},
		{"CC(=O)O", 17.07 + 20.23},
		{"C1CO1", 12.53},
		{"C1CN1", 21.94},
		{"CN1CC1", 3.01},
		{"CN(C)C", 3.24},
		{"c1ccncc1", 12.89},
		{"c1cc[nH]c1", 15.79},
		{"C[N+](=O)[O-]", 3.01 + 17.07 + 23.06},
		{"CC#N", 23.79},
		{"c1ccoc1", 13.14},
		{"[OH3+]", 28.5 + 3*1.5}, // not in the table
		{"[NH4+]", 30.5 + 4*1.5},
		{"S", 0},
	} {
		if got := TPSA(chemtest.Mol(t, c.smiles)); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", c.smiles, got, c.want)
		}
	}
}

// TestCrippen uses sums of the published contributions.
func TestCrippen(t *testing.T) {
	for _, c := range []struct {
		smiles   string
		logP, mr float64
	}{
		{"C", 0.1441 + 4*0.123, 2.503 + 4*1.057},
		{"c1ccccc1", 6 * (0.1581 + 0.123), 6 * (3.35 + 1.057)},
		{"O", -0.2893 - 2*0.2677, 0.8238 + 2*1.395},
		{"CO", -0.2035 - 0.2893 - 0.2677 + 3*0.123, 2.753 + 0.8238 + 1.395 + 3*1.057},
		{"[2H]C", 0.1441 + 4*0.123, 2.503 + 4*1.057}, // a hydrogen counts the same if it is an atom of the graph
		{"[2H]O[2H]", -0.2893 - 2*0.2677, 0.8238 + 2*1.395},
		{"[H][H]", 2 * 0.123, 2 * 1.057},
		{"[H+]", 0.1125, 1.112},
		{"", 0, 0},
	} {
		m := chemtest.Mol(t, c.smiles)
		if p, r := CrippenLogP(m), CrippenMR(m); math.Abs(p-c.logP) > 1e-9 || math.Abs(r-c.mr) > 1e-9 {
			t.Errorf("%q: log P %v, MR %v, want %v, %v", c.smiles, p, r, c.logP, c.mr)
		}
	}
}
