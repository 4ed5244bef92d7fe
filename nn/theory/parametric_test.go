package theory_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/nn/theory"
)

// The moments of a normal input are those of the formula: mean 0, and a variance that is 1 for the identity and for SELU alone.
func TestParametricSELU(t *testing.T) {
	slope, err := theory.ParametricSELU(1).Moments(theory.Normalized)
	if err != nil || math.Abs(slope.Mean) > 1e-9 || math.Abs(slope.Variance-1) > 1e-9 {
		t.Errorf("SELU: %v, %v", slope, err)
	}
	p := theory.SELU
	rho := p.Lambda * (0.5 + p.Alpha*math.Exp(0.5)*0.5*math.Erfc(1/math.Sqrt2)) // E[selu'(z)]
	for _, w := range []float64{-0.5, 0, 0.25, 0.5, 0.9, 1, 1.5} {
		m, err := theory.ParametricSELU(w).Moments(theory.Normalized)
		if want := 1 - 2*w*(1-w)*(1-rho); err != nil || math.Abs(m.Mean) > 1e-9 || math.Abs(m.Variance-want) > 1e-9 {
			t.Errorf("share %v: %+v (%v), want mean 0 and variance %v", w, m, err, want)
		}
	}
	last := 0.0
	for _, w := range []float64{1, 0.75, 0.5, 0.25} { // the fixed point attracts less and less
		fixed, err := theory.Layer{Activation: theory.ParametricSELU(w), Weights: theory.LeCun}.FixedPoint(theory.Normalized)
		if err != nil {
			t.Fatal(err)
		}
		if !fixed.Attracting() || fixed.Rate <= last {
			t.Errorf("share %v: the fixed point %+v after a rate of %v", w, fixed, last)
		}
		last = fixed.Rate
	}
}
