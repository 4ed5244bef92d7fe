package theory_test

import (
	"context"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// Absurd rows, layers and networks give an error or finite numbers.
func TestNoPanicsOfGradients(t *testing.T) {
	moments := append(absurdMoments()[17:22], theory.Normalized, theory.Moments{Mean: 1e200, Variance: 1e200}, theory.Moments{Variance: 1e-300})
	check := func(what any, err error, xs ...float64) {
		t.Helper()
		if err == nil && !isFinite(xs...) {
			t.Errorf("%+v: %v", what, xs)
		}
	}
	for i, activation := range activations() {
		if _, ours := activation.(broken); ours {
			continue
		}
		f, _ := activation.(theory.Differentiable)
		for k, m := range moments {
			c := append(absurd, 0.5, -1, 1)[(i+k)%(len(absurd)+3)]
			product, err := theory.ProductMean(activation, m, c)
			check(activation, err, product)
			covariance, err := theory.Covariance(activation, m, c)
			check(activation, err, covariance)
			slopes, err := theory.SlopeProductMean(f, m, c)
			check(activation, err, slopes)
			l := theory.Layer{Activation: activation, Weights: theory.Weights{Omega: 0, Tau: absurd[k%7]}, Pooled: k%2 == 0, Dropout: theory.Dropout{Rate: absurd[i%len(absurd)], Scale: c}}
			growth, err := l.Growth(m)
			check(l, err, growth)
			next, err := l.Correlation(m, c)
			check(l, err, next)
			slope, err := l.CorrelationSlope(m, c)
			check(l, err, slope)
			gradient, err := l.GradientCorrelation(m, c)
			check(l, err, gradient)
			fixed, err := l.CorrelationFixedPoint(m)
			check(l, err, fixed.Correlation, fixed.Rate)
			_ = fixed.Depth()
			n := theory.Network{Inputs: k - 1, Layers: []theory.NetworkLayer{{Layer: l, Units: k - 2}, {Layer: l}}}
			signals, err := n.Signals(m)
			for _, s := range signals {
				check(n, err, s.Gradient, s.PreGradient, s.OutputGradient, s.WeightGradient)
			}
			rows, err := n.Rows(m, c)
			for _, r := range rows {
				check(n, err, r.Correlation, r.Gradient)
			}
		}
	}
}

// So do absurd slopes, noise and proofs.
func TestNoPanicsOfSlopes(t *testing.T) {
	if n := len(theory.Deep(theory.Layer{}, math.MaxInt).Layers); n > 1<<16 {
		t.Errorf("a network of %d layers", n)
	}
	if len(theory.Deep(theory.Layer{}, -1).Layers) != 0 {
		t.Error("a network of -1 layers has some")
	}
	var empty theory.Network
	if all, err := empty.Signals(theory.Normalized); err != nil || len(all) != 1 {
		t.Errorf("a network without layers: %v, %v", all, err)
	}
	for _, slope := range []func(float64) float64{nil, math.Sqrt, math.Exp, func(float64) float64 { return math.NaN() }, func(x float64) float64 { return 1e200 * x }} {
		f := theory.Function{F: math.Tanh, Slope: slope, Kinks: absurd[:2]}
		for _, m := range absurdMoments() {
			if s, err := f.Slopes(m); err == nil && !isFinite(s.Mean, s.Second) {
				t.Errorf("slopes %+v at %+v", s, m)
			}
		}
	}
	for _, x := range absurd {
		for _, m := range absurdMoments() {
			if d, err := theory.SELU.Dropout(x, m); err == nil && !isFinite(d.Scale, d.Shift, d.Dropped) {
				t.Errorf("dropout %+v", d)
			}
			d := theory.Dropout{Rate: x, Scale: x, Shift: m.Mean, Dropped: m.Variance}
			_, _, _, _ = d.Map(m), d.Jacobian(m), d.Gradient(), d.Covariance()
		}
		if d, err := theory.InvertedDropout(x); err == nil && !(d.Rate >= 0 && d.Rate < 1) {
			t.Errorf("dropout %+v", d)
		}
		p := theory.Prover{Lambda: interval.Interval{Lo: x, Hi: -x}, Alpha: interval.Point(x)}
		all, err := p.Gradients(t.Context(), theory.Theorem1)
		for _, b := range all {
			if err == nil && !isFinite(b.Growth.Lo, b.Growth.Hi) {
				t.Errorf("%+v", b)
			}
		}
	}
	var noContext context.Context
	if _, err := (theory.Prover{}).Gradients(noContext, theory.Theorem1); err == nil {
		t.Error("a proof without a context")
	}
	if text := (theory.GradientBounds{}).String(); text == "" || (theory.GradientBounds{}).Over(math.MaxInt).Lo != 0 {
		t.Errorf("text %q", text)
	}
}
