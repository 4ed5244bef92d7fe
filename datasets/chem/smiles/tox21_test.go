package smiles_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestTox21SMILES reads all molecules of the data set, and checks that the atoms are aromatic that RDKit has written in
// lower case.
func TestTox21SMILES(t *testing.T) {
	tab := chemtest.Tables(t, "tox21/tox21.smiles.csv.gz")[0]
	for row := range tab.Rows {
		s := tab.Text(t, row, "smiles")
		m, err := smiles.Parse(s)
		if err != nil {
			t.Errorf("row %d, %s: %v", row+1, s, err)
			continue
		}
		chemtest.CheckMol(t, m)
		written, err := smiles.Written(s)
		if err != nil || len(written) != len(m.Atoms()) {
			t.Errorf("row %d, %s: %d atoms, %d written (%v)", row+1, s, len(m.Atoms()), len(written), err)
			continue
		}
		for i, a := range written {
			if a.Aromatic != m.Atoms()[i].Aromatic {
				t.Errorf("row %d, %s: atom %d aromatic %v, written %v", row+1, s, i+1, m.Atoms()[i].Aromatic, a.Aromatic)
				break
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	tab := chemtest.Tables(b, "tox21/tox21.smiles.csv.gz")[0]
	texts := make([]string, len(tab.Rows))
	for row := range texts {
		texts[row] = tab.Text(b, row, "smiles")
	}
	b.ReportAllocs()
	row := 0
	for b.Loop() {
		if _, err := smiles.Parse(texts[row]); err != nil {
			b.Fatal(err)
		}
		row = (row + 1) % len(texts)
	}
}

func benchmarkTox21(b *testing.B, f func(*chem.Mol)) {
	tab := chemtest.Tables(b, "tox21/tox21.smiles.csv.gz")[0]
	mols := make([]*chem.Mol, len(tab.Rows))
	for row := range mols {
		mols[row] = chemtest.Mol(b, tab.Text(b, row, "smiles"))
	}
	b.ReportAllocs()
	row := 0
	for b.Loop() {
		f(mols[row])
		row = (row + 1) % len(mols)
	}
}

func BenchmarkCanonical(b *testing.B) {
	benchmarkTox21(b, func(m *chem.Mol) { smiles.Canonical(m) })
}
