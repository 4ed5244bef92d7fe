package callback_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
)

// gaussian returns rows of features shift + scale times a standard normal, and labels of 3 tasks that follow the first features.
func gaussian(rows, inputs int, shift, scale float64, seed uint64) train.Matrix {
	r := rand.New(rand.NewPCG(seed, 7))
	z := traintest.Matrix(rows, inputs, func(int, int) float64 { return r.NormFloat64() })
	x := z.Float32s()
	y := traintest.Matrix(rows, 3, func(i, j int) float64 {
		if j < inputs && x[i*inputs+j] > 0 {
			return 1
		}
		return 0
	})
	for i, v := range x {
		x[i] = float32(shift + scale*float64(v))
	}
	return train.Matrix{X: z, Y: y}
}

// warnings trains and returns the calls of Config.Warn, which must be the warnings of the history.
func warnings(t *testing.T, layer nn.Layer, data train.Data, seed uint64, c train.Config) []string {
	t.Helper()
	var told []string
	c.Seed, c.Warn = seed, func(w string) { told = append(told, w) }
	history := traintest.Fit(t, traintest.Network(t, layer, data.Inputs()[0].Width, graphs.BCE, seed), data, c)
	if strings.Join(told, "\n") != strings.Join(history.Warnings, "\n") {
		t.Errorf("told %q, in the history %q", told, history.Warnings)
	}
	return told
}

// A network as the paper wants it gives no warning, whatever its size and seed.
func TestNoFalseAlarm(t *testing.T) {
	type size struct{ layers, units, seeds, rows int }
	sizes := []size{{8, 1024, 1, 128}, {32, 256, 1, 256}}
	for _, layers := range []int{2, 8, 16, 32} {
		for _, units := range []int{16, 64} {
			sizes = append(sizes, size{layers, units, 6, 512})
		}
	}
	for _, s := range sizes {
		for seed := range uint64(s.seeds) {
			form := []graphs.WidthProfile{graphs.Rectangular, graphs.Conic}[seed%2]
			model := graphs.SNN{Layers: s.layers, Units: s.units, Profile: form, Outputs: 3, Dropout: 0.05 * float64(seed%3)}
			got := warnings(t, model, gaussian(s.rows, 10, 0, 1, seed), seed, train.Config{
				Epochs: 4, Batch: 64, Optimizer: optim.SGD{Rate: 0.01}, Callbacks: []train.Callback{&callback.Probes{Every: 5}},
			})
			if len(got) > 0 {
				t.Errorf("%+v, %v, seed %d: %q", s, form, seed, got)
			}
		}
	}
}

// Standardized features that are rarely different from 0 give no warning, though most batches hold nothing but zeros.
func TestNoFalseAlarmFromRareFeatures(t *testing.T) {
	const p, inputs = 0.01, 3
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 1))
		data := gaussian(1024, inputs, 0, 1, seed)
		x := data.X.Float32s()
		for i := range x {
			x[i] = float32(-p / math.Sqrt(p*(1-p)))
			if r.Float64() < p {
				x[i] += float32(1 / math.Sqrt(p*(1-p)))
			}
		}
		got := warnings(t, stack(nn.Dense{Units: 48, Activation: ops.SELU}), data, seed, train.Config{
			Epochs: 1, Batch: 32, Optimizer: optim.SGD{Rate: 1e-4}, Callbacks: []train.Callback{&callback.Probes{Every: 40}},
		})
		if len(got) > 0 {
			t.Errorf("seed %d: %q", seed, got)
		}
	}
}

// Batches of few rows and layers of few units, such as the last ones of a conic network with one output, are no reason for a warning.
func TestNoFalseAlarmFromFewNumbers(t *testing.T) {
	for _, batch := range []int{1, 3, 8} {
		for _, units := range []int{1, 2, 5, 9} {
			for seed := range uint64(6) {
				got := warnings(t, graphs.SNN{Layers: 8, Units: units, Outputs: 3}, gaussian(160, 10, 0, 1, seed), seed, train.Config{
					Epochs: 1, Batch: batch, Optimizer: optim.SGD{Rate: 1e-4}, Callbacks: []train.Callback{&callback.Probes{Every: 5}},
				})
				if len(got) > 0 {
					t.Errorf("batch %d, %d units, seed %d: %q", batch, units, seed, got)
				}
			}
		}
	}
}

