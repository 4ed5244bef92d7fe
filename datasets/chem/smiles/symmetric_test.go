package smiles_test

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func TestCanonicalOfSymmetricGraphs(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	seen := map[string]string{}
	for _, g := range chemtest.Symmetric {
		want := ""
		for k := range 8 {
			m := chemtest.Skeleton(t, g.Atoms, g.Bonds, rng)
			if n := len(m.Bonds()) - len(m.Atoms()) + 1; n != g.Rings {
				t.Fatalf("%s has %d independent rings, want %d", g.Name, n, g.Rings)
			}
			got := smiles.Canonical(m)
			if k == 0 {
				want = got
			}
			if got != want {
				t.Errorf("%s: %s and %s", g.Name, want, got)
			}
		}
		if other := seen[want]; other != "" {
			t.Errorf("%s and %s: both %s", g.Name, other, want)
		}
		seen[want] = g.Name
	}
}

// TestCanonicalTellsApart compares molecules whose atoms have the same neighbourhoods at any distance.
func TestCanonicalTellsApart(t *testing.T) {
	for _, pair := range [][2]string{
		{"C1CCC2CCCCC2C1", "C1CCC(C1)C1CCCC1"},
		{"C1CC1.C1CC1", "C1CCCCC1"},
	} {
		a, b := smiles.Canonical(chemtest.Mol(t, pair[0])), smiles.Canonical(chemtest.Mol(t, pair[1]))
		if a == b {
			t.Errorf("%s and %s: both %s", pair[0], pair[1], a)
		}
	}
}

// TestCanonicalProperty writes random molecules in random orders.
func TestCanonicalProperty(t *testing.T) {
	pieces := []string{"C", "C", "C", "N", "O", "c1ccccc1", "C(=O)O", "C(F)(F)F", "C1CC1", "[N+](=O)[O-]", "S(=O)(=O)C", "C2CCC(CC2)", "Cl", "c1ncc[nH]1"}
	rapid.Check(t, func(t *rapid.T) {
		s := ""
		for range rapid.IntRange(1, 12).Draw(t, "pieces") {
			switch piece := rapid.SampledFrom(pieces).Draw(t, "piece"); rapid.IntRange(0, 3).Draw(t, "join") {
			case 0:
				s = "C(" + piece + ")(" + s + "C)"
			case 1:
				s = "N(" + piece + ")" + s + "C"
			case 2:
				s = "C" + s + "." + piece
			default:
				s = "C(" + s + "C)C" + piece
			}
		}
		m, err := smiles.Parse(s)
		if err != nil {
			t.Skip(err)
		}
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		text := smiles.Shuffled(m, rng)
		o, err := smiles.Parse(text)
		if err != nil {
			t.Fatalf("%s, shuffled %s: %v", s, text, err)
		}
		if a, b := smiles.Canonical(m), smiles.Canonical(o); a != b {
			t.Fatalf("%s gives %s, shuffled %s gives %s", s, a, text, b)
		}
		if a, b := m.Formula(), o.Formula(); a != b {
			t.Fatalf("%s is %s, shuffled %s is %s", s, a, text, b)
		}
		if a, b := chemtest.CountAromatic(m), chemtest.CountAromatic(o); a != b {
			t.Fatalf("%s has %d aromatic atoms, shuffled %s has %d", s, a, text, b)
		}
	})
}
