package scaffold_test

import (
	"encoding/csv"
	"fmt"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/scaffold"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/internal/oracle"
)

func parse(t testing.TB, s string) *chem.Mol {
	t.Helper()
	m, err := smiles.Parse(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return m
}

// Scaffolds are those of RDKit, as canonical SMILES of ours.
func TestOracle(t *testing.T) {
	table, err := csv.NewReader(oracle.Open(t, "chem/scaffolds.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	wrong, read := 0, 0
	for _, row := range table[1:] {
		m, err := smiles.Parse(row[0])
		if err != nil {
			continue
		}
		read++
		want, wantErr := smiles.Parse(row[1])
		got, err := scaffold.Murcko(m)
		if err != nil && wantErr != nil {
			continue
		}
		if err != nil || wantErr != nil || smiles.Canonical(got) != smiles.Canonical(want) {
			wrong++
			t.Logf("%s: %s (%v), want %s (%v)", row[0], smiles.Canonical(got), err, row[1], wantErr)
		}
	}
	t.Logf("%d of %d scaffolds differ", wrong, read)
	if wrong*200 > read || read == 0 {
		t.Errorf("%d of %d scaffolds differ", wrong, read)
	}
}

// The scaffold of a scaffold is itself, with all rings, and without rings there is none.
func TestMurcko(t *testing.T) {
	table, err := csv.NewReader(oracle.Open(t, "chem/scaffolds.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range table[1:] {
		m, err := smiles.Parse(row[0])
		if err != nil {
			continue
		}
		once, err := scaffold.Murcko(m)
		if err != nil {
			continue
		}
		twice, err := scaffold.Murcko(once)
		if err != nil || smiles.Canonical(twice) != smiles.Canonical(once) {
			t.Errorf("%s: %s, and of that %s (%v)", row[0], smiles.Canonical(once), smiles.Canonical(twice), err)
		}
		if (len(m.Rings()) == 0) != (len(once.Atoms()) == 0) || len(once.Rings()) != len(m.Rings()) {
			t.Errorf("%s: %d rings, its scaffold %d", row[0], len(m.Rings()), len(once.Rings()))
		}
	}
}

func ExampleMurcko() {
	m, err := smiles.Parse("CC(=O)Nc1ccc(cc1)C(=O)CC2CCCCC2=C(C)C")
	if err != nil {
		panic(err)
	}
	s, err := scaffold.Murcko(m)
	if err != nil {
		panic(err)
	}
	fmt.Println(m.Formula(), "->", s.Formula())
	// Output: C19H25NO2 -> C15H18O
}
