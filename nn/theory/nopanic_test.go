package theory_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
	"github.com/selfnorm/selfnorm/ops"
)

var absurd = []float64{0, -1, 1 << 60, -(1 << 60), 1e200, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN()}

// absurdMoments are pairs of absurd numbers.
func absurdMoments() (all []theory.Moments) {
	for _, mean := range absurd {
		for _, variance := range absurd {
			all = append(all, theory.Moments{Mean: mean, Variance: variance})
		}
	}
	return all
}

func isFinite(xs ...float64) bool {
	for _, x := range xs {
		if x-x != 0 {
			return false
		}
	}
	return true
}

// broken is an activation whose results make no sense.
type broken struct{ m theory.Moments }

func (b broken) Moments(theory.Moments) (theory.Moments, error) { return b.m, nil }
func (b broken) Jacobian(theory.Moments) (theory.Jacobian, error) {
	return theory.Jacobian{{b.m.Mean, b.m.Variance}, {b.m.Variance, b.m.Mean}}, nil
}

// activations of all kinds, most of them bad.
func activations() []theory.Activation {
	all := []theory.Activation{
		nil, (*theory.Params)(nil), (*theory.Function)(nil), theory.Params{}, theory.SELU, theory.ReLU, theory.Function{}, theory.Function{F: math.Tanh},
		theory.Function{F: math.Exp, Kinks: []float64{math.NaN()}}, theory.Function{F: math.Sqrt}, theory.Function{F: func(float64) float64 { return math.NaN() }},
		theory.Function{F: func(x float64) float64 { return x * x * x }, Kinks: absurd[:7]}, theory.Function{F: func(x float64) float64 { return math.Mod(1e9*x, 1) }},
	}
	for _, x := range absurd {
		all = append(all, theory.Params{Lambda: x, Alpha: 1}, theory.Params{Lambda: 1, Alpha: x}, broken{theory.Moments{Mean: x, Variance: x}})
	}
	return all
}

// Absurd moments and parameters give an error or finite results.
func TestNoPanicsOfMoments(t *testing.T) {
	moments := absurdMoments()
	for i, activation := range activations() {
		_, ours := activation.(broken)
		if p, ok := activation.(theory.Params); ok {
			for _, x := range absurd {
				p.At(x)
				for _, m := range moments {
					if a, b, err := p.AlphaDropout(x, m); err == nil && !isFinite(a, b) {
						t.Errorf("alpha dropout of %v at rate %v for %v: %v, %v", p, x, m, a, b)
					}
				}
			}
		}
		if f, ok := activation.(theory.Function); ok {
			_, err1 := f.Moments(theory.Normalized)
			_, err2 := f.Jacobian(theory.Normalized)
			if f.F == nil && (err1 == nil || err2 == nil) {
				t.Error("a function without F has moments")
			}
		}
		for k, m := range moments {
			l := theory.Layer{Activation: activation, Weights: theory.Weights{Omega: absurd[(i+k)%len(absurd)], Tau: absurd[k%7]}, Pooled: k%2 == 0}
			next, err := l.Map(m)
			if err == nil && !ours && !isFinite(next.Mean, next.Variance) {
				t.Errorf("%+v maps %v to %v", l, m, next)
			}
			j, err := l.Jacobian(m)
			if norm := j.Norm(); err == nil && !ours && isFinite(l.Omega*j[0][0], l.Tau) && norm < j.Radius()*(1-1e-12) {
				t.Errorf("Jacobian %v: norm %v, radius %v", j, norm, j.Radius())
			}
		}
	}
}

