package descriptor

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// allFeatures writes all features of a molecule with all digits.
func allFeatures(m *chem.Mol) string {
	return fmt.Sprintf("%x %x %v %v %v %v", Compute(m), Autocorrelation2D(m), fingerprint.ECFP(m, 3), fingerprint.FCFP(m, 2), fingerprint.AtomPairs(m), fingerprint.MACCS(m))
}

// TestNoHistory: memory that molecules of all sizes use one after another, in any order and on several threads, changes no bit of the features.
func TestNoHistory(t *testing.T) {
	texts := append(slices.Clone(chemtest.Mixed), "", "[Na+].[Cl-]", strings.Repeat("CC(=O)N", 30), "[U]"+strings.Repeat("(CO)", 40), "C1"+strings.Repeat("C", 90)+"1")
	mols, want := chemtest.Mols(t, texts), []string{}
	for _, m := range mols {
		want = append(want, allFeatures(m))
	}
	var wait sync.WaitGroup
	for seed := range uint64(4) {
		wait.Go(func() {
			for _, k := range rand.New(rand.NewPCG(seed, 1)).Perm(len(mols)) {
				if allFeatures(mols[k]) != want[k] {
					t.Errorf("%s: other features than at first", texts[k])
				}
			}
		})
	}
	wait.Wait()
}
