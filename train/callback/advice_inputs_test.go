package callback_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
)

// feature draws the values of a feature.
type feature func(r *rand.Rand) float64

func normal(r *rand.Rand) float64  { return r.NormFloat64() }
func skewed(r *rand.Rand) float64  { return r.ExpFloat64() }
func heavy(r *rand.Rand) float64   { return math.Exp(1.5 * r.NormFloat64()) }
func uniform(r *rand.Rand) float64 { return r.Float64() }
func constant(v float64) feature   { return func(*rand.Rand) float64 { return v } }
func rare(p, v float64) feature    { return either(p, v, 0) }
func indicator(p float64) feature  { return rare(p, 1) }
func signs(r *rand.Rand) float64   { return either(0.9, 1, -1)(r) }
func scaled(f feature, shift, by float64) feature {
	return func(r *rand.Rand) float64 { return shift + by*f(r) }
}

func either(p, v, w float64) feature {
	return func(r *rand.Rand) float64 {
		if r.Float64() < p {
			return v
		}
		return w
	}
}

// standardized are features of n rows with mean 0 and variance 1, or 0 if they are constant.
func standardized(r *rand.Rand, f feature, n int) []float64 {
	x := drawn(r, f, n)
	mean, square := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(n)
	}
	for _, v := range x {
		square += (v - mean) * (v - mean) / float64(n)
	}
	for i, v := range x {
		if x[i] = 0; square > 1e-20 {
			x[i] = (v - mean) / math.Sqrt(square)
		}
	}
	return x
}

func drawn(r *rand.Rand, f feature, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = f(r)
	}
	return x
}

// oneHot are the features of a column of categories.
func oneHot(r *rand.Rand, categories, n int) [][]float64 {
	out := make([][]float64, categories)
	for k := range out {
		out[k] = make([]float64, n)
	}
	for i := range n {
		out[r.IntN(categories)][i] = 1
	}
	return out
}

// inputWarnings trains a step or two on rows with these features and returns the warnings.
func inputWarnings(t *testing.T, columns [][]float64, first ...nn.Layer) []string {
	t.Helper()
	rows := len(columns[0])
	x := traintest.Matrix(rows, len(columns), func(i, j int) float64 { return columns[j][i] })
	y := traintest.Matrix(rows, 3, func(i, j int) float64 { return float64((i + j) % 2) })
	model := append(nn.Sequential(first), nn.Dense{Units: 16, Activation: ops.SELU}, nn.Dense{Units: 16, Activation: ops.SELU}, nn.Dense{Units: 3})
	return warnings(t, model, train.Matrix{X: x, Y: y}, 1, train.Config{Epochs: 1, Batch: 32, Optimizer: optim.SGD{Rate: 1e-30}})
}

// Scaled features give no warning, whatever their distributions, beside columns that need no scale.
func TestScaledInputsAreFine(t *testing.T) {
	for _, rows := range []int{20, 200, 700, 3000} {
		r := rand.New(rand.NewPCG(uint64(rows), 1))
		scale := func(features ...feature) (columns [][]float64) {
			for _, f := range features {
				columns = append(columns, standardized(r, f, rows))
			}
			return columns
		}
		some := func() [][]float64 { return scale(normal, skewed, heavy, uniform, indicator(0.01), constant(7)) }
		var many [][]float64
		for range 60 {
			many = append(many, some()...)
		}
		for name, columns := range map[string][][]float64{
			"numbers":               some(),
			"many":                  many,
			"a category":            append(some(), oneHot(r, 3, rows)...),
			"categories alone":      append(oneHot(r, 2, rows), oneHot(r, 90, rows)...),
			"two categories":        append(scale(normal), oneHot(r, 2, rows)...),
			"indicators of missing": append(some(), drawn(r, indicator(0.97), rows), drawn(r, indicator(0.02), rows)),
			"signs":                 append(some(), drawn(r, signs, rows), drawn(r, signs, rows), drawn(r, signs, rows)),
			"constants":             append(scale(normal), scale(slices.Repeat([]feature{constant(3)}, 40)...)...),
		} {
			if got := inputWarnings(t, columns); len(got) > 0 {
				t.Errorf("%d rows, %s: %q", rows, name, got)
			}
		}
	}
}

