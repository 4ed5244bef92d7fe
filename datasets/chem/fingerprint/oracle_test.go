package fingerprint

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestOracleMorgan compares with the numbers of Morgan identifiers that RDKit finds.
func TestOracleMorgan(t *testing.T) {
	for _, file := range []string{"chem/rdkit_oracle.csv.gz", "chem/public_oracle.csv.gz"} {
		t.Run(file, func(t *testing.T) {
			tab := chemtest.Tables(t, file)[0]
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
				agree.Check(t, column, 599./600)
			}
		})
	}
}

// TestOracleMorganIdentifiers compares the identifiers themselves and their counts: of isotopes, explicit hydrogens and odd ring systems.
func TestOracleMorganIdentifiers(t *testing.T) {
	for _, c := range []struct {
		file    string
		columns []string // by radius
	}{{"chem/rdkit_rings.csv.gz", []string{"morgan_r0", "morgan_r1", "morgan_r2"}}, {"chem/small_cases.csv", []string{"morgan_r0_ids"}}} {
		t.Run(c.file, func(t *testing.T) {
			tab := chemtest.Tables(t, c.file)[0]
			agree := chemtest.Agreement{}
			for row := range tab.Rows {
				text := tab.Text(t, row, "smiles")
				m := chemtest.Mol(t, text)
				for radius, column := range c.columns {
					got, want := list(ECFP(m, radius)), tab.Text(t, row, column)
					agree.AddExample(column, got == want, chemtest.Differ(text, got, want))
				}
			}
			agree.Report(t)
			for _, column := range c.columns {
				agree.Check(t, column, 0.99)
			}
		})
	}
}

// list writes a fingerprint as the reference files do.
func list(f Counts) string {
	ids := make([]string, len(f))
	for k, c := range f {
		ids[k] = fmt.Sprintf("%d:%d", c.ID, c.N)
	}
	return strings.Join(ids, " ")
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
