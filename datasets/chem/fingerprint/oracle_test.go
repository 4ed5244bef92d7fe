package fingerprint

import (
	"fmt"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestOracleMorgan compares with the numbers of Morgan identifiers that RDKit finds.
func TestOracleMorgan(t *testing.T) {
	tab := chemtest.Tables(t, "chem/rdkit_oracle.csv.gz")[0]
	agree := chemtest.Agreement{}
	for row := range tab.Rows {
		m, err := smiles.Parse(tab.Text(t, row, "smiles"))
		if err != nil {
			t.Errorf("row %d: %v", row+1, err)
			continue
		}
		for radius := range 4 {
			column := fmt.Sprintf("n_morgan_r%d", radius)
			agree.Add(column, len(ECFP(m, radius)) == int(tab.Number(t, row, column)))
		}
		agree.Add("sum_morgan_r2", ECFP(m, 2).Total() == int(tab.Number(t, row, "sum_morgan_r2")))
	}
	for _, column := range []string{"n_morgan_r0", "n_morgan_r1", "n_morgan_r2", "n_morgan_r3", "sum_morgan_r2"} {
		agree.Check(t, column, 0.99)
	}
}

// TestOracleTanimoto compares similarities. The pairs are rows of the other table.
func TestOracleTanimoto(t *testing.T) {
	tables := chemtest.Tables(t, "chem/rdkit_oracle.csv.gz", "chem/rdkit_tanimoto.csv.gz")
	tab, pairs := tables[0], tables[1]
	prints := make([]Counts, len(tab.Rows))
	for row := range tab.Rows {
		prints[row] = ECFP(chemtest.Mol(t, tab.Text(t, row, "smiles")), 2)
	}
	agree := chemtest.Agreement{}
	for row := range pairs.Rows {
		i, j := int(pairs.Number(t, row, "i")), int(pairs.Number(t, row, "j"))
		if i < 0 || j < 0 || i >= len(prints) || j >= len(prints) {
			t.Fatalf("pair %d, %d is out of range", i, j)
		}
		agree.Add("tanimoto", math.Abs(Tanimoto(prints[i], prints[j])-pairs.Number(t, row, "tanimoto")) < 1e-3)
	}
	agree.Check(t, "tanimoto", 0.98)
}
