package smiles_test

import (
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestCanonicalOfLargeGraphs writes large symmetric molecules with their atoms in random order.
func TestCanonicalOfLargeGraphs(t *testing.T) {
	rng := rand.New(rand.NewPCG(35, 36))
	for _, g := range chemtest.Grown {
		for _, n := range []int{72, 420} {
			atoms, bonds := g.Graph(n)
			want := smiles.Canonical(chemtest.Skeleton(t, atoms, bonds, rng))
			for range 3 {
				if got := smiles.Canonical(chemtest.Skeleton(t, atoms, bonds, rng)); got != want {
					t.Errorf("%s of %d atoms: %s and %s", g.Name, atoms, want, got)
				}
			}
			if again := chemtest.Mol(t, want); smiles.Canonical(again) != want || len(again.Bonds()) != len(bonds) {
				t.Errorf("%s of %d atoms: %s is read as another molecule", g.Name, atoms, want)
			}
		}
	}
}
