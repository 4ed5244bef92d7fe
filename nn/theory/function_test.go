package theory_test

import (
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/nn/theory"
)

// Functions whose moments are known: jumps, kinks and bumps at places that are not passed to the quadrature as kinks.
func TestFunctionWithUnknownKinks(t *testing.T) {
	tail := func(x float64) float64 { return math.Erfc(x/math.Sqrt2) / 2 }
	density := func(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
	const c = 1.2345
	hinge := density(c) - c*tail(c)
	tests := map[string]struct {
		f              func(float64) float64
		mean, variance float64
	}{
		"step":        {func(x float64) float64 { return map[bool]float64{true: 1}[x > c] }, tail(c), tail(c) * tail(-c)},
		"hinge":       {func(x float64) float64 { return math.Max(0, x-c) }, hinge, (1+c*c)*tail(c) - c*density(c) - hinge*hinge},
		"cosine":      {func(x float64) float64 { return math.Cos(7 * x) }, math.Exp(-24.5), (1+math.Exp(-98))/2 - math.Exp(-49)},
		"exponential": {math.Exp, math.Exp(0.5), math.E * (math.E - 1)},
		"identity":    {func(x float64) float64 { return x }, 0, 1},
	}
	for name, test := range tests {
		m, err := theory.Function{F: test.f}.Moments(theory.Normalized)
		if err != nil || !near(m.Mean, test.mean, 1e-13, 1e-14) || !near(m.Variance, test.variance, 1e-12, 1e-14) {
			t.Errorf("%s: %+v, %v, want %v, %v", name, m, err, test.mean, test.variance)
		}
	}
}

// tanh(z) is the sign of z where the variance of z is huge, up to its flank.
func TestFunctionAtHugeVariance(t *testing.T) {
	const v = 1e12
	m, err := theory.Function{F: math.Tanh}.Moments(theory.Moments{Variance: v})
	// 1 - E tanh^2 = int sech^2 times the density at 0, 2/sqrt(2 pi v), up to O(v^-3/2).
	if want := 1 - 2/math.Sqrt(2*math.Pi*v); err != nil || !near(m.Variance, want, 1e-13, 0) || math.Abs(m.Mean) > 1e-14 {
		t.Errorf("%+v, %v, want the variance %v", m, err, want)
	}
}

func TestFunctionErrors(t *testing.T) {
	for want, f := range map[string]func(float64) float64{
		"not finite": func(x float64) float64 { return math.Log(x) },
		"rough":      func(x float64) float64 { return math.Mod(x*1e9*math.Pi, 1) },
		"too fast":   func(x float64) float64 { return math.Exp(x * x / 8) },
		"has mean":   func(float64) float64 { return math.Inf(1) },
	} {
		z := theory.Normalized
		if want == "has mean" {
			z.Variance = 0
		}
		if m, err := (theory.Function{F: f}).Moments(z); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v", want, m, err)
		}
	}
}

// A function that cancels about 0 keeps its moments, as far as its digits go.
func TestFunctionWithRoundings(t *testing.T) {
	softplus := theory.Function{F: func(x float64) float64 { return math.Log1p(math.Exp(x)) - math.Ln2 }}
	m, err := softplus.Moments(theory.Moments{Variance: 1e-12})
	if err != nil || !near(m.Variance, 0.25e-12, 1e-8, 0) {
		t.Errorf("%+v, %v", m, err)
	}
	f, err := theory.Layer{Activation: softplus, Weights: theory.LeCun, Pooled: true}.FixedPoint(theory.Normalized)
	if err != nil || f.Moments != (theory.Moments{}) {
		t.Errorf("%+v, %v", f, err)
	}
}
