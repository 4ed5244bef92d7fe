package descriptor

import (
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// TestAutocorrelationByHand checks the mass of ethanol's atoms (1, 1 and 1.3322 relative to carbon) at lags 1 and 2.
func TestAutocorrelationByHand(t *testing.T) {
	got := Autocorrelation2D(chemtest.Mol(t, "CCO"))
	for at, want := range map[int]float64{
		0: 1.204, 1: 0.847, 2: 0, // ln(1 + 1·1 + 1·1.3322), ln(1 + 1.3322), nothing 3 bonds apart
		48: 0.037, 49: 0.025, // deviations from the mean 1.1107
		96: -0.25, 97: -1, // Moran
		144: 0.75, 145: 1.5, // Geary
	} {
		if math.Abs(got[at]-want) > 1e-9 {
			t.Errorf("value %d: %v, want %v", at, got[at], want)
		}
	}
}

func TestAutocorrelationOfLikeAtoms(t *testing.T) {
	for _, s := range []string{"CCCCCC", "C1CCCCC1", "C", "", "[Na+].[Cl-]"} {
		values := Autocorrelation2D(chemtest.Mol(t, s))
		if len(values) != 192 || len(AutocorrelationNames()) != 192 {
			t.Fatalf("%d values, %d names", len(values), len(AutocorrelationNames()))
		}
		for k, v := range values[:40] {
			if v != 0 && (s == "CCCCCC" || s == "C1CCCCC1") {
				t.Errorf("%s: value %d of a property that does not vary is %v", s, k, v)
			}
		}
	}
}

func TestAutocorrelationIgnoresAtomOrder(t *testing.T) {
	for _, group := range chemtest.SameMolecule {
		want := Autocorrelation2D(chemtest.Mol(t, group[0]))
		for _, s := range group[1:] {
			got := Autocorrelation2D(chemtest.Mol(t, s))
			if !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 0.0015 }) {
				t.Errorf("%s and %s differ", group[0], s)
			}
		}
	}
}
