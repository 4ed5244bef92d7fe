package callback_test

import (
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

// drawn are rows with these features.
func drawn(rows int, columns []column) train.Matrix {
	r := rand.New(rand.NewPCG(uint64(rows), 3))
	return train.Matrix{
		X: traintest.Matrix(rows, len(columns), func(_, j int) float64 { return columns[j](r) }),
		Y: traintest.Matrix(rows, 3, func(i, j int) float64 { return float64((i + j) % 2) }),
	}
}

// still is a training that changes next to nothing.
func still(epochs int) train.Config {
	return train.Config{Epochs: epochs, Batch: 32, Optimizer: optim.SGD{Rate: 1e-12}}
}

// A network whose first layer scales its inputs gets them as they are; behind dropout they need a scale.
func TestInputsThatTheNetworkScales(t *testing.T) {
	data := drawn(300, many(3, normal(5, 100)))
	for layer, want := range map[nn.Layer]int{nn.BatchNorm{}: 0, nn.LayerNorm{}: 0, nn.Dropout{Rate: 0.2}: 1} {
		model := append(nn.Sequential{layer}, stack(nn.Dense{Units: 16, Activation: ops.SELU})...)
		if got := warnings(t, model, data, 1, still(1)); len(got) != want {
			t.Errorf("%T: %q", layer, got)
		}
	}
}

// Inputs that are all constant are called so.
func TestConstantInputs(t *testing.T) {
	for _, v := range []float64{0, 1, 0.3} {
		got := warnings(t, stack(nn.Dense{Units: 16, Activation: ops.SELU}), drawn(300, many(2, constant(v))), 1, still(1))
		if len(got) != 1 || !strings.Contains(got[0], "constant") {
			t.Errorf("all %g: %q", v, got)
		}
	}
}

// With all rows seen, a feature whose differences are too small to matter is named.
func TestTinyFeatureIsNamed(t *testing.T) {
	columns := []column{normal(0, 1), normal(0, 1e-4), normal(0, 1)}
	got := warnings(t, stack(nn.Dense{Units: 16, Activation: ops.SELU}), drawn(300, columns), 1, still(1))
	if len(got) != 1 || !strings.Contains(got[0], "feature 1, ") {
		t.Errorf("%q", got)
	}
}

// The features of hundreds of categories are small, which is no fault of the training.
func TestManyCategories(t *testing.T) {
	data := drawn(2000, many(300, indicator(1./300, 0, 1)))
	if got := warnings(t, stack(nn.Dense{Units: 64, Activation: ops.SELU}), data, 1, still(3)); len(got) > 0 {
		t.Errorf("%q", got)
	}
}

// Weights of layers without biases that start right by default have been trained if they are elsewhere.
func TestTrainedWithoutBiases(t *testing.T) {
	net := traintest.Network(t, stack(nn.Dense{Units: 48, Activation: ops.SELU, NoBias: true}), 20, graphs.BCE, 1)
	data := gaussian(512, 20, 0, 1, 1)
	traintest.Fit(t, net, data, train.Config{Epochs: 6, Batch: 64, Optimizer: optim.Adam{Rate: 0.02}})
	if h := traintest.Fit(t, net, data, still(2)); len(h.Warnings) > 0 {
		t.Errorf("trained further: %q", h.Warnings)
	}
}

// Once the inputs have been judged, checkpoints need no statistics of each feature.
func TestCheckpointsAreSmall(t *testing.T) {
	for _, c := range []struct{ rows, least, most int }{{100, 20_000, 1 << 20}, {1000, 0, 2000}} {
		probes := &callback.Probes{}
		config := still(1)
		config.Callbacks = []train.Callback{probes}
		warnings(t, stack(nn.Dense{Units: 16, Activation: ops.SELU}), drawn(c.rows, many(500, normal(0, 1))), 1, config)
		s, err := probes.Snapshot()
		if n := len(s.Values); err != nil || n < c.least || n > c.most {
			t.Errorf("%d rows: a state of %d bytes (%v), want %d to %d", c.rows, n, err, c.least, c.most)
		}
	}
}
