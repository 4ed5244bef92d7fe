package canon_test

import (
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/canon"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// TestWorkGrowsSlowly counts the atoms that a ranking looks at, in molecules that look alike from many of their atoms.
func TestWorkGrowsSlowly(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	for _, g := range chemtest.Grown {
		for _, n := range []int{500, 2000} {
			atoms, bonds := g.Graph(n)
			used := canon.Work(chemtest.Skeleton(t, atoms, bonds, rng))
			t.Logf("%s of %d atoms: %d each", g.Name, atoms, used/atoms)
			if used > 150*atoms {
				t.Errorf("%s of %d atoms: %d looked at, %d each", g.Name, atoms, used, used/atoms)
			}
		}
	}
}