// A single feature that was not scaled, among twenty that were and codes, is named.
func TestUnscaledFeatureIsNamed(t *testing.T) {
	for _, rows := range []int{100, 400, 2000} {
		for name, f := range map[string]feature{
			"large":               scaled(normal, 0, 1e4),
			"positive":            scaled(uniform, 0, 1e4),
			"skewed":              scaled(skewed, 0, 1e4),
			"incomes":             scaled(heavy, 0, 1e4),
			"shifted":             scaled(normal, 100, 1),
			"years":               scaled(uniform, 1990, 30),
			"percentages":         scaled(uniform, 0, 100),
			"a code of large":     either(0.5, 300, 0),
			"constant":            constant(50),
			"large but rare":      rare(0.08, 99999),
			"five times too wide": scaled(normal, 0, 5),
		} {
			r := rand.New(rand.NewPCG(uint64(rows), 2))
			columns := oneHot(r, 4, rows)
			for range 20 {
				columns = append(columns, standardized(r, normal, rows))
			}
			columns = append(columns, drawn(r, f, rows))
			got := inputWarnings(t, columns)
			if len(got) != 1 || !strings.Contains(got[0], "not standardized") || !strings.Contains(got[0], "feature 24, ") {
				t.Errorf("%d rows, %s: %q, want a warning that names feature 24", rows, name, got)
			}
		}
	}
}

// With all rows seen, a feature whose differences are too small to matter is named too.
func TestTinyFeatureIsNamed(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	got := inputWarnings(t, [][]float64{standardized(r, normal, 300), drawn(r, scaled(normal, 0, 1e-4), 300), standardized(r, normal, 300)})
	if len(got) != 1 || !strings.Contains(got[0], "feature 1, ") {
		t.Errorf("%q", got)
	}
}

// Inputs that are all constant are called so, not unscaled.
func TestConstantInputs(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, v := range []float64{0, 1, 0.3} {
		got := inputWarnings(t, [][]float64{drawn(r, constant(v), 300), drawn(r, constant(v), 300)})
		if len(got) != 1 || !strings.Contains(got[0], "constant") {
			t.Errorf("all %g: %q", v, got)
		}
	}
}

// Many categories make small inputs, which are no fault of the training.
func TestManyCategories(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	columns := oneHot(r, 300, 2000)
	x := traintest.Matrix(2000, 300, func(i, j int) float64 { return columns[j][i] })
	y := traintest.Matrix(2000, 3, func(i, j int) float64 { return float64((i + j) % 2) })
	got := warnings(t, stack(nn.Dense{Units: 64, Activation: ops.SELU}), train.Matrix{X: x, Y: y}, 1, train.Config{Epochs: 3, Batch: 32, Optimizer: optim.SGD{Rate: 1e-4}})
	if len(got) > 0 {
		t.Errorf("%q", got)
	}
}

// A network whose first layer scales its inputs gets them as they are.
func TestInputsThatTheNetworkScales(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	columns := [][]float64{drawn(r, scaled(normal, 5, 100), 300), drawn(r, scaled(normal, 5, 100), 300), drawn(r, scaled(normal, 5, 100), 300)}
	for _, first := range []nn.Layer{nn.BatchNorm{}, nn.LayerNorm{}} {
		if got := inputWarnings(t, columns, first); len(got) > 0 {
			t.Errorf("%T: %q", first, got)
		}
	}
	if got := inputWarnings(t, columns, nn.Dropout{Rate: 0.2}); len(got) != 1 {
		t.Errorf("behind dropout: %q", got)
	}
}
