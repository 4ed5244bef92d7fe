package theory_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/ops/opstest"
)

// The target is a fixed point that attracts, also by the judgement of the rescaled function.
func TestNormalize(t *testing.T) {
	for target, names := range map[theory.Moments][]string{
		{}:                       {"SELU", "ReLU", "tanh", "asinh", "GELU", "sine"},
		{Mean: 0.2, Variance: 2}: {"SELU", "tanh"},
	} {
		for _, name := range names {
			s := shapes[name]
			r, err := theory.Normalize(s.f, s.slope, theory.Options{Kinks: s.kinks, Target: target})
			if err != nil {
				t.Errorf("%s, %v: %v", name, target, err)
				continue
			}
			rescaled := shape{func(x float64) float64 { return r.A*s.f(x+r.B) + r.C }, func(x float64) float64 { return r.A * s.slope(x+r.B) }, []float64{-r.B}}
			v := rescaled.judge(t, theory.Options{Target: target})
			if d := v.Fixed[0].Moments; !v.SelfNormalizing || !r.SelfNormalizing || !near(d.Mean, r.Options.Target.Mean, 0, 1e-12) || !near(d.Variance, r.Options.Target.Variance, 1e-12, 0) {
				t.Errorf("%s, %v: %v; judged again: %v", name, target, r, v)
			}
		}
	}
}

// Constants that are known in closed form, or published.
func TestNormalizeConstants(t *testing.T) {
	if r, err := theory.Normalize(theory.SELU.At, nil, theory.Options{Kinks: []float64{0}}); err != nil || !near(r.A, 1, 1e-13, 0) || r.B != 0 || r.C != 0 {
		t.Errorf("SELU: %v, %v", r, err)
	}
	// E tanh(z)^2 for a standard normal z.
	if r, err := theory.Normalize(math.Tanh, nil, theory.Options{}); err != nil || !near(1/(r.A*r.A), 0.3942944903978, 1e-11, 0) || r.C != 0 {
		t.Errorf("tanh: %v, %v", r, err)
	}
	// relu(z + 1): E = phi + Phi, E^2 = phi + 2 Phi at 1.
	mean, second := density(1)+normal(1), density(1)+2*normal(1)
	a := 1 / math.Sqrt(second-mean*mean)
	if r, err := theory.Normalize(shapes["ReLU"].f, nil, theory.Options{Kinks: []float64{0}}); err != nil || r.B != 1 || !near(r.A, a, 1e-12, 0) || !near(r.C, -a*mean, 1e-12, 0) {
		t.Errorf("ReLU: %v, %v, want %v and %v", r, err, a, -a*mean)
	}
}

func TestNotNormalizable(t *testing.T) {
	for name, s := range map[string]shape{
		"identity": shapes["identity"], "square": shapes["square"], "exp": {math.Exp, math.Exp, nil}, "softplus": shapes["softplus"],
		"constant": {func(float64) float64 { return 2 }, func(float64) float64 { return 0 }, nil},
	} {
		r, err := theory.Normalize(s.f, s.slope, theory.Options{})
		if !errors.Is(err, theory.ErrNotNormalizable) || r.SelfNormalizing {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
}

// The Gaussian-Poincaré normalized tanh keeps its own fixed point, and the variance of gradients.
func TestJudgeGaussPoincare(t *testing.T) {
	s := shapes["tanh"]
	scale, shift, err := theory.GaussPoincare(theory.Function{F: s.f}, s.slope)
	if err != nil {
		t.Fatal(err)
	}
	variance := 1 - shift*shift // E tanh(z) = 0
	v := shape{func(x float64) float64 { return scale*s.f(x) + shift }, func(x float64) float64 { return scale * s.slope(x) }, nil}.judge(t,
		theory.Options{Target: theory.Moments{Mean: shift, Variance: variance}})
	if !v.SelfNormalizing || !near(v.Growth, 1, 1e-12, 0) || !near(v.Fixed[0].Variance, variance, 1e-12, 0) || !strings.HasSuffix(v.Reason, "; gradients keep their variance") {
		t.Errorf("%s, growth %v", v, v.Growth)
	}
}

var asinh = ops.Elementwise{
	Name:  "Asinh",
	Attrs: []any{"base e"},
	F:     math.Asinh,
	Slope: func(x, y float64) float64 { return 1 / math.Cosh(y) },
}

// An op is judged as its functions are, or by its loops.
func TestJudgeOp(t *testing.T) {
	want := shapes["asinh"].judge(t, theory.Options{})
	if v, err := theory.JudgeOp(&asinh, theory.Options{}); err != nil || v.Reason != want.Reason || !near(v.TotalGrowth, want.TotalGrowth, 1e-10, 0) {
		t.Errorf("%v, %v, want %v", v, err, want)
	}
	loops := ops.Elementwise{Name: "Tanh", Fast64: &ops.Loops[float64]{F: kernel.Tanh[float64], Grad: kernel.TanhGrad[float64]}}
	want = shapes["tanh"].judge(t, theory.Options{Layers: 8})
	if v, err := theory.JudgeOp(&loops, theory.Options{Layers: 8}); err != nil || v.Reason != want.Reason || !near(v.TotalGrowth, want.TotalGrowth, 1e-10, 0) {
		t.Errorf("%v, %v, want %v", v, err, want)
	}
	wrong := asinh
	wrong.Slope = func(x, y float64) float64 { return math.Cosh(y) }
	if _, err := theory.JudgeOp(&wrong, theory.Options{}); !errors.Is(err, theory.ErrSlope) || !strings.HasPrefix(err.Error(), "Asinh: ") {
		t.Errorf("a wrong slope: %v", err)
	}
}

// The normalized op is an op like others, whose parameters are the constants.
func TestNormalizeOp(t *testing.T) {
	op, r, err := theory.NormalizeOp(&asinh, theory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if op.Name != "NormalizedAsinh" || len(op.Attrs) != 4 || op.Attrs[1] != r.A || op.Attrs[3] != r.C || len(asinh.Attrs) != 1 {
		t.Errorf("%s with %v, from %v", op.Name, op.Attrs, asinh.Attrs)
	}
	if v, err := theory.JudgeOp(op, theory.Options{}); err != nil || v.Reason != r.Reason || !v.SelfNormalizing {
		t.Errorf("%v, %v, want %v", v, err, r.Verdict)
	}
	opstest.Check(t, opstest.Case{Op: op.Apply})
	identity := ops.Elementwise{Name: "Identity", F: shapes["identity"].f, Slope: func(x, y float64) float64 { return 1 }}
	if op, _, err := theory.NormalizeOp(&identity, theory.Options{}); op != nil || !errors.Is(err, theory.ErrNotNormalizable) {
		t.Errorf("%v, %v", op, err)
	}
}
