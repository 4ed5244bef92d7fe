package scaffold_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/scaffold"
)

// A molecule without rings, or of nothing at all, has a scaffold without atoms.
func TestNoPanics(t *testing.T) {
	for _, m := range []*chem.Mol{nil, {}, parse(t, ""), parse(t, "CC(C)C=O")} {
		if s, err := scaffold.Murcko(m); err != nil || len(s.Atoms()) != 0 {
			t.Errorf("%d atoms, %v", len(s.Atoms()), err)
		}
	}
}
