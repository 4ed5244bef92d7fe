package standardize

import (
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// BenchmarkParent takes the parents of the molecules of Tox21.
func BenchmarkParent(b *testing.B) {
	tab := chemtest.Tables(b, "tox21/tox21.smiles.csv.gz")[0]
	texts := make([]string, len(tab.Rows))
	for row := range texts {
		texts[row] = tab.Text(b, row, "smiles")
	}
	mols := chemtest.Mols(b, texts)
	b.ReportAllocs()
	k := 0
	for b.Loop() {
		Parent(mols[k])
		k = (k + 1) % len(mols)
	}
}
