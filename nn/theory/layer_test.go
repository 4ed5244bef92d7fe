package theory_test

import (
	"math"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn/theory"
	"pgregory.net/rapid"
)

func TestSpectralNorm(t *testing.T) {
	j, err := theory.Layer{Weights: theory.LeCun}.Jacobian(theory.Normalized)
	if err != nil || !near(j.Norm(), 0.78767336046571560206, 1e-13, 0) {
		t.Errorf("%v, %v", j.Norm(), err)
	}
}

// The spectral norm is the greatest stretching of a vector, and no eigenvalue is above it.
func TestNormAndRadius(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.Float64Range(-10, 10)
		j := theory.Jacobian{{e.Draw(t, "a"), e.Draw(t, "b")}, {e.Draw(t, "c"), e.Draw(t, "d")}}
		greatest := 0.0
		for i := range 2000 {
			s, c := math.Sincos(math.Pi * float64(i) / 2000)
			greatest = math.Max(greatest, math.Hypot(j[0][0]*c+j[0][1]*s, j[1][0]*c+j[1][1]*s))
		}
		if !near(j.Norm(), greatest, 1e-5, 1e-12) || j.Radius() > j.Norm()*(1+1e-12) {
			t.Errorf("%v: norm %v, radius %v, want the norm %v", j, j.Norm(), j.Radius(), greatest)
		}
	})
	for _, test := range []struct {
		j    theory.Jacobian
		want float64
	}{{theory.Jacobian{{2, 0}, {0, -3}}, 3}, {theory.Jacobian{{0, 1}, {-1, 0}}, 1}, {theory.Jacobian{{1, 5}, {0, 0.5}}, 1}} {
		if got := test.j.Radius(); !near(got, test.want, 1e-15, 0) {
			t.Errorf("radius of %v = %v, want %v", test.j, got, test.want)
		}
	}
}

// The Jacobian equals central differences, for given and for random weights.
func TestJacobianIsTheDerivative(t *testing.T) {
	for _, activation := range []theory.Activation{nil, theory.ReLU, theory.Function{F: math.Tanh}} {
		for _, pooled := range []bool{false, true} {
			layer := theory.Layer{Activation: activation, Weights: theory.Weights{Omega: 0.3, Tau: 1.2}, Pooled: pooled}
			at := theory.Moments{Mean: 0.4, Variance: 0.9}
			j, err := layer.Jacobian(at)
			if err != nil {
				t.Fatal(err)
			}
			const h = 1e-5
			for k, step := range []theory.Moments{{h, 0}, {0, h}} {
				up, err1 := layer.Map(theory.Moments{Mean: at.Mean + step.Mean, Variance: at.Variance + step.Variance})
				down, err2 := layer.Map(theory.Moments{Mean: at.Mean - step.Mean, Variance: at.Variance - step.Variance})
				if err1 != nil || err2 != nil {
					t.Fatal(err1, err2)
				}
				if d := (up.Mean - down.Mean) / (2 * h); !near(d, j[0][k], 0, 1e-8) {
					t.Errorf("%v pooled %v: d mean[%d] = %v, want %v", activation, pooled, k, j[0][k], d)
				}
				if d := (up.Variance - down.Variance) / (2 * h); !near(d, j[1][k], 0, 1e-8) {
					t.Errorf("%v pooled %v: d variance[%d] = %v, want %v", activation, pooled, k, j[1][k], d)
				}
			}
		}
	}
}

// Small deviations from the fixed point shrink as its radius predicts.
func TestRateOfConvergence(t *testing.T) {
	layer := theory.Layer{Weights: theory.Weights{Omega: 0.05, Tau: 1.05}}
	f, err := layer.FixedPoint(theory.Normalized)
	if err != nil {
		t.Fatal(err)
	}
	path, err := layer.Iterate(theory.Moments{Mean: f.Mean, Variance: f.Variance + 0.01}, 40)
	if err != nil {
		t.Fatal(err)
	}
	rate := (path[40].Variance - f.Variance) / (path[39].Variance - f.Variance)
	if !near(rate, f.Rate, 1e-4, 0) || !near(math.Pow(rate, f.LayersPerDigit()), 0.1, 1e-3, 0) {
		t.Errorf("deviations shrink by %v, want %v", rate, f.Rate)
	}
}

func TestFixedPoints(t *testing.T) {
	selu := theory.Function{F: theory.SELU.At, Kinks: []float64{0}}
	tests := map[string]struct {
		layer     theory.Layer
		want      theory.Moments
		attracts  bool
		tolerance float64
	}{
		"SELU":              {theory.Layer{Weights: theory.LeCun}, theory.Normalized, true, 1e-13},
		"SELU, quadrature":  {theory.Layer{Activation: selu, Weights: theory.LeCun}, theory.Normalized, true, 1e-13},
		"SELU, pooled":      {theory.Layer{Weights: theory.LeCun, Pooled: true}, theory.Normalized, true, 1e-13},
		"ReLU vanishes":     {theory.Layer{Activation: theory.ReLU, Weights: theory.LeCun}, theory.Moments{}, true, 0},
		"ReLU, He":          {theory.Layer{Activation: theory.ReLU, Weights: theory.He, Pooled: true}, theory.Moments{Mean: 1 / math.Sqrt(math.Pi), Variance: 1 - 1/math.Pi}, false, 1e-14},
		"no weights":        {theory.Layer{}, theory.Moments{}, true, 0},
		"constant function": {theory.Layer{Activation: theory.Function{F: func(float64) float64 { return 2 }}, Weights: theory.LeCun}, theory.Moments{Mean: 2}, true, 0},
	}
	for name, test := range tests {
		f, err := test.layer.FixedPoint(theory.Normalized)
		if err != nil || math.Abs(f.Mean-test.want.Mean) > test.tolerance || math.Abs(f.Variance-test.want.Variance) > test.tolerance || f.Attracting() != test.attracts {
			t.Errorf("%s: %+v, %v, want %+v", name, f, err, test.want)
		}
	}
}

