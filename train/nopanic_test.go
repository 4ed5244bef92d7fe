package train_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
)

func surface(t *testing.T) traintest.Surface {
	net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
	headless := net.Clone()
	headless.Outputs = nil
	quiet := func(c train.Config) train.Config { c.Warn = func(string) {}; return c }
	return traintest.Surface{
		Functions: map[string]any{
			"Fit": train.Fit, "FitEnsemble": train.FitEnsemble, "Predict": train.Predict, "Evaluate": train.Evaluate, "Subset": train.Subset, "MemoryOf": train.MemoryOf,
		},
		Receivers: map[string][]any{"Ensemble": {train.Ensemble(nil), train.Ensemble{}, train.Ensemble{nil}, train.Ensemble{net, net}, train.Ensemble{net, headless}}, "Memory": {train.Memory{}, train.Memory{Optimizer: math.MaxUint64, Copies: 1}}},
		Odd: []any{
			net, headless, &graphs.Network{}, &graphs.Network{Outputs: make([]graphs.Output, 1)}, spirals(10, 1), train.Matrix{}, (*train.Matrix)(nil), kernel.NewWorkers(1),
			quiet(train.Config{Epochs: math.MaxInt / 2, Batch: math.MaxInt / 2, Accumulate: math.MaxInt / 2, ValidateEvery: math.MaxInt / 2}),
			quiet(train.Config{Epochs: math.MaxInt / 8, Batch: 1, Average: math.Nextafter(1, 0)}), quiet(train.Config{Threads: math.MaxInt / 8}),
			quiet(train.Config{Optimizer: (*optim.Adam)(nil), Schedule: (*optim.Cosine)(nil)}), quiet(train.Config{Schedule: optim.ScheduleFunc(nil)}),
			quiet(train.Config{Average: math.NaN()}), quiet(train.Config{Groups: []optim.Group{{}}}), quiet(train.Config{ClassWeights: []float64{}}),
			quiet(train.Config{Validation: train.Matrix{}, Metrics: []metric.Metric{{}}}), quiet(train.Config{Callbacks: []train.Callback{nil}}),
			quiet(train.Config{Checkpoint: &train.Checkpoint{}}), quiet(train.Config{Checkpoint: &train.Checkpoint{Dir: "a\x00b"}}),
			train.EnsembleConfig{Members: math.MaxInt / 8}, train.EnsembleConfig{Folds: []train.Fold{{}}},
			train.EnsembleConfig{Members: 2, Network: func(int) (*graphs.Network, error) { return nil, nil }, Config: members},
			train.EnsembleConfig{Members: 2, Network: ringNets, Config: func(int) (train.Config, error) { panic("no configuration") }},
			train.EnsembleConfig{Folds: []train.Fold{{Fit: []int{0}, Held: []int{math.MaxInt / 8}}}, Network: ringNets, Config: members},
		},
	}
}

func TestNoPanics(t *testing.T)           { surface(t).NoPanics(t) }
func TestNoPanicsIsComplete(t *testing.T) { surface(t).Complete(t) }
