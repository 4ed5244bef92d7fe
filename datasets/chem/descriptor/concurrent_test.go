package descriptor

import (
	"reflect"
	"sync"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// TestConcurrentUse computes everything from one molecule in several goroutines; run it with -race.
func TestConcurrentUse(t *testing.T) {
	m := chemtest.Mol(t, "COc1ccc2cc3[n+](cc2c1OC)CCc1cc2c(cc1-3)OCO2.[Cl-]")
	compute := func() []any {
		return []any{
			fingerprint.ECFP(m, 3), fingerprint.FCFP(m, 2), fingerprint.AtomPairs(m), fingerprint.MACCS(m), Compute(m), Autocorrelation2D(m), CrippenLogP(m),
			TPSA(m), Donors(m), Acceptors(m), RotatableBonds(m),
		}
	}
	want := compute()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got := compute(); !reflect.DeepEqual(got, want) {
				t.Error("results differ between goroutines")
			}
		})
	}
	wg.Wait()
}
