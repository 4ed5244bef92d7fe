package fingerprint

import (
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestOracleAtomPairs compares the identifiers of atom pairs and their counts with RDKit's.
func TestOracleAtomPairs(t *testing.T) {
	tab := chemtest.Tables(t, "chem/rdkit_descriptors.csv.gz")[0]
	agree := chemtest.Agreement{}
	for row := range tab.Rows {
		text, want := tab.Text(t, row, "smiles"), tab.Text(t, row, "atom_pairs")
		m, err := smiles.Parse(text)
		if err != nil {
			agree.Add("atom_pairs", false)
			continue
		}
		got := list(AtomPairs(m))
		agree.AddExample("atom_pairs", got == want, chemtest.Differ(text, got, want))
	}
	agree.Report(t)
	agree.Check(t, "atom_pairs", 0.995)
}

// TestOracleAtomPairTotals compares the sums of the counts for the smallest molecules that were ever wrong.
func TestOracleAtomPairTotals(t *testing.T) {
	tab := chemtest.Tables(t, "chem/small_cases.csv")[0]
	agree := chemtest.Agreement{}
	for row := range tab.Rows {
		m := chemtest.Mol(t, tab.Text(t, row, "smiles"))
		agree.Add("atom_pair_total", AtomPairs(m).Total() == int(tab.Number(t, row, "atom_pair_total")))
	}
	agree.Check(t, "atom_pair_total", 1)
}
