package descriptor

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// oracleColumn is a column of a reference file and the value to compare with it.
type oracleColumn struct {
	column    string
	name      string                    // among Names, or empty
	single    func(m *chem.Mol) float64 // a function for this value alone, or nil
	tolerance float64                   // the files round to six digits behind the point or fewer
	share     float64                   // of the rows that must agree
}

var oracleColumns = []oracleColumn{
	{"mol_weight", "MolWt", (*chem.Mol).Weight, 0.001, 0.995},
	{"exact_mol_weight", "ExactMolWt", nil, 1e-5, 0.995},
	{"n_heavy_atoms", "HeavyAtomCount", func(m *chem.Mol) float64 { return float64(m.HeavyAtoms()) }, 0, 1},
	{"ring_count", "RingCount", func(m *chem.Mol) float64 { return float64(len(m.Rings())) }, 0, 0.99},
	{"hbd", "NumHDonors", func(m *chem.Mol) float64 { return float64(Donors(m)) }, 0, 0.995},
	{"hba", "NumHAcceptors", func(m *chem.Mol) float64 { return float64(Acceptors(m)) }, 0, 0.995},
	{"rotatable_bonds", "NumRotatableBonds", func(m *chem.Mol) float64 { return float64(RotatableBonds(m)) }, 0, 0.995},
	{"tpsa", "TPSA", TPSA, 0.001, 0.995},
	{"crippen_logp", "MolLogP", CrippenLogP, 0.001, 0.995},
}

// smallColumns are those of the smallest molecules that were ever wrong. They are so few that a share is coarse.
var smallColumns = []oracleColumn{
	{"heavy_atom_count", "HeavyAtomCount", nil, 0, 1},
	{"ring_count", "RingCount", nil, 0, 1},
	{"tpsa", "TPSA", nil, 0.001, 1},
	{"exact_mol_weight", "ExactMolWt", nil, 1e-5, 1},
	{"fr_unbrch_alkane", "fr_unbrch_alkane", nil, 0, 1},
	{"kappa1", "Kappa1", nil, 1e-4, 1},
	{"fp_density_morgan1", "FpDensityMorgan1", nil, 1e-4, 1},
}

// TestOracleDescriptors compares the descriptors and the functions for single ones with RDKit.
func TestOracleDescriptors(t *testing.T) {
	for file, columns := range map[string][]oracleColumn{
		"chem/rdkit_oracle.csv.gz": oracleColumns, "chem/public_oracle.csv.gz": oracleColumns, "chem/small_cases.csv": smallColumns,
	} {
		t.Run(file, func(t *testing.T) { compareColumns(t, chemtest.Tables(t, file)[0], columns) })
	}
}

func compareColumns(t *testing.T, tab chemtest.Table, columns []oracleColumn) {
	place := map[string]int{}
	for k, name := range Names() {
		place[name] = k
	}
	agree := chemtest.Agreement{}
	for row := range tab.Rows {
		text := tab.Text(t, row, "smiles")
		m, err := smiles.Parse(text)
		if err != nil {
			t.Errorf("row %d: %v", row+1, err)
			continue
		}
		values := Compute(m)
		for _, c := range columns {
			if !tab.Has(c.column) {
				continue
			}
			want, got := tab.Number(t, row, c.column), values[place[c.name]]
			agree.AddExample(c.column, math.Abs(got-want) <= c.tolerance, chemtest.Differ(text, got, want))
			if c.single != nil {
				agree.Add(c.column+" alone", math.Abs(c.single(m)-want) <= c.tolerance)
			}
		}
	}
	agree.Report(t)
	for _, c := range columns {
		if tab.Has(c.column) {
			agree.Check(t, c.column, c.share)
			if c.single != nil {
				agree.Check(t, c.column+" alone", c.share)
			}
		}
	}
}
