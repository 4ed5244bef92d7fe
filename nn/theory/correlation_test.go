package theory_test

import (
	"math"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn/theory"
)

func sharedLayers(t *testing.T) map[string]theory.Layer {
	alpha, err := theory.SELU.Dropout(0.1, theory.Normalized)
	if err != nil {
		t.Fatal(err)
	}
	ordinary, err := theory.InvertedDropout(0.2)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]theory.Layer{
		"unit":             {Weights: theory.Weights{Omega: 0.1, Tau: 1.1}},
		"pooled":           {Weights: theory.LeCun, Pooled: true},
		"alpha dropout":    {Weights: theory.LeCun, Pooled: true, Dropout: alpha},
		"ordinary dropout": {Activation: theory.ReLU, Weights: theory.He, Pooled: true, Dropout: ordinary},
	}
}

// The slope of the map of correlations is its derivative, and its values are correlations. Equal rows stay equal unless dropout
// separates them.
func TestCorrelation(t *testing.T) {
	m := theory.Moments{Mean: 0.3, Variance: 1.2}
	for name, l := range sharedLayers(t) {
		for _, c := range []float64{-0.7, 0.1, 0.6} {
			const h = 1e-3
			up, err1 := l.Correlation(m, c+h)
			down, err2 := l.Correlation(m, c-h)
			slope, err3 := l.CorrelationSlope(m, c)
			if err1 != nil || err2 != nil || err3 != nil || !near(slope, (up-down)/(2*h), 1e-5, 0) || math.Abs(up) > 1 {
				t.Errorf("%s at %v: slope %v, map from %v to %v; %v, %v, %v", name, c, slope, down, up, err1, err2, err3)
			}
		}
		same, err := l.Correlation(m, 1)
		if (same == 1) != (l.Dropout == theory.Dropout{}) || same > 1 || err != nil {
			t.Errorf("%s: equal rows get the correlation %v, %v", name, same, err)
		}
		next, err := l.Map(m)
		if err != nil {
			t.Fatal(err)
		}
		chi, err := l.CorrelationSlope(m, 1)
		growth, err2 := l.Growth(m)
		want := growth * m.Variance / next.Variance * l.Dropout.Covariance() / l.Dropout.Gradient()
		if err != nil || err2 != nil || !near(chi, want, 1e-12, 0) {
			t.Errorf("%s: chi %v, want %v; %v, %v", name, chi, want, err, err2)
		}
		g, err := l.GradientCorrelation(m, 1)
		if err != nil || !near(g, 1-l.Dropout.Rate, 1e-13, 0) {
			t.Errorf("%s: the gradients of equal rows keep %v, %v", name, g, err)
		}
	}
}

// The limits of SELU, whose rows are forgotten, of ReLU, whose rows become alike, and of both with dropout.
func TestCorrelationFixedPoint(t *testing.T) {
	for name, l := range sharedLayers(t) {
		if name == "unit" {
			l.Omega, l.Tau = 0, 1
		}
		m := theory.Normalized
		if name == "ordinary dropout" {
			l.Tau = 2 * (1 - l.Dropout.Rate) // keeps the second moment
			f, err := l.FixedPoint(m)
			if err != nil {
				t.Fatal(err)
			}
			m = f.Moments
		}
		f, err := l.CorrelationFixedPoint(m)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err1 := l.Correlation(m, f.Correlation)
		rate, err2 := l.CorrelationSlope(m, f.Correlation)
		if err1 != nil || err2 != nil || !near(again, f.Correlation, 1e-11, 1e-13) || !near(rate, f.Rate, 1e-9, 0) || !(f.Rate < 1) {
			t.Errorf("%s: %+v becomes %v, with the slope %v; %v, %v", name, f, again, rate, err1, err2)
		}
		c := 0.9 // the layers lead there
		for range 2000 {
			if c, err = l.Correlation(m, c); err != nil {
				t.Fatal(err)
			}
			if c < 1e-9 || math.Abs(c-f.Correlation) < 1e-9 {
				break
			}
		}
		if !near(c, f.Correlation, 0, 2e-9) {
			t.Errorf("%s: %+v, but rows reach the correlation %v", name, f, c)
		}
	}
	selu := theory.Layer{Weights: theory.LeCun, Pooled: true}
	s, err := theory.SELU.Slopes(theory.Normalized)
	if err != nil {
		t.Fatal(err)
	}
	f, err := selu.CorrelationFixedPoint(theory.Normalized)
	if err != nil || math.Abs(f.Correlation) > 1e-14 || !near(f.Rate, s.Mean*s.Mean, 1e-12, 0) || !near(f.Chi, s.Second, 1e-12, 0) || !near(f.Depth(), -1/math.Log(f.Rate), 1e-12, 0) {
		t.Errorf("SELU: %+v, %v", f, err)
	}
	relu := theory.Layer{Activation: theory.ReLU, Weights: theory.He, Pooled: true}
	at, err := relu.FixedPoint(theory.Normalized)
	if err != nil {
		t.Fatal(err)
	}
	if f, err = relu.CorrelationFixedPoint(at.Moments); err != nil || f.Correlation != 1 || !math.IsInf(f.Depth(), 1) {
		t.Errorf("ReLU: %+v, %v", f, err)
	}
	if _, err := selu.CorrelationFixedPoint(theory.Moments{Mean: 0.5, Variance: 2}); !errors.Is(err, theory.ErrNoFixedPoint) {
		t.Errorf("where moments are not kept: %v", err)
	}
}

// The correlation of ReLU has a formula (Cho and Saul 2009): the mean product of two rows of angle a, relative to that of equal ones, is
// (sin a + (pi - a) cos a)/pi.
func TestArcCosineKernel(t *testing.T) {
	for _, c := range []float64{-0.9, -0.2, 0.5, 0.99} {
		a := math.Acos(c)
		got, err := theory.ProductMean(theory.ReLU, theory.Moments{Variance: 2}, c)
		if want := (math.Sin(a) + (math.Pi-a)*c) / math.Pi; err != nil || !near(got, want, 1e-12, 0) {
			t.Errorf("correlation %v: %v, want %v, %v", c, got, want, err)
		}
		slopes, err := theory.SlopeProductMean(theory.ReLU, theory.Moments{Variance: 2}, c)
		if want := (math.Pi - a) / (2 * math.Pi); err != nil || !near(slopes, want, 1e-12, 0) {
			t.Errorf("correlation %v: slopes %v, want %v, %v", c, slopes, want, err)
		}
	}
}
