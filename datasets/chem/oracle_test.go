package chem_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestOracleMolecules compares with RDKit what New perceives.
func TestOracleMolecules(t *testing.T) {
	tab := chemtest.Tables(t, "chem/rdkit_oracle.csv.gz")[0]
	columns := []struct {
		name  string
		value func(m *chem.Mol) int
		share float64
	}{
		{"n_heavy_atoms", (*chem.Mol).HeavyAtoms, 1},
		{"n_bonds", func(m *chem.Mol) int { return len(m.Bonds()) }, 0.99},
		{"aromatic_atoms", chemtest.CountAromatic, 0.995},
		{"ring_count", func(m *chem.Mol) int { return len(m.Rings()) }, 0.99},
	}
	agree := chemtest.Agreement{}
	for row := range tab.Rows {
		m, err := smiles.Parse(tab.Text(t, row, "smiles"))
		if err != nil {
			t.Errorf("row %d: %v", row+1, err)
			continue
		}
		chemtest.CheckMol(t, m)
		for _, c := range columns {
			agree.Add(c.name, c.value(m) == int(tab.Number(t, row, c.name)))
		}
		agree.Add("formula", m.Formula() == tab.Text(t, row, "formula"))
		agree.Add("mol_weight", math.Abs(m.Weight()-tab.Number(t, row, "mol_weight")) < 0.001)
	}
	for _, c := range columns {
		agree.Check(t, c.name, c.share)
	}
	agree.Check(t, "formula", 0.995)
	agree.Check(t, "mol_weight", 0.99)
}
