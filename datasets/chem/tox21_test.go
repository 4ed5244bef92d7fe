package chem

import "testing"

// TestTox21SMILES reads all molecules of the data set.
func TestTox21SMILES(t *testing.T) {
	tab := readTable(t, "tox21", "tox21.smiles.csv.gz")
	for row := range tab.rows {
		s := tab.text(t, row, "smiles")
		if _, err := ParseSMILES(s); err != nil {
			t.Errorf("row %d, %s: %v", row+1, s, err)
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