// change is a callback that changes the parameters of that name after the first step.
type change struct {
	name string
	to   func(v float32) float32
}

func (c change) AfterStep(_ context.Context, s *train.State) error {
	if s.Step == 1 {
		values := s.Params.Get(c.name).Value.Float32s()
		for i, v := range values {
			values[i] = c.to(v)
		}
	}
	return nil
}

// A layer whose omega, tau, mean or variance leaves its domain is named, with the number that is out, once.
func TestWarningNamesTheLayerThatLeft(t *testing.T) {
	for _, test := range []struct {
		name string
		change
		want string
	}{
		{"tau above", change{"dense2.weight", func(v float32) float32 { return 1.6 * v }}, "tau = 2."},
		{"tau below", change{"dense2.weight", func(v float32) float32 { return 0.6 * v }}, "tau = 0.3"},
		{"omega", change{"dense2.weight", func(v float32) float32 { return v + 2./48 }}, "omega = 2"},
		{"mean", change{"dense2.bias", func(float32) float32 { return 4 }}, "mean 4"},
		{"variance", change{"dense2.bias", func(float32) float32 { return -8 }}, "e-06"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := warnings(t, stack(nn.Dense{Units: 48, Activation: ops.SELU}), gaussian(512, 20, 0, 1, 1), 1, train.Config{
				Epochs: 8, Batch: 64, Optimizer: optim.SGD{Rate: 1e-5}, Callbacks: []train.Callback{&callback.Probes{Every: 5}, test.change},
			})
			if len(got) != 1 || !strings.Contains(got[0], `layer "dense2"`) || !strings.Contains(got[0], "no longer normalizes itself") || !strings.Contains(got[0], test.want) {
				t.Errorf("warnings %q, want one that names dense2 and %q", got, test.want)
			}
		})
	}
}

// Values that are infinite while the loss is finite, because ReLU cuts them off, give one warning, for any network.
func TestWarningOfInfiniteValues(t *testing.T) {
	model := nn.Sequential{nn.Dense{Units: 8, Activation: ops.ReLU}, nn.Dense{Units: 8, Activation: ops.ReLU}, nn.Dense{Units: 3}}
	got := warnings(t, model, gaussian(256, 10, 0, 1, 1), 1, train.Config{Epochs: 8, Batch: 32, Optimizer: optim.SGD{Rate: 1e-5}, Callbacks: []train.Callback{
		&callback.Probes{Every: 5},
		change{"dense1.bias", func(float32) float32 { return 1e20 }},
		change{"dense2.weight", func(float32) float32 { return -1e20 }},
	}})
	if len(got) != 1 || !strings.Contains(got[0], `layer "dense2"`) || !strings.Contains(got[0], "no longer finite") {
		t.Errorf("warnings %q", got)
	}
}

// stack is a network of three hidden layers.
func stack(dense nn.Dense, between ...nn.Layer) nn.Sequential {
	var s nn.Sequential
	for range 3 {
		s = append(append(s, dense), between...)
	}
	return append(s, nn.Dense{Units: 3})
}

