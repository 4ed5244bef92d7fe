package chem

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// dataFile finds a reference file. Without it the test is skipped, in CI it fails.
func dataFile(t testing.TB, folder, name string) string {
	t.Helper()
	for _, env := range []string{"SELFNORM_ORACLES", "SELFNORM_DATA"} {
		if dir := os.Getenv(env); dir != "" {
			path := filepath.Join(dir, folder, name)
			if _, err := os.Stat(path); err == nil {
				return path
			}
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s/%s is neither under SELFNORM_ORACLES nor under SELFNORM_DATA", folder, name)
	}
	t.Skipf("no %s/%s: set SELFNORM_DATA", folder, name)
	return ""
}

// openData opens a reference file and unpacks it if its name ends in .gz.
func openData(t testing.TB, folder, name string) io.Reader {
	t.Helper()
	f, err := os.Open(dataFile(t, folder, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if !strings.HasSuffix(name, ".gz") {
		return f
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// table is a CSV file with a header.
type table struct {
	column map[string]int
	rows   [][]string
}

func readTable(t testing.TB, folder, name string) table {
	t.Helper()
	rows, err := csv.NewReader(openData(t, folder, name)).ReadAll()
	if err != nil {
		t.Fatalf("%s/%s: %v", folder, name, err)
	}
	if len(rows) < 2 {
		t.Fatalf("%s/%s has no rows", folder, name)
	}
	tab := table{column: map[string]int{}, rows: rows[1:]}
	for k, c := range rows[0] {
		tab.column[c] = k
	}
	return tab
}

func (tab table) text(t testing.TB, row int, column string) string {
	t.Helper()
	k, ok := tab.column[column]
	if !ok {
		t.Fatalf("no column %q", column)
	}
	return tab.rows[row][k]
}

func (tab table) number(t testing.TB, row int, column string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(tab.text(t, row, column), 64)
	if err != nil {
		t.Fatalf("row %d, %s: %v", row+1, column, err)
	}
	return x
}

// TestOracleMolecules compares with the RDKit's counts.
func TestOracleMolecules(t *testing.T) {
	tab := readTable(t, "chem", "rdkit_oracle.csv.gz")
	for row := range tab.rows {
		s := tab.text(t, row, "smiles")
		m, err := ParseSMILES(s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		aromatic := 0
		for i := range m.Atoms {
			if m.Atoms[i].Aromatic {
				aromatic++
			}
		}
		for _, c := range []struct {
			column string
			got    int
		}{
			{"n_heavy_atoms", m.HeavyAtoms()}, {"n_bonds", len(m.Bonds)},
			{"ring_count", len(m.Rings())}, {"aromatic_atoms", aromatic},
		} {
			if want := int(tab.number(t, row, c.column)); c.got != want {
				t.Errorf("%s: %s %d, want %d", s, c.column, c.got, want)
			}
		}
		if want := tab.text(t, row, "formula"); m.Formula() != want {
			t.Errorf("%s: formula %s, want %s", s, m.Formula(), want)
		}
		if want := tab.number(t, row, "mol_weight"); math.Abs(m.Weight()-want) > 0.001 {
			t.Errorf("%s: weight %.4f, want %.4f", s, m.Weight(), want)
		}
	}
}

// TestTrickySMILES compares verdicts with the RDKit's.
func TestTrickySMILES(t *testing.T) {
	tab := readTable(t, "chem", "tricky_smiles.csv")
	for row := range tab.rows {
		s, note := tab.text(t, row, "smiles"), tab.text(t, row, "note")
		m, err := ParseSMILES(s)
		if valid := tab.text(t, row, "valid") == "1"; valid != (err == nil) {
			t.Errorf("%q (%s): error %v, valid %v", s, note, err, valid)
			continue
		}
		if err != nil {
			if _, isAtom := err.(*AtomError); isAtom != (tab.text(t, row, "syntax_ok") == "1") {
				t.Errorf("%q (%s): error %v is of the wrong kind", s, note, err)
			}
			t.Log(s, err)
			continue
		}
		if want := int(tab.number(t, row, "n_heavy_atoms")); m.HeavyAtoms() != want {
			t.Errorf("%q (%s): %d heavy atoms, want %d", s, note, m.HeavyAtoms(), want)
		}
		if want := tab.text(t, row, "formula"); m.Formula() != want {
			t.Errorf("%q (%s): formula %s, want %s", s, note, m.Formula(), want)
		}
	}
}
