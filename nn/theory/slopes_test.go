package theory_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn/theory"
	"pgregory.net/rapid"
)

func seluSlope(x float64) float64 {
	if x > 0 {
		return theory.SELU.Lambda
	}
	return theory.SELU.Lambda * theory.SELU.Alpha * math.Exp(x)
}

// differentiable are the two ways to the slope of SELU.
var differentiable = map[string]theory.Differentiable{
	"closed form": theory.SELU,
	"quadrature":  theory.Function{F: theory.SELU.At, Slope: seluSlope, Kinks: []float64{0}},
	"no kinks":    theory.Function{F: theory.SELU.At, Slope: seluSlope},
}

func TestSlopesReference(t *testing.T) {
	for name, f := range differentiable {
		worst := 0.0
		for _, r := range table(t, "theory/slope_moments.csv") {
			s, err := f.Slopes(theory.Moments{Mean: r["mean_z"], Variance: r["variance_z"]})
			if err != nil || !near(s.Mean, r["slope_mean"], 1e-12, 0) || !near(s.Second, r["slope_second_moment"], 1e-12, 0) {
				t.Errorf("%s: %v: %+v, %v", name, r, s, err)
			}
			worst = max(worst, math.Abs(s.Mean/r["slope_mean"]-1), math.Abs(s.Second/r["slope_second_moment"]-1))
		}
		t.Logf("%s: greatest relative error %.2g", name, worst)
	}
}

// The mean of the slope is the derivative of the mean by that of z, for any member of the family, and the square of the mean is never above
// the second moment.
func TestSlopesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, lo, hi float64) float64 { return rapid.Float64Range(lo, hi).Draw(t, name) }
		p := theory.Params{Lambda: draw("lambda", 0.1, 3), Alpha: draw("alpha", -2, 3)}
		z := theory.Moments{Mean: draw("mean", -5, 5), Variance: math.Exp(draw("log variance", -6, 4))}
		s, err := p.Slopes(z)
		if err != nil {
			t.Fatal(err)
		}
		j, err := p.Jacobian(z)
		if err != nil || !near(s.Mean, j[0][0], 1e-14, 1e-15) || !(s.Second >= s.Mean*s.Mean*(1-1e-14)) {
			t.Errorf("%v at %+v: %+v, Jacobian %v, %v", p, z, s, j, err)
		}
	})
	for _, m := range []float64{-2, 0, 3} { // at variance 0 and close to it
		at, err := theory.SELU.Slopes(theory.Moments{Mean: m})
		if err != nil || at.Second != at.Mean*at.Mean || at.Mean != seluSlope(m) {
			t.Errorf("at %v: %+v, %v", m, at, err)
		}
	}
	if _, err := (theory.Function{F: math.Tanh}).Slopes(theory.Normalized); !errors.Is(err, theory.ErrDomain) {
		t.Errorf("without a slope: %v", err)
	}
}

// Growth is tau times the second moment of the slope, times what dropout lets pass. Alpha dropout of the rate at which it is 1 exists.
func TestGrowth(t *testing.T) {
	const alpha2 = 3.0905 // (lambda alpha)^2
	for _, rate := range []float64{0, 0.02, 0.1, 0.5} {
		d, err := theory.SELU.Dropout(rate, theory.Normalized)
		if err != nil {
			t.Fatal(err)
		}
		l := theory.Layer{Weights: theory.Weights{Tau: 1.1}, Dropout: d}
		got, err := l.Growth(theory.Moments{Mean: 0, Variance: 1 / 1.1})
		if err != nil || !near(got, 1.1*1.0715749924557993/(1+alpha2*rate), 1e-4, 0) {
			t.Errorf("rate %v: %v, %v", rate, got, err)
		}
	}
	if _, err := (theory.Layer{Activation: theory.Function{F: math.Tanh}, Weights: theory.LeCun}).Growth(theory.Normalized); !errors.Is(err, theory.ErrDomain) {
		t.Errorf("without a slope: %v", err)
	}
}