// A network of absurdly many or odd layers ends, with an error or a fixed point.
func TestNoPanicsOfLayers(t *testing.T) {
	for _, layers := range []int{-1, math.MinInt, math.MaxInt / 8, math.MaxInt} {
		if _, err := (theory.Layer{Weights: theory.LeCun}).Iterate(theory.Normalized, layers); !errors.Is(err, theory.ErrDomain) {
			t.Errorf("%d layers: %v", layers, err)
		}
	}
	for _, activation := range activations() {
		for _, w := range []theory.Weights{{}, theory.LeCun, {Omega: math.MaxInt / 8, Tau: math.MaxInt / 8}, {Omega: math.NaN()}} {
			l := theory.Layer{Activation: activation, Weights: w}
			if _, ours := activation.(broken); !ours {
				if all, err := l.Iterate(theory.Moments{Mean: 0.1, Variance: 1.1}, 20); err == nil && (len(all) != 21 || !isFinite(all[20].Mean, all[20].Variance)) {
					t.Errorf("%+v iterates to %v", l, all)
				}
			}
			f, err := l.FixedPoint(theory.Moments{Mean: 0.1, Variance: 1.1})
			if err == nil && (!isFinite(f.Mean, f.Variance) || f.Attracting() != (f.LayersPerDigit() < math.Inf(1))) {
				t.Errorf("%+v has the fixed point %+v", l, f)
			}
		}
	}
	for _, m := range absurdMoments() {
		for _, tau := range absurd {
			if p, err := theory.Solve(m, theory.Weights{Tau: tau}); err == nil && !(isFinite(p.Lambda, p.Alpha) && p.Lambda > 0) {
				t.Errorf("%v is a fixed point of %v", m, p)
			}
			if p, err := theory.SolveBranch(serluBranch, m, theory.Weights{Tau: tau}); err == nil && !(isFinite(p.Lambda, p.Alpha) && p.Lambda > 0) {
				t.Errorf("%v is a fixed point of the branch of SERLU with %v", m, p)
			}
		}
		theory.FixedPoint{Moments: m, Rate: m.Mean}.LayersPerDigit()
	}
}

// Absurd functions and slopes give an error or finite numbers.
func TestNoPanicsOfGaussPoincare(t *testing.T) {
	for _, a := range activations() {
		f, ok := a.(theory.Function)
		if !ok {
			continue
		}
		for _, slope := range []func(float64) float64{nil, math.Exp, math.Sqrt, f.F, func(float64) float64 { return math.Inf(1) }, func(x float64) float64 { return 1e200 * x }} {
			if scale, shift, err := theory.GaussPoincare(f, slope); err == nil && !isFinite(scale, shift) {
				t.Errorf("scale %v and shift %v", scale, shift)
			}
		}
	}
}

// The norm and the radius of a Jacobian neither overflow nor vanish before its elements do.
func TestJacobianOfAnySize(t *testing.T) {
	for _, x := range []float64{1e-300, 1e-150, 1, 1e150, 1e300} {
		j := theory.Jacobian{{x, 0}, {0, -x}}
		if norm, radius := j.Norm(), j.Radius(); math.Abs(norm/x-1) > 1e-15 || math.Abs(radius/x-1) > 1e-15 {
			t.Errorf("%v: norm %v, radius %v", j, norm, radius)
		}
	}
}

// Iterating on from a fixed point repeats it.
func TestManyLayers(t *testing.T) {
	l := theory.Layer{Activation: theory.ReLU, Weights: theory.LeCun}
	all, err := l.Iterate(theory.Normalized, 1<<16)
	if err != nil || len(all) != 1<<16+1 {
		t.Fatalf("%d moments, error %v", len(all), err)
	}
	for i, m := range all[1:] {
		if want, err := l.Map(all[i]); err != nil || m != want {
			t.Fatalf("layer %d has %v, want %v (%v)", i+1, m, want, err)
		}
	}
}