// Where the variance vanishes the rate is that of the last layer: ReLU divides the second moment by 2, a function of slope 1/2 by 4.
func TestRateOfVanishing(t *testing.T) {
	half := theory.Function{F: func(x float64) float64 { return x / 2 }}
	for want, activation := range map[float64]theory.Activation{math.Sqrt(0.5): theory.ReLU, 0.25: half} {
		f, err := theory.Layer{Activation: activation, Weights: theory.LeCun, Pooled: true}.FixedPoint(theory.Normalized)
		if err != nil || f.Moments != (theory.Moments{}) || !near(f.Rate, want, 1e-9, 0) || !math.IsNaN(f.Jacobian.Norm()) {
			t.Errorf("%+v, %v, want rate %v", f, err, want)
		}
	}
}

// A fixed point of SELU is one, wherever the weights are in the domain of Theorem 1 and wherever the network starts.
func TestFixedPointIsFixed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layer := theory.Layer{Weights: theory.Weights{Omega: rapid.Float64Range(-0.1, 0.1).Draw(t, "omega"), Tau: rapid.Float64Range(0.95, 1.1).Draw(t, "tau")}}
		start := theory.Moments{Mean: rapid.Float64Range(-0.1, 0.1).Draw(t, "mu"), Variance: rapid.Float64Range(0.8, 1.5).Draw(t, "nu")}
		f, err := layer.FixedPoint(start)
		if err != nil {
			t.Fatal(err)
		}
		again, err := layer.Map(f.Moments)
		if err != nil || !near(again.Mean, f.Mean, 0, 1e-14) || !near(again.Variance, f.Variance, 0, 1e-14) || !f.Attracting() {
			t.Errorf("%+v is mapped to %+v, %v", f, again, err)
		}
		if f.Mean < -0.03106 || f.Mean > 0.06773 || f.Variance < 0.80009 || f.Variance > 1.48617 {
			t.Errorf("%+v is outside the bounds of Theorem 1", f)
		}
	})
}

func TestNoFixedPoint(t *testing.T) {
	for name, layer := range map[string]theory.Layer{
		"ReLU explodes":     {Activation: theory.ReLU, Weights: theory.Weights{Tau: 4}, Pooled: true},
		"tanh is too slow":  {Activation: theory.Function{F: math.Tanh}, Weights: theory.LeCun},
		"alternating means": {Activation: theory.Function{F: func(x float64) float64 { return -x }}, Weights: theory.Weights{Omega: 1, Tau: 1}},
	} {
		start := theory.Moments{Mean: 1, Variance: 1}
		if f, err := layer.FixedPoint(start); !errors.Is(err, theory.ErrNoFixedPoint) {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

func TestBadInput(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	lecun := theory.Layer{Weights: theory.LeCun}
	quadrature := theory.Layer{Activation: theory.Function{F: math.Tanh}, Weights: theory.LeCun}
	var bad []error
	for _, m := range []theory.Moments{{0, -1}, {nan, 1}, {0, nan}, {inf, 1}, {0, inf}} {
		for _, l := range []theory.Layer{lecun, quadrature} {
			_, err1 := l.Map(m)
			_, err2 := l.Jacobian(m)
			_, err3 := l.Iterate(m, 3)
			_, err4 := l.FixedPoint(m)
			_, err5 := l.Activation, error(nil)
			if l.Activation != nil {
				_, err5 = l.Activation.Moments(m)
			} else {
				_, err5 = theory.SELU.Moments(m)
			}
			bad = append(bad, err1, err2, err3, err4, err5)
		}
		_, err := theory.Solve(m, theory.LeCun)
		_, _, err6 := theory.SELU.AlphaDropout(0.1, m)
		bad = append(bad, err, err6)
	}
	add := func(_ any, err error) { bad = append(bad, err) }
	for _, w := range []theory.Weights{{0, -1}, {nan, 1}, {0, nan}} {
		add(theory.Layer{Weights: w}.Map(theory.Normalized))
		add(theory.Layer{Weights: w}.FixedPoint(theory.Normalized))
		add(theory.Solve(theory.Normalized, w))
	}
	add(lecun.Iterate(theory.Normalized, -1))
	add(lecun.Jacobian(theory.Moments{}))
	add(quadrature.Jacobian(theory.Moments{}))
	add(theory.Params{}.Moments(theory.Normalized))
	add(theory.Params{Lambda: 1, Alpha: nan}.Jacobian(theory.Normalized))
	add(theory.Function{}.Moments(theory.Normalized))
	add(theory.Function{F: math.Tanh, Kinks: []float64{nan}}.Moments(theory.Normalized))
	add(theory.Solve(theory.Moments{Mean: 2, Variance: 1}, theory.LeCun))
	add(theory.Solve(theory.Moments{Mean: -2, Variance: 1}, theory.LeCun))
	add(theory.Solve(theory.Normalized, theory.Weights{}))
	for i, err := range bad {
		if !errors.Is(err, theory.ErrDomain) || strings.Count(err.Error(), "theory: ") > 2 {
			t.Errorf("case %d: %v, want an ErrDomain", i, err)
		}
	}
}
