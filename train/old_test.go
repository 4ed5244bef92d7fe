package train_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// oldExpected is the content of testdata/old/expected.json; the README.md there describes it.
type oldExpected struct {
	Features           [][]float64                     `json:"features"`
	Labels             []float64                       `json:"labels"`
	ValidationFeatures [][]float64                     `json:"validation_features"`
	ValidationLabels   []float64                       `json:"validation_labels"`
	After6             map[string]map[string][]float64 `json:"weights_after_6_epochs"`
	Weights64          map[string][]float64            `json:"weights64"`
}

func readOld(t *testing.T) (e oldExpected) {
	t.Helper()
	text, err := os.ReadFile("testdata/old/expected.json")
	if err == nil {
		err = json.Unmarshal(text, &e)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func rowsOf(x [][]float64) *tensor.Dense {
	return matrix(len(x), len(x[0]), func(i, j int) float64 { return x[i][j] })
}

func columnOf(y []float64) *tensor.Dense {
	return matrix(len(y), 1, func(i, _ int) float64 { return y[i] })
}

// Checkpoints of version 0.1 load, and a run that continues from one ends as it would have then; so does one from the beginning.
func TestOldCheckpoints(t *testing.T) {
	e := readOld(t)
	for name, rule := range map[string]optim.Rule{
		"adam": optim.Adam{Rate: 0.02}, "momentum": optim.SGD{Rate: 0.1, Momentum: 0.9, Nesterov: true, L2: 1e-4},
	} {
		path := filepath.Join("testdata/old", name+"-step-000000000010.safetensors")
		for from, step := range map[*train.Checkpoint]int{nil: 0, {From: path}: 10} {
			c := oldConfig(e, rule)
			c.Checkpoint = from
			net := newNetwork(t, oldNetwork, len(e.Features[0]), graphs.BCE, 4)
			h := fit(t, net, train.Matrix{X: rowsOf(e.Features), Y: columnOf(e.Labels)}, c)
			if h.ResumedAt != step || len(h.Epochs) != 6 || !h.Epochs[0].Validated || h.Best == 0 {
				t.Errorf("%s: history %+v", name, h)
			}
			compareOld(t, name, net, e.After6[name])
		}
		if _, err := graphs.Load(path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// compareOld compares weights with those of version 0.1, which AVX-512 kernels computed. Others round differently, and Adam amplifies
// that in parameters without a gradient: a bias before batch normalization, and the running mean that contains it.
func compareOld(t *testing.T, name string, net *graphs.Network, want map[string][]float64) {
	t.Helper()
	rounding := 0.02
	if kernel.CPU() == "avx512" {
		rounding = 0
	}
	if len(want) != len(net.Params.All()) {
		t.Fatalf("%s: %d parameters, want %d", name, len(net.Params.All()), len(want))
	}
	for _, p := range net.Params.All() {
		if rounding > 0 && strings.HasPrefix(p.Name, "hidden") && (strings.HasSuffix(p.Name, ".bias") || strings.HasSuffix(p.Name, ".mean")) {
			continue
		}
		for i, w := range want[p.Name] {
			if got := p.Value.Float32s()[i]; math.Abs(float64(got-float32(w))) > rounding*math.Max(1, math.Abs(w)) {
				t.Errorf("%s: element %d of %s is %v, want %v", name, i, p.Name, got, w)
			}
		}
	}
}

var oldNetwork = graphs.BatchNorm{Layers: 2, Units: 6, Outputs: 1, Dropout: 0.1}

func oldConfig(e oldExpected, rule optim.Rule) train.Config {
	return train.Config{
		Epochs: 6, Batch: 16, Seed: 5, Optimizer: rule, Schedule: optim.Cosine{}, Threads: 1,
		Validation: train.Matrix{X: rowsOf(e.ValidationFeatures), Y: columnOf(e.ValidationLabels)},
		Callbacks: []train.Callback{
			&callback.EarlyStopping{Window: 2}, &callback.ReduceOnPlateau{Factor: 0.5, Patience: new(1), Threshold: new(0.2)},
		},
	}
}

// A checkpoint of version 0.1 is not continued with another configuration or network.
func TestOldCheckpointErrors(t *testing.T) {
	e := readOld(t)
	from := &train.Checkpoint{From: "testdata/old/adam-step-000000000010.safetensors"}
	data := train.Matrix{X: rowsOf(e.Features), Y: columnOf(e.Labels)}
	c := oldConfig(e, optim.Adam{Rate: 0.03})
	c.Checkpoint = from
	_, err := train.Fit(context.Background(), newNetwork(t, oldNetwork, len(e.Features[0]), graphs.BCE, 4), data, c)
	mustSay(t, "another rate", err, "rate 0.02", "rate 0.03")
	c = oldConfig(e, optim.Adam{Rate: 0.02})
	c.Checkpoint = from
	other := oldNetwork
	other.Dropout = 0.2
	_, err = train.Fit(context.Background(), newNetwork(t, other, len(e.Features[0]), graphs.BCE, 4), data, c)
	mustSay(t, "another dropout", err, "Dropout:0.1", "Dropout:0.2")
}

// Files of weights alone are read, and a network takes them.
func TestOldWeights(t *testing.T) {
	e := readOld(t)
	for path, want := range map[string]map[string][]float64{"weights": e.After6["adam"], "weights64": e.Weights64} {
		path = filepath.Join("testdata/old", path+".safetensors")
		params, err := graphs.LoadWeights(path)
		if err != nil {
			t.Fatal(err)
		}
		var layer nn.Layer = oldNetwork
		if params.Dtype() == tensor.Float64 {
			layer = graphs.SNN{Layers: 1, Units: 4, Outputs: 1}
		}
		columns := params.Get("hidden1.dense1.weight").Value.Shape()[0]
		net := newNetwork(t, layer, columns, graphs.BCE, 7, graphs.Weights(params))
		for _, p := range net.Params.All() {
			got, err := dense.Float64s(p.Value, nil)
			if err != nil || !slices.EqualFunc(got, want[p.Name], func(a, b float64) bool { return math.Abs(a-b) <= 1e-6 }) {
				t.Errorf("%s: %s is %v, want %v (%v)", path, p.Name, got, want[p.Name], err)
			}
		}
		if _, err := graphs.Load(path); err == nil || !strings.Contains(err.Error(), "without a description") {
			t.Errorf("%s is no network: error %v", path, err)
		}
	}
}
