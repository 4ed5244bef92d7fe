package smiles_test

import (
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func checkRoundTrip(t *testing.T, s string, rng *rand.Rand) {
	t.Helper()
	m, err := smiles.Parse(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	want := smiles.Canonical(m)
	again, err := smiles.Parse(want)
	if err != nil {
		t.Errorf("%s: canonical %s: %v", s, want, err)
		return
	}
	if got := smiles.Canonical(again); got != want {
		t.Errorf("%s: canonical %s, again %s", s, want, got)
	}
	if again.Formula() != m.Formula() {
		t.Errorf("%s: formula %s, of %s %s", s, m.Formula(), want, again.Formula())
	}
	for range 3 {
		text := smiles.Shuffled(m, rng)
		o, err := smiles.Parse(text)
		if err != nil {
			t.Errorf("%s: shuffled %s: %v", s, text, err)
			return
		}
		if got := smiles.Canonical(o); got != want {
			t.Errorf("%s: canonical %s, shuffled %s gives %s", s, want, text, got)
			return
		}
	}
}

// TestRoundTrip writes and reads the molecules of the reference files, and a part of Tox21 where it is there.
func TestRoundTrip(t *testing.T) {
	for _, c := range []struct {
		name string
		step int
	}{{"chem/rdkit_oracle.csv.gz", 1}, {"tox21/tox21.smiles.csv.gz", 10}} {
		t.Run(c.name, func(t *testing.T) {
			tab := chemtest.Tables(t, c.name)[0]
			rng := rand.New(rand.NewPCG(1, 2))
			for row := 0; row < len(tab.Rows); row += c.step {
				checkRoundTrip(t, tab.Text(t, row, "smiles"), rng)
			}
		})
	}
}
