package theory_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/nn/theory"
	"pgregory.net/rapid"
)

func TestSolveForThePaper(t *testing.T) {
	p, err := theory.Solve(theory.Normalized, theory.LeCun)
	if err != nil || !near(p.Lambda, theory.SELU.Lambda, 1e-15, 0) || !near(p.Alpha, theory.SELU.Alpha, 1e-15, 0) {
		t.Errorf("%v, %v", p, err)
	}
}

// The result of Solve has the given fixed point, and Solve finds the parameters of any fixed point again.
func TestSolveInvertsTheMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := theory.Weights{Omega: rapid.Float64Range(-0.5, 0.5).Draw(t, "omega"), Tau: rapid.Float64Range(0.1, 3).Draw(t, "tau")}
		fixed := theory.Moments{Mean: rapid.Float64Range(-0.3, 0.3).Draw(t, "mean"), Variance: rapid.Float64Range(0.7, 3).Draw(t, "variance")}
		p, err := theory.Solve(fixed, w)
		if err != nil {
			t.Fatal(err)
		}
		m, err := theory.Layer{Activation: p, Weights: w}.Map(fixed)
		if err != nil || !near(m.Mean, fixed.Mean, 1e-12, 1e-13) || !near(m.Variance, fixed.Variance, 1e-12, 0) || p.Alpha < 0 {
			t.Errorf("%+v, %+v: %+v maps to %+v, %v", fixed, w, p, m, err)
		}
	})
}

// At the upper bound of the quotient of mean and root of the second moment stands ReLU.
func TestSolveNearReLU(t *testing.T) {
	z := theory.Normalized
	m, err := theory.ReLU.Moments(z)
	if err != nil {
		t.Fatal(err)
	}
	p, err := theory.Solve(theory.Moments{Mean: m.Mean * 0.999, Variance: m.Variance}, theory.Weights{Tau: 1 / m.Variance})
	if err != nil || p.Alpha <= 0 || p.Alpha > 0.01 || !near(p.Lambda, 1, 1e-2, 0) {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestAlphaDropout(t *testing.T) {
	// The paper's formula for mean 0 and variance 1.
	for _, rate := range []float64{0, 0.05, 0.1, 0.5} {
		saturation, q := -theory.SELU.Lambda*theory.SELU.Alpha, 1-rate
		a, b, err := theory.SELU.AlphaDropout(rate, theory.Normalized)
		want := 1 / math.Sqrt(q+saturation*saturation*q*rate)
		if err != nil || !near(a, want, 1e-15, 0) || !near(b, -want*rate*saturation, 1e-14, 0) {
			t.Errorf("rate %v: %v, %v, %v", rate, a, b, err)
		}
	}
	for _, rate := range []float64{-0.1, 1, math.NaN()} {
		if a, b, err := theory.SELU.AlphaDropout(rate, theory.Normalized); err == nil {
			t.Errorf("rate %v: %v, %v", rate, a, b)
		}
	}
}

// Dropping keeps any mean and variance, whatever the distribution.
func TestAlphaDropoutKeepsMoments(t *testing.T) {
	const rate, n = 0.2, 200_000
	keep := theory.Moments{Mean: 0.3, Variance: 0.6}
	p := theory.Params{Lambda: 1.1, Alpha: 1.4}
	a, b, err := p.AlphaDropout(rate, keep)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	sum, squares := 0.0, 0.0
	for i := range n {
		x := keep.Mean + math.Sqrt(keep.Variance)*float64(i%2*2-1) // two values of that mean and variance
		if r.Float64() < rate {
			x = -p.Lambda * p.Alpha
		}
		d := a*x + b - keep.Mean
		sum += d / n
		squares += d * d / n
	}
	if math.Abs(sum) > 0.01 || !near(squares, keep.Variance, 0.02, 0) {
		t.Errorf("mean %v, variance %v, want %+v", keep.Mean+sum, squares, keep)
	}
}
