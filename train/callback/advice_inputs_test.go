package callback_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
)

// column draws the values of a feature.
type column func(r *rand.Rand) float64

func normal(mean, sd float64) column {
	return func(r *rand.Rand) float64 { return mean + sd*r.NormFloat64() }
}

// indicator is 1 with probability p.
func indicator(p, zero, one float64) column {
	return func(r *rand.Rand) float64 {
		if r.Float64() < p {
			return one
		}
		return zero
	}
}

// standardizedIndicator is an indicator that was scaled to mean 0 and variance 1.
func standardizedIndicator(p float64) column {
	sd := math.Sqrt(p * (1 - p))
	return indicator(p, -p/sd, (1-p)/sd)
}

func constant(v float64) column { return func(*rand.Rand) float64 { return v } }

// many repeats a column.
func many(n int, c ...column) (all []column) {
	for range n {
		all = append(all, c...)
	}
	return all
}

func with(all []column, more ...column) []column { return append(slices.Clone(all), more...) }

// Only features that lack a scale give the warning, whatever stands beside them.
func TestInputsAreJudgedByColumn(t *testing.T) {
	scaled := many(20, normal(0, 1))
	log := func(r *rand.Rand) float64 {
		return (math.Exp(r.NormFloat64()) - math.Exp(0.5)) / math.Sqrt((math.E-1)*math.E)
	}
	tail := func(r *rand.Rand) float64 { // standardized by 10,000 rows, of which most never stand among the first
		return (math.Exp(3*r.NormFloat64()) - math.Exp(4.5)) / 1500
	}
	rare := func(r *rand.Rand) float64 {
		if r.Float64() < 0.01 {
			return 9.95
		}
		return -0.1005 + 0.01*r.NormFloat64()
	}
	wide := many(200, normal(0, 1))
	tests := []struct {
		name    string
		columns []column
		warn    bool
	}{
		{"standardized", scaled, false},
		{"one-hot columns beside", with(scaled, many(12, indicator(0.3, 0, 1))...), false},
		{"more one-hot columns than numbers", with(many(2, normal(0, 1)), many(30, indicator(0.4, 0, 1))...), false},
		{"one-hot columns alone", many(9, indicator(0.5, 0, 1)), false},
		{"indicators of missing values", with(scaled, many(20, indicator(0.01, 0, 1))...), false},
		{"signs", with(many(2, normal(0, 1)), many(6, indicator(0.9, -1, 1))...), false},
		{"constants", with(scaled, constant(0), constant(1), constant(0.5)), false},
		{"nothing but zeros", many(5, constant(0)), false},
		{"rare standardized indicators", many(40, standardizedIndicator(0.1), standardizedIndicator(0.01), standardizedIndicator(0.001)), false},
		{"long tails, standardized", many(10, log), false},
		{"very long tails, standardized", many(4, tail), false},
		{"one very long tail, standardized", many(1, tail), false},
		{"seldom large, standardized", many(3, rare), false},
		{"one column of a large scale", with(scaled, normal(0, 1e4)), true},
		{"one positive column of a large scale", with(scaled, func(r *rand.Rand) float64 { return 1e4 * math.Exp(2*r.NormFloat64()) }), true},
		{"one column of years", with(wide, normal(1990, 10)), true},
		{"one column of scale 5 among many", with(wide, normal(0, 5)), true},
		{"one shifted column among many", with(wide, normal(4, 0.5)), true},
		{"rare amounts among many", with(wide, indicator(0.02, 0, 1e6)), true},
		{"a large constant", with(wide, constant(1e4)), true},
		{"raw numbers beside one-hot columns", with(many(3, normal(60, 12)), many(30, indicator(0.1, 0, 1))...), true},
		{"small numbers beside one-hot columns", with(many(3, normal(0, 0.01)), many(30, indicator(0.3, 0, 1))...), true},
		{"pixels from 0 to 1", many(30, func(r *rand.Rand) float64 { return r.Float64() }), true},
		{"counts", many(10, func(r *rand.Rand) float64 { return float64(r.IntN(20)) }), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for seed := range uint64(4) {
				data := gaussian(1024, len(test.columns), 0, 1, seed)
				r := rand.New(rand.NewPCG(seed, 2))
				for i := range data.X.Float32s() {
					data.X.Float32s()[i] = float32(test.columns[i%len(test.columns)](r))
				}
				got := warnings(t, nn.Sequential{nn.Dense{Units: 16, Activation: ops.SELU}, nn.Dense{Units: 3}}, data, seed, train.Config{
					Epochs: 1, Batch: 64, Optimizer: optim.SGD{Rate: 1e-12},
				})
				got = slices.DeleteFunc(got, func(w string) bool { return !strings.HasPrefix(w, "the inputs are not standardized") })
				if test.warn != (len(got) > 0) {
					t.Errorf("seed %d: %q", seed, got)
				}
			}
		})
	}
}

// Weights that have been trained before may be anywhere: the advice is about how a training starts.
func TestNoFalseAlarmFromTrainedWeights(t *testing.T) {
	he := nn.Dense{Units: 24, Activation: ops.SELU, WeightInit: nn.HeNormal}
	net := traintest.Network(t, stack(he), 10, graphs.BCE, 1)
	for run, want := range []int{1, 0} {
		h := traintest.Fit(t, net, gaussian(128, 10, 0, 1, 1), train.Config{Epochs: 1, Batch: 64, Optimizer: optim.SGD{Rate: 1e-3}})
		if len(h.Warnings) != want {
			t.Errorf("run %d: %q, want %d", run, h.Warnings, want)
		}
	}
}
