package theory_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/nn/theory"
)

// shape is an activation with its slope and kinks.
type shape struct {
	f, slope func(x float64) float64
	kinks    []float64
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
func normal(x float64) float64  { return math.Erfc(-x/math.Sqrt2) / 2 }
func density(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
func positive(x float64) float64 {
	if x > 0 {
		return 1
	}
	return 0
}

// shapes are activations with right slopes.
var shapes = map[string]shape{
	"SELU": {theory.SELU.At, func(x float64) float64 {
		if x > 0 {
			return theory.SELU.Lambda
		}
		return theory.SELU.Lambda * theory.SELU.Alpha * math.Exp(x)
	}, []float64{0}},
	"ReLU":           {func(x float64) float64 { return max(x, 0) }, positive, []float64{0}},
	"ReLU, no kinks": {func(x float64) float64 { return max(x, 0) }, positive, nil},
	"tanh":           {math.Tanh, func(x float64) float64 { return 1 / (math.Cosh(x) * math.Cosh(x)) }, nil},
	"asinh":          {math.Asinh, func(x float64) float64 { return 1 / math.Sqrt(1+x*x) }, nil},
	"GELU":           {func(x float64) float64 { return x * normal(x) }, func(x float64) float64 { return normal(x) + x*density(x) }, nil},
	"softplus":       {func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }, sigmoid, nil},
	"sine":           {math.Sin, math.Cos, nil},
	"identity":       {func(x float64) float64 { return x }, func(float64) float64 { return 1 }, nil},
	"step":           {positive, func(float64) float64 { return 0 }, []float64{0}},
	"square":         {func(x float64) float64 { return x * x }, func(x float64) float64 { return 2 * x }, nil},
}

func (s shape) judge(t *testing.T, o theory.Options) theory.Verdict {
	t.Helper()
	o.Kinks = s.kinks
	v, err := theory.Judge(s.f, s.slope, o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// SELU normalizes itself, with the rate and the growth of the reference values.
func TestJudgeSELU(t *testing.T) {
	v := shapes["SELU"].judge(t, theory.Options{})
	r := table(t, "theory/moment_map.csv")[0]
	f := v.Fixed[0]
	if !v.SelfNormalizing || len(v.Fixed) != 1 || math.Abs(f.Mean) > 1e-13 || math.Abs(f.Variance-1) > 1e-13 || !near(f.Rate, r["j22"], 1e-12, 0) {
		t.Errorf("%+v", v)
	}
	if len(v.Path) != 33 || len(v.Journeys) != 25 || !near(v.TotalGrowth, math.Pow(v.Growth, 32), 1e-10, 0) {
		t.Errorf("%d moments, %d journeys, growth %v and %v", len(v.Path), len(v.Journeys), v.Growth, v.TotalGrowth)
	}
	want := "self-normalizing: (0.00, 1.00) attracts with rate 0.78 per layer; the variance of gradients grows 1.07-fold per layer (9.14 over 32 layers)"
	if v.String() != want {
		t.Errorf("%s", v)
	}
	if v := (shape{theory.SELU.At, nil, []float64{0}}).judge(t, theory.Options{}); !v.SelfNormalizing || strings.Contains(v.Reason, "gradient") || !math.IsNaN(v.Growth) {
		t.Errorf("without a slope: %v", v)
	}
}

// The growth of gradients is tau times the second moment of the slope.
func TestGradientGrowth(t *testing.T) {
	for _, r := range table(t, "theory/slope_moments.csv") {
		const omega = 1000 // so that z has any mean while that of the input is small
		mean := r["mean_z"] / omega
		o := theory.Options{Layers: 1, Weights: theory.Weights{Omega: omega, Tau: 2}, Target: theory.Moments{Mean: mean, Variance: r["variance_z"]/2 - mean*mean}, Starts: []theory.Moments{}}
		v := shapes["SELU"].judge(t, o)
		if !near(v.TotalGrowth, 2*r["slope_second_moment"], 1e-11, 0) {
			t.Errorf("%v: %v", r, v.TotalGrowth)
		}
	}
}

// Other activations, with LeCun weights and with He weights, as they are known.
func TestJudgeOthers(t *testing.T) {
	for name, want := range map[string]string{
		"ReLU":     "not self-normalizing: mean and variance shrink to (0.00, 0.00), by the factor 0.71 per layer",
		"GELU":     "not self-normalizing: mean and variance shrink to (0.00, 0.00), by the factor 0.25 per layer",
		"tanh":     "not self-normalizing: the variance keeps falling: 0.0161 after 32 layers",
		"softplus": "not self-normalizing at (0.00, 1.00): (0.79, 0.23) attracts with rate 0.45 per layer",
		"identity": "not self-normalizing: (0.00, 1.00) is kept but does not attract; gradients keep their variance",
		"step":     "not self-normalizing at (0.00, 1.00): (0.50, 0.25) attracts with rate 0.00 per layer; gradients vanish",
		"square":   "not self-normalizing: mean and variance grow without bound",
	} {
		if v := shapes[name].judge(t, theory.Options{}); v.SelfNormalizing || !strings.HasPrefix(v.Reason, want) {
			t.Errorf("%s: %s", name, v)
		}
	}
	if v := shapes["ReLU"].judge(t, theory.Options{Weights: theory.He}); v.SelfNormalizing || !near(v.Growth, 1, 1e-12, 0) || !strings.Contains(v.Reason, "does not attract") {
		t.Errorf("ReLU, He: %s, growth %v", v, v.Growth)
	}
	exp := shape{math.Exp, math.Exp, nil}.judge(t, theory.Options{})
	if exp.SelfNormalizing || exp.HasFixed || exp.PathErr == nil || !strings.Contains(exp.Reason, "no moments") {
		t.Errorf("exp: %s", exp)
	}
}

// Mean, variance and growth are those of samples, to 4 standard errors.
func TestJudgeMonteCarlo(t *testing.T) {
	const n = 200_000
	r := rand.New(rand.NewPCG(1, 2))
	for name, s := range shapes {
		v := s.judge(t, theory.Options{Layers: 1})
		var sum, square, fourth, slope, slope2 float64
		for range n {
			z := r.NormFloat64()
			d := s.f(z) - v.Path[1].Mean
			g := s.slope(z) * s.slope(z)
			sum, square, fourth, slope, slope2 = sum+d/n, square+d*d/n, fourth+d*d*d*d/n, slope+g/n, slope2+g*g/n
		}
		check := func(what string, got, want, variance float64) {
			if !(math.Abs(got-want) <= 4*math.Sqrt(math.Max(0, variance)/n)+1e-10) {
				t.Errorf("%s: %s %v, want %v", name, what, got, want)
			}
		}
		check("mean", sum, 0, square)
		check("variance", square, v.Path[1].Variance, fourth-square*square)
		check("growth", slope, v.TotalGrowth, slope2-slope*slope)
	}
}

// Slopes that are not those of the function are found, whatever is wrong with them.
func TestWrongSlopes(t *testing.T) {
	for name, s := range shapes {
		scaled := func(x float64) float64 { return 1.001 * s.slope(x) }
		left := func(x float64) float64 {
			if x > 0 {
				return s.slope(x)
			}
			return s.slope(x) + 0.01
		}
		narrow := func(x float64) float64 { return s.slope(x) + 0.3*math.Exp(-1e4*(x-0.04)*(x-0.04)) }
		for fault, wrong := range map[string]func(float64) float64{"0.1 % too large": scaled, "right for x > 0": left, "wrong at a point": narrow} {
			if name == "step" && fault == "0.1 % too large" {
				continue // 0 is 0
			}
			if _, err := theory.Judge(s.f, wrong, theory.Options{Kinks: s.kinks}); !errors.Is(err, theory.ErrSlope) {
				t.Errorf("%s, %s: %v", name, fault, err)
			}
		}
	}
	// A jump that is not listed.
	jump := func(x float64) float64 { return math.Tanh(x) + positive(x-0.05) }
	if _, err := theory.Judge(jump, shapes["tanh"].slope, theory.Options{}); !errors.Is(err, theory.ErrSlope) || !strings.Contains(err.Error(), "Kinks") {
		t.Errorf("a jump: %v", err)
	}
	if _, err := theory.Judge(jump, shapes["tanh"].slope, theory.Options{Kinks: []float64{0.05}}); err != nil {
		t.Errorf("a listed jump: %v", err)
	}
}

func TestJudgeErrors(t *testing.T) {
	for want, f := range map[string]func(x float64) float64{
		"not finite": math.Log, "too fast": func(x float64) float64 { return math.Exp(x * x) }, "without F": nil,
		"rough": func(x float64) float64 { return math.Mod(x*1e9*math.Pi, 1) },
	} {
		if _, err := theory.Judge(f, nil, theory.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := theory.Judge(math.Tanh, func(float64) float64 { return math.NaN() }, theory.Options{}); err == nil || !strings.Contains(err.Error(), "slope") {
		t.Errorf("a slope of NaN: %v", err)
	}
	for _, o := range []theory.Options{{Layers: -1}, {Layers: math.MaxInt}, {Target: theory.Moments{Mean: 1}}, {Target: theory.Moments{Variance: -1}}, {Kinks: []float64{math.NaN()}},
		{Weights: theory.Weights{Omega: 1}}, {Weights: theory.Weights{Tau: -1}}, {Starts: []theory.Moments{{Variance: math.Inf(1)}}}} {
		if _, err := theory.Judge(math.Tanh, nil, o); !errors.Is(err, theory.ErrDomain) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
