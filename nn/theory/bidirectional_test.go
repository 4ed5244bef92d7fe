package theory_test

import (
	"errors"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/nn/theory"
)

func serlu(lambda, alpha float64) theory.Function {
	return theory.Function{Kinks: []float64{0}, F: func(x float64) float64 {
		if x > 0 {
			return lambda * x
		}
		return lambda * alpha * x * math.Exp(x)
	}}
}

func serluBranch(x float64) float64 { return x * math.Exp(x) }

// SERLU: the constants of Zhang and Li 2018 to their digits, and mean 0 and variance 1 as an attracting fixed point with LeCun weights.
func TestSERLU(t *testing.T) {
	p, err := theory.SolveBranch(serluBranch, theory.Normalized, theory.LeCun)
	if err != nil || !near(p.Lambda, 1.07862, 5e-6, 0) || !near(p.Alpha, 2.90427, 5e-6, 0) {
		t.Fatalf("%+v, %v", p, err)
	}
	// 50 digits; see ops/testdata/activations/values.py.
	if !near(p.Lambda, 1.0786182835772267059268666118459430502396473501567, 1e-14, 0) || !near(p.Alpha, 2.9042712333296918229218571276063625361021615111333, 1e-14, 0) {
		t.Errorf("%+v", p)
	}
	layer := theory.Layer{Activation: serlu(p.Lambda, p.Alpha), Weights: theory.LeCun}
	for _, start := range []theory.Moments{{Mean: 0.5, Variance: 1.5}, {Mean: -0.2, Variance: 0.7}} {
		f, err := layer.FixedPoint(start)
		if err != nil || !near(f.Mean, 0, 0, 1e-12) || !near(f.Variance, 1, 1e-12, 0) || !f.Attracting() {
			t.Errorf("from %+v: %+v, %v", start, f, err)
		}
		t.Logf("rate %v", f.Rate)
	}
}

// SolveBranch finds other fixed points too, refuses those that do not exist, and agrees with Solve on SELU's branch.
func TestSolveBranch(t *testing.T) {
	fixed := theory.Moments{Mean: 0.1, Variance: 2}
	p, err := theory.SolveBranch(serluBranch, fixed, theory.LeCun)
	if err != nil {
		t.Fatal(err)
	}
	m, err := theory.Layer{Activation: serlu(p.Lambda, p.Alpha), Weights: theory.LeCun}.Map(fixed)
	if err != nil || !near(m.Mean, fixed.Mean, 1e-12, 0) || !near(m.Variance, fixed.Variance, 1e-12, 0) {
		t.Errorf("%+v maps to %+v, %v", p, m, err)
	}
	a, errA := theory.Solve(fixed, theory.LeCun)
	b, errB := theory.SolveBranch(math.Expm1, fixed, theory.LeCun)
	if a != b || errA != nil || errB != nil {
		t.Errorf("%+v, %v and %+v, %v", a, errA, b, errB)
	}
	for name, branch := range map[string]func(float64) float64{"nil": nil, "positive": math.Abs, "zero": func(float64) float64 { return 0 }} {
		if _, err := theory.SolveBranch(branch, theory.Normalized, theory.LeCun); !errors.Is(err, theory.ErrDomain) {
			t.Errorf("branch %s: error %v, want ErrDomain", name, err)
		}
	}
	if _, err := theory.SolveBranch(func(float64) float64 { return math.NaN() }, theory.Normalized, theory.LeCun); err == nil {
		t.Error("a branch of NaN is accepted")
	}
}

// Lu et al. 2020: both mean squares are 1, and the moment map keeps the mean square of the activations.
func TestGaussPoincare(t *testing.T) {
	sech2 := func(x float64) float64 { return 1 / (math.Cosh(x) * math.Cosh(x)) }
	elu := func(x float64) float64 { return max(x, 0) + math.Expm1(min(x, 0)) }
	for name, c := range map[string]struct {
		f            theory.Function
		slope        func(float64) float64
		scale, shift float64 // to 50 digits for tanh; see ops/testdata/activations/values.py. The others are from the same formulas.
	}{
		"tanh": {theory.Function{F: math.Tanh}, sech2, 1.46741359163079514963804741562603444172122459, 0.388541670067127921839608575494751026324981471},
		"ReLU": {theory.Function{F: func(x float64) float64 { return max(x, 0) }, Kinks: []float64{0}}, func(x float64) float64 { return float64(b2i(x > 0)) }, math.Sqrt2, 0},
		"ELU":  {theory.Function{F: elu, Kinks: []float64{0}}, func(x float64) float64 { return math.Exp(min(x, 0)) }, 1.22342855755262088082836717356963352822392641, 0.0742203456816014538164503784806339401527140484},
	} {
		scale, shift, err := theory.GaussPoincare(c.f, c.slope)
		if err != nil || !near(scale, c.scale, 1e-13, 0) || !near(shift, c.shift, 1e-13, 1e-12) {
			t.Errorf("%s: %v and %v, %v", name, scale, shift, err)
			continue
		}
		normalized := theory.Function{F: func(x float64) float64 { return scale*c.f.F(x) + shift }, Kinks: c.f.Kinks}
		m, err := theory.Layer{Activation: normalized, Weights: theory.LeCun, Pooled: true}.FixedPoint(theory.Normalized)
		if err != nil && name == "tanh" || err == nil && !near(m.Mean*m.Mean+m.Variance, 1, 1e-10, 0) {
			t.Errorf("%s: the mean square settles at %v, %v", name, m.Mean*m.Mean+m.Variance, err)
		}
		t.Logf("%s: %+v", name, m)
		square := theory.Function{F: func(x float64) float64 { d := scale * c.slope(x); return d * d }, Kinks: c.f.Kinks}
		if s, err := square.Moments(theory.Normalized); err != nil || !near(s.Mean, 1, 1e-12, 0) {
			t.Errorf("%s: the mean square of the slope is %v, %v", name, s.Mean, err)
		}
	}
	line := theory.Function{F: func(x float64) float64 { return 3 * x }}
	if scale, shift, err := theory.GaussPoincare(line, func(float64) float64 { return 3 }); err != nil || !near(scale, 1./3, 1e-13, 0) || !near(shift, 0, 0, 1e-6) {
		t.Errorf("a line: %v and %v, %v", scale, shift, err)
	}
	for name, slope := range map[string]func(float64) float64{"nil": nil, "zero": func(float64) float64 { return 0 }, "too small": func(float64) float64 { return 0.1 }} {
		if _, _, err := theory.GaussPoincare(line, slope); !errors.Is(err, theory.ErrDomain) {
			t.Errorf("slope %s: error %v, want ErrDomain", name, err)
		}
	}
	if _, _, err := theory.GaussPoincare(theory.Function{}, sech2); !errors.Is(err, theory.ErrDomain) {
		t.Errorf("no function: error %v", err)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
