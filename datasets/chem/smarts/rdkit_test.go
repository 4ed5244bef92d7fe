package smarts

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// TestRDKit compares the numbers of matches, and what is no SMARTS, with RDKit's (testdata/smarts.py).
func TestRDKit(t *testing.T) {
	f, err := os.Open("testdata/rdkit_smarts.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		smarts, smiles, want := row[0], row[1], row[2]
		got := "error"
		if p, err := Parse(smarts); err == nil {
			got = strconv.Itoa(p.Count(chemtest.Mol(t, smiles)))
		}
		if got != want {
			t.Errorf("%s in %s: %s, RDKit %s", smarts, smiles, got, want)
		}
	}
}