// Noise keeps what its makers promise, multiplies gradients and products of rows by its factors, and its Jacobian is that of its map.
func TestDropout(t *testing.T) {
	ordinary, err := theory.InvertedDropout(0.2)
	if err != nil || !near(ordinary.Map(theory.Moments{Mean: 3, Variance: 2}).Mean, 3, 1e-15, 0) {
		t.Errorf("ordinary dropout: %+v, %v", ordinary, err)
	}
	keep := theory.Moments{Mean: 0.3, Variance: 1.4}
	alpha, err := theory.SELU.Dropout(0.1, keep)
	if got := alpha.Map(keep); err != nil || !near(got.Mean, keep.Mean, 1e-14, 0) || !near(got.Variance, keep.Variance, 1e-14, 0) {
		t.Errorf("alpha dropout: %+v keeps %+v as %+v, %v", alpha, keep, got, err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, d := range []theory.Dropout{ordinary, alpha} {
		const n = 100_000
		var sum, square, product, gradient float64
		for range n {
			x := 0.5 + r.NormFloat64()
			a, pass := dropped(r, d, x)
			b, _ := dropped(r, d, x)
			sum, square, product, gradient = sum+a/n, square+a*a/n, product+a*b/n, gradient+pass*pass/n
		}
		want := d.Map(theory.Moments{Mean: 0.5, Variance: 1})
		if !near(sum, want.Mean, 0, 0.02) || !near(square-sum*sum, want.Variance, 0.03, 0) || !near(gradient, d.Gradient(), 0.02, 0) || !near(product-sum*sum, d.Covariance(), 0.04, 0) {
			t.Errorf("%+v: mean %v, variance %v, gradients %v, covariance %v", d, sum, square-sum*sum, gradient, product-sum*sum)
		}
		const h = 1e-5
		for k, step := range []theory.Moments{{Mean: h}, {Variance: h}} {
			up := d.Map(theory.Moments{Mean: 0.5 + step.Mean, Variance: 1 + step.Variance})
			down := d.Map(theory.Moments{Mean: 0.5 - step.Mean, Variance: 1 - step.Variance})
			j := d.Jacobian(theory.Moments{Mean: 0.5, Variance: 1})
			if !near(j[0][k], (up.Mean-down.Mean)/(2*h), 1e-8, 1e-9) || !near(j[1][k], (up.Variance-down.Variance)/(2*h), 1e-8, 1e-9) {
				t.Errorf("%+v: Jacobian %v", d, j)
			}
		}
	}
	none := theory.Dropout{}
	if none.Map(keep) != keep || none.Gradient() != 1 || none.Covariance() != 1 || none.Jacobian(keep) != (theory.Jacobian{{1, 0}, {0, 1}}) {
		t.Error("the zero Dropout changes something")
	}
	for _, rate := range []float64{-0.1, 1, math.NaN()} {
		if _, err := theory.InvertedDropout(rate); !errors.Is(err, theory.ErrDomain) {
			t.Errorf("rate %v: %v", rate, err)
		}
	}
}

// dropped draws a result and the factor of its gradient.
func dropped(r *rand.Rand, d theory.Dropout, x float64) (y, pass float64) {
	if r.Float64() < d.Rate {
		return d.Dropped, 0
	}
	return d.Scale*x + d.Shift, d.Scale
}

// The Jacobian of a layer with dropout is the derivative of its map, and alpha dropout keeps the fixed point.
func TestLayerWithDropout(t *testing.T) {
	d, err := theory.SELU.Dropout(0.1, theory.Normalized)
	if err != nil {
		t.Fatal(err)
	}
	l := theory.Layer{Weights: theory.LeCun, Pooled: true, Dropout: d}
	f, err := l.FixedPoint(theory.Moments{Mean: 0.3, Variance: 1.5})
	if err != nil || !near(f.Mean, 0, 0, 1e-12) || !near(f.Variance, 1, 1e-12, 0) || !f.Attracting() {
		t.Errorf("fixed point %+v, %v", f, err)
	}
	l.Weights, l.Pooled = theory.Weights{Omega: 0.2, Tau: 1.1}, false
	at := theory.Moments{Mean: 0.3, Variance: 1.2}
	j, err := l.Jacobian(at)
	if err != nil {
		t.Fatal(err)
	}
	const h = 1e-5
	for k, step := range []theory.Moments{{Mean: h}, {Variance: h}} {
		up, err1 := l.Map(theory.Moments{Mean: at.Mean + step.Mean, Variance: at.Variance + step.Variance})
		down, err2 := l.Map(theory.Moments{Mean: at.Mean - step.Mean, Variance: at.Variance - step.Variance})
		if err1 != nil || err2 != nil || !near(j[0][k], (up.Mean-down.Mean)/(2*h), 1e-7, 1e-9) || !near(j[1][k], (up.Variance-down.Variance)/(2*h), 1e-7, 1e-9) {
			t.Errorf("column %d of %v: %v, %v", k, j, err1, err2)
		}
	}
}