func TestWarnings(t *testing.T) {
	selu := nn.Dense{Units: 48, Activation: ops.SELU}
	with := func(init nn.Initializer) nn.Dense { d := selu; d.WeightInit = init; return d }
	relu := nn.Dense{Units: 48, Activation: ops.ReLU, WeightInit: nn.HeNormal}
	good := gaussian(512, 20, 0, 1, 1)
	type want = []string // parts of the only warning; none means no warning
	tests := []struct {
		name  string
		model nn.Layer
		data  train.Data
		rate  float64
		want  want
	}{
		{"correct", stack(selu), good, 0, nil},
		{"correct, truncated", stack(with(nn.LeCunNormalTruncated)), good, 0, nil},
		{"correct, alpha dropout", stack(selu, nn.AlphaDropout{Rate: 0.2}), good, 0, nil},
		{"correct, dropout of the inputs", append(nn.Sequential{nn.Dropout{Rate: 0.4}}, stack(selu)...), good, 0, nil},
		{"He", stack(with(nn.HeNormal)), good, 0, want{`"dense1" (and 2 more)`, "He", "LeCunNormal"}},
		{"Glorot", stack(with(nn.GlorotUniform)), good, 0, want{`"dense1"`, "Glorot", "LeCunNormal"}},
		{"constant", stack(with(nn.Constant(1))), good, 0, want{"omega = 20", "LeCunNormal"}},
		{"dropout", stack(selu, nn.Dropout{Rate: 0.5}), good, 0, want{`"dropout1", rate 0.5`, "AlphaDropout"}},
		{"dropout by a pointer", stack(selu, &nn.Dropout{Rate: 0.5}), good, 0, want{"rate 0.5", "AlphaDropout"}},
		{"dropout behind alpha dropout", stack(selu, nn.AlphaDropout{Rate: 0.1}, nn.Dropout{Rate: 0.1}), good, 0, want{"rate 0.1", "AlphaDropout"}},
		{"alpha rate", stack(selu, nn.AlphaDropout{Rate: 0.3}), good, 0, want{"rate of 0.3", "0.05 to 0.1"}},
		{"alpha rate, SELU apart", stack(nn.Dense{Units: 48}, nn.Func(ops.SELU), nn.AlphaDropout{Rate: 0.3}), good, 0, want{"rate of 0.3"}},
		{"shifted inputs", stack(selu), gaussian(512, 20, 0.5, 1, 1), 0, want{"not standardized", "mean 0.4", "FitScaler"}},
		{"large inputs", stack(selu), gaussian(512, 20, 0, 3, 1), 0, want{"not standardized", "variance 9", "FitScaler"}},
		{"small inputs", stack(selu), gaussian(512, 20, 0, 0.1, 1), 0, want{"not standardized", "variance 0.01", "FitScaler"}},
		{"few rows", stack(selu), gaussian(20, 20, 0, 10, 1), 0, want{"not standardized"}},
		{"high learning rate", stack(selu), good, 0.1, want{"no longer normalizes itself", "learning rate"}},
		{"ReLU", stack(relu, nn.Dropout{Rate: 0.5}), gaussian(512, 20, 50, 10, 1), 0, nil},
		{"batch normalization", stack(nn.Dense{Units: 48, WeightInit: nn.HeNormal}, nn.BatchNorm{}, nn.Func(ops.SELU), nn.Dropout{Rate: 0.5}), gaussian(512, 20, 50, 10, 1), 0, nil},
		{"SELU behind the only affine map", nn.Sequential{nn.Dense{Units: 3, Activation: ops.SELU, WeightInit: nn.HeNormal}}, gaussian(512, 20, 50, 10, 1), 0, nil},
	}
	for _, test := range tests {
		// With probes and with what Fit does by itself.
		for _, callbacks := range [][]train.Callback{{&callback.Probes{}}, nil} {
			t.Run(fmt.Sprintf("%s/probes=%t", test.name, callbacks != nil), func(t *testing.T) {
				var optimizer optim.Rule = optim.SGD{Rate: 1e-4}
				if test.rate > 0 {
					optimizer = optim.Adam{Rate: test.rate}
				}
				got := warnings(t, test.model, test.data, 1, train.Config{Epochs: 8, Batch: 64, Optimizer: optimizer, Callbacks: callbacks})
				if len(got) != min(1, len(test.want)) {
					t.Fatalf("%d warnings: %q", len(got), got)
				}
				for _, part := range test.want {
					if !strings.Contains(got[0], part) {
						t.Errorf("warning %q lacks %q", got[0], part)
					}
				}
			})
		}
	}
}
