package theory_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/nn/theory"
)

// Absurd shares and moments give an error or a number, never a panic.
func TestNoPanicParametric(t *testing.T) {
	for _, w := range absurd {
		f := theory.ParametricSELU(w)
		for _, m := range absurdMoments() {
			if got, err := f.Moments(m); err == nil && !isFinite(got.Mean, got.Variance) {
				t.Errorf("share %v, %+v: %+v without an error", w, m, got)
			}
		}
	}
}
