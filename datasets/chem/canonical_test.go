package chem

import (
	"math/rand/v2"
	"testing"
)

// shuffledSMILES writes the fragments of m in the order found, each with its atoms in random order.
func shuffledSMILES(m *Mol, rng *rand.Rand) string {
	rank := make([]int32, len(m.Atoms))
	for i, r := range rng.Perm(len(rank)) {
		rank[i] = int32(r)
	}
	w, out := newSMILESWriter(m, rank), ""
	for k, atoms := range m.components() {
		if k > 0 {
			out += "."
		}
		out += w.fragment(atoms, m.needsKekule(atoms))
	}
	return out
}

func checkRoundTrip(t *testing.T, s string, rng *rand.Rand) {
	t.Helper()
	m, err := ParseSMILES(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	want := m.CanonicalSMILES()
	again, err := ParseSMILES(want)
	if err != nil {
		t.Errorf("%s: canonical %s: %v", s, want, err)
		return
	}
	if got := again.CanonicalSMILES(); got != want {
		t.Errorf("%s: canonical %s, again %s", s, want, got)
	}
	if again.Formula() != m.Formula() {
		t.Errorf("%s: formula %s, of %s %s", s, m.Formula(), want, again.Formula())
	}
	for range 3 {
		text := shuffledSMILES(m, rng)
		o, err := ParseSMILES(text)
		if err != nil {
			t.Errorf("%s: shuffled %s: %v", s, text, err)
			return
		}
		if got := o.CanonicalSMILES(); got != want {
			t.Errorf("%s: canonical %s, shuffled %s gives %s", s, want, text, got)
			return
		}
	}
}

// TestTox21RoundTrip writes and reads a part of the data set.
func TestTox21RoundTrip(t *testing.T) {
	tab := readTable(t, "tox21", "tox21.smiles.csv.gz")
	rng := rand.New(rand.NewPCG(1, 2))
	for row := 0; row < len(tab.rows); row += 10 {
		checkRoundTrip(t, tab.text(t, row, "smiles"), rng)
	}
}