// Proofs refuse what they cannot use, and give up on parameters that lead nowhere.
func TestNoPanicsOfProofs(t *testing.T) {
	var noContext context.Context
	if _, err := (theory.Prover{}).Prove(noContext, theory.Theorem1); err == nil {
		t.Error("a proof without a context")
	}
	for _, theorem := range []theory.Theorem{0, -1, 4, math.MaxInt / 8} {
		if _, err := theory.Prove(theorem); err == nil {
			t.Errorf("%v is proven", theorem)
		}
	}
	for _, x := range absurd {
		for _, p := range []theory.Prover{
			{Lambda: interval.Point(x), AllVariables: true, Workers: math.MaxInt / 8}, {Alpha: interval.Point(x), Workers: -1}, {Lambda: interval.Interval{Lo: x, Hi: -x}},
			{Lambda: interval.Interval{Lo: x, Hi: math.MaxInt / 8}},
		} {
			if p.Lambda == (interval.Interval{}) && p.Alpha == (interval.Interval{}) {
				continue // the paper's
			}
			if c, err := p.Prove(t.Context(), theory.Theorem2); err == nil && !(math.Abs(x) <= 1 && c.Margin > 0) { // of a small SELU the theorem is true
				t.Errorf("%+v: %v", p, c)
			}
		}
	}
	var none *theory.ProofError
	for _, text := range []string{none.Error(), (&theory.ProofError{}).Error(), theory.Certificate{Claims: make([]theory.Claim, 1)}.String(), theory.Claim{Failure: none}.String(),
		theory.Box{Mu: interval.Interval{Lo: math.NaN()}}.String(), theory.Theorem(math.MaxInt / 8).String()} {
		if strings.TrimSpace(text) == "" || strings.Contains(text, "PANIC") {
			t.Errorf("text %q", text)
		}
	}
}

// Judging absurd functions with absurd options gives an error or a verdict.
func TestNoPanicsOfVerdicts(t *testing.T) {
	functions := []func(float64) float64{nil, math.Sqrt, math.Exp, math.Sin, func(float64) float64 { return math.NaN() }, func(float64) float64 { return math.Inf(1) },
		func(float64) float64 { return 0 }, func(x float64) float64 { return 1e-200 * x }, func(x float64) float64 { return 1e200 * math.Tanh(x) }, math.Floor}
	var options []theory.Options
	for _, x := range absurd {
		options = append(options, theory.Options{Target: theory.Moments{Mean: x, Variance: 1}}, theory.Options{Target: theory.Moments{Variance: x}}, theory.Options{Weights: theory.Weights{Omega: x, Tau: 1}},
			theory.Options{Weights: theory.Weights{Tau: x}}, theory.Options{Kinks: []float64{x}}, theory.Options{Starts: []theory.Moments{{Mean: x, Variance: x}}})
	}
	options = append(options, theory.Options{Layers: -1}, theory.Options{Layers: math.MaxInt}, theory.Options{Starts: make([]theory.Moments, 1<<16)})
	for i, o := range options {
		if o.Layers == 0 {
			o.Layers = 2
		}
		if o.Starts == nil {
			o.Starts = []theory.Moments{{Mean: 0.1, Variance: 2}}
		}
		f, slope := functions[i%len(functions)], functions[(i/3)%len(functions)]
		if i%2 == 0 {
			slope = nil
		}
		v, err := theory.Judge(f, slope, o)
		checkVerdict(t, v, err)
		r, err := theory.Normalize(f, nil, o)
		if checkVerdict(t, r.Verdict, err); err == nil && !isFinite(r.A, r.B, r.C) {
			t.Errorf("%+v: %v", o, r)
		}
	}
	for _, op := range []*ops.Elementwise{nil, {}, {F: math.Sin}, {Fast64: &ops.Loops[float64]{}}} {
		_, err1 := theory.JudgeOp(op, theory.Options{})
		if _, _, err2 := theory.NormalizeOp(op, theory.Options{}); err1 == nil || err2 == nil {
			t.Errorf("%+v: %v, %v", op, err1, err2)
		}
	}
	_, _ = theory.Verdict{}.String(), theory.Rescaled{B: math.NaN()}.String()
}

// checkVerdict checks that there is an error or a verdict whose words agree with it.
func checkVerdict(t *testing.T, v theory.Verdict, err error) {
	t.Helper()
	if err == nil && (v.Reason == "" || v.SelfNormalizing != strings.HasPrefix(v.String(), "self-normalizing")) || v.SelfNormalizing && !v.HasFixed {
		t.Errorf("%+v", v)
	}
}
