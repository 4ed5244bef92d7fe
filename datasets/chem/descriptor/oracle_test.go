package descriptor

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestOracleDescriptors compares the descriptors and the functions for single ones with RDKit.
func TestOracleDescriptors(t *testing.T) {
	tab := chemtest.Tables(t, "chem/rdkit_oracle.csv.gz")[0]
	place := map[string]int{}
	for k, name := range Names() {
		place[name] = k
	}
	columns := []struct {
		column, name string
		single       func(m *chem.Mol) float64
		tolerance    float64
		share        float64
	}{
		{"mol_weight", "MolWt", (*chem.Mol).Weight, 0.001, 0.99},
		{"n_heavy_atoms", "HeavyAtomCount", func(m *chem.Mol) float64 { return float64(m.HeavyAtoms()) }, 0, 1},
		{"ring_count", "RingCount", func(m *chem.Mol) float64 { return float64(len(m.Rings())) }, 0, 0.99},
		{"hbd", "NumHDonors", func(m *chem.Mol) float64 { return float64(Donors(m)) }, 0, 0.99},
		{"hba", "NumHAcceptors", func(m *chem.Mol) float64 { return float64(Acceptors(m)) }, 0, 0.99},
		{"rotatable_bonds", "NumRotatableBonds", func(m *chem.Mol) float64 { return float64(RotatableBonds(m)) }, 0, 0.99},
		{"tpsa", "TPSA", TPSA, 0.001, 0.98},
		{"crippen_logp", "MolLogP", CrippenLogP, 0.001, 0.97},
	}
	agree := chemtest.Agreement{}
	for row := range tab.Rows {
		m, err := smiles.Parse(tab.Text(t, row, "smiles"))
		if err != nil {
			t.Errorf("row %d: %v", row+1, err)
			continue
		}
		values := Compute(m)
		for _, c := range columns {
			want := tab.Number(t, row, c.column)
			agree.Add(c.name, math.Abs(values[place[c.name]]-want) <= c.tolerance)
			agree.Add(c.column, math.Abs(c.single(m)-want) <= c.tolerance)
		}
	}
	for _, c := range columns {
		agree.Check(t, c.name, c.share)
		agree.Check(t, c.column, c.share)
	}
}
