package chem

import (
	"bytes"
	"io"
	"testing"
)

// TestTox21SMILES reads all molecules of the data set, and checks that the atoms are aromatic that the RDKit has written in
// lower case.
func TestTox21SMILES(t *testing.T) {
	tab := readTable(t, "tox21", "tox21.smiles.csv.gz")
	p := new(parser)
	for row := range tab.rows {
		s := tab.text(t, row, "smiles")
		m, err := ParseSMILES(s)
		if err != nil {
			t.Errorf("row %d, %s: %v", row+1, s, err)
			continue
		}
		checkMol(t, m)
		p.reset(s)
		if err := p.parse(); err != nil || len(p.atoms) != len(m.Atoms) {
			t.Errorf("row %d, %s: %d atoms, %d written (%v)", row+1, s, len(m.Atoms), len(p.atoms), err)
			continue
		}
		for i, a := range p.atoms {
			if a.Aromatic != m.Atoms[i].Aromatic {
				t.Errorf("row %d, %s: atom %d aromatic %v, written %v", row+1, s, i+1, m.Atoms[i].Aromatic, a.Aromatic)
				break
			}
		}
	}
}

// TestTox21SDF compares the drawn molecules with their SMILES. The same records must be impossible as for the RDKit.
func TestTox21SDF(t *testing.T) {
	tab := readTable(t, "tox21", "tox21.smiles.csv.gz")
	all := readSDF(t, openData(t, "tox21", "tox21.sdf.gz"))
	if len(all) != len(tab.rows) {
		t.Fatalf("%d records, %d SMILES", len(all), len(tab.rows))
	}
	for row, rec := range all {
		s := tab.text(t, row, "smiles")
		if (s == "") != (rec.Err != nil) {
			t.Errorf("record %d, line %d: error %v, SMILES %q", row+1, rec.Line, rec.Err, s)
		}
		if rec.Err != nil || row%5 > 0 {
			continue
		}
		m := mustParse(t, s)
		if got, want := rec.Mol.CanonicalSMILES(), m.CanonicalSMILES(); got != want {
			t.Errorf("record %d, line %d: %s, of the SMILES %s", row+1, rec.Line, got, want)
		}
		if got, want := rec.Mol.Formula(), m.Formula(); got != want {
			t.Errorf("record %d, line %d: formula %s, of the SMILES %s", row+1, rec.Line, got, want)
		}
	}
}

func BenchmarkParseSMILES(b *testing.B) {
	tab := readTable(b, "tox21", "tox21.smiles.csv.gz")
	b.ReportAllocs()
	row := 0
	for b.Loop() {
		if _, err := ParseSMILES(tab.rows[row][tab.column["smiles"]]); err != nil {
			b.Fatal(err)
		}
		row = (row + 1) % len(tab.rows)
	}
}

func benchmarkTox21(b *testing.B, f func(*Mol)) {
	tab := readTable(b, "tox21", "tox21.smiles.csv.gz")
	mols := make([]*Mol, len(tab.rows))
	for row := range mols {
		mols[row] = mustParse(b, tab.text(b, row, "smiles"))
	}
	b.ReportAllocs()
	row := 0
	for b.Loop() {
		f(mols[row])
		row = (row + 1) % len(mols)
	}
}

func BenchmarkCanonicalSMILES(b *testing.B) {
	benchmarkTox21(b, func(m *Mol) { m.CanonicalSMILES() })
}

func BenchmarkParent(b *testing.B) {
	benchmarkTox21(b, func(m *Mol) { m.Parent() })
}

// BenchmarkSDFReader reads the whole file; the time is for one record.
func BenchmarkSDFReader(b *testing.B) {
	text, err := io.ReadAll(openData(b, "tox21", "tox21.sdf.gz"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	d := NewSDFReader(bytes.NewReader(text))
	for b.Loop() {
		if _, err := d.Next(); err == io.EOF {
			d = NewSDFReader(bytes.NewReader(text))
		} else if err != nil {
			b.Fatal(err)
		}
	}
}
