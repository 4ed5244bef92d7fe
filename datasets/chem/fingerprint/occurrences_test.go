package fingerprint

import (
	"iter"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// Occurrences are those that the fingerprints count, and their atoms are atoms of the molecule.
func TestOccurrences(t *testing.T) {
	texts := append(slices.Clone(chemtest.Mixed), "C", "[Na+].[Cl-]", "O=[N+]([O-])c1ccc(Cl)cc1", "C1CC2CCC1C2", "[2H]C([2H])[2H]")
	for _, s := range texts {
		m := chemtest.Mol(t, s)
		for name, c := range map[string]struct {
			want Counts
			got  iter.Seq2[uint32, []int32]
		}{
			"ECFP":  {ECFP(m, 3), ECFPOccurrences(m, 3)},
			"FCFP":  {FCFP(m, 2), FCFPOccurrences(m, 2)},
			"pairs": {AtomPairs(m), AtomPairOccurrences(m)},
			"none":  {ECFP(m, -1), ECFPOccurrences(m, -1)},
		} {
			var ids []uint32
			for id, atoms := range c.got {
				ids = append(ids, id)
				if len(atoms) == 0 || !slices.IsSorted(atoms) || atoms[0] < 0 || int(atoms[len(atoms)-1]) >= len(m.Atoms()) {
					t.Fatalf("%s, %s: atoms %v", s, name, atoms)
				}
			}
			if got := tally(ids); !slices.Equal(got, c.want) {
				t.Errorf("%s, %s: %v, want %v", s, name, got, c.want)
			}
			for range c.got { // may end early
				break
			}
		}
	}
	for range ECFPOccurrences((*chem.Mol)(nil), 3) {
		t.Error("a nil molecule has atoms")
	}
}
