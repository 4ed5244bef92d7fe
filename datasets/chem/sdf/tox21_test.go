package sdf

import (
	"bytes"
	"io"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestTox21SDF compares the drawn molecules with their SMILES. The same records must be impossible as for RDKit.
func TestTox21SDF(t *testing.T) {
	tab := chemtest.Tables(t, "tox21/tox21.smiles.csv.gz")[0]
	all := readAll(t, chemtest.Open(t, "tox21/tox21.sdf.gz")[0])
	if len(all) != len(tab.Rows) {
		t.Fatalf("%d records, %d SMILES", len(all), len(tab.Rows))
	}
	for row, rec := range all {
		s := tab.Text(t, row, "smiles")
		if (s == "") != (rec.Err != nil) {
			t.Errorf("record %d, line %d: error %v, SMILES %q", row+1, rec.Line, rec.Err, s)
		}
		if rec.Err != nil || row%5 > 0 {
			continue
		}
		m := chemtest.Mol(t, s)
		if got, want := smiles.Canonical(rec.Mol), smiles.Canonical(m); got != want {
			t.Errorf("record %d, line %d: %s, of the SMILES %s", row+1, rec.Line, got, want)
		}
		if got, want := rec.Mol.Formula(), m.Formula(); got != want {
			t.Errorf("record %d, line %d: formula %s, of the SMILES %s", row+1, rec.Line, got, want)
		}
	}
}

// BenchmarkReader reads the whole file; the time is for one record.
func BenchmarkReader(b *testing.B) {
	text, err := io.ReadAll(chemtest.Open(b, "tox21/tox21.sdf.gz")[0])
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	d := NewReader(bytes.NewReader(text))
	for b.Loop() {
		if _, err := d.Next(); err == io.EOF {
			d = NewReader(bytes.NewReader(text))
		} else if err != nil {
			b.Fatal(err)
		}
	}
}
