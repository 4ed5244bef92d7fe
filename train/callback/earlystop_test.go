package callback_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// curve is a metric whose values in one validation after the other are given.
func curve(name string, lower bool, values ...float64) metric.Metric {
	n := 0
	return metric.Metric{Name: name, Lower: lower, Defined: func(*metric.Result) error { return nil },
		Func: func(*metric.Result) (float64, error) { n++; return values[n-1], nil }}
}

// snapshots keeps the weights of each epoch.
type snapshots map[int]*nn.Params

func (s snapshots) AfterEpoch(_ context.Context, state *train.State) error {
	s[state.Epoch] = state.Params.Clone()
	return nil
}

var nan = math.NaN()

// Early stopping keeps the weights of the best epoch of the smoothed curve, and ends the run when it has not got better for long enough.
func TestEarlyStopping(t *testing.T) {
	hill := []float64{1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0, 0, 0}
	for _, test := range []struct {
		name      string
		metric    metric.Metric
		stopping  callback.EarlyStopping
		epochs    int
		every     int
		best, ran int
	}{
		// The average over three epochs is best at 5, 6, 7; five epochs without a better one end the run at 12.
		{name: "window and patience", metric: curve("m", false, hill...), stopping: callback.EarlyStopping{Window: 3, Patience: 5}, epochs: 14, best: 7, ran: 12},
		{name: "no window", metric: curve("m", false, hill...), stopping: callback.EarlyStopping{Patience: 2}, epochs: 14, best: 6, ran: 8},
		{name: "never ends", metric: curve("m", false, hill...), epochs: 14, best: 6, ran: 14},
		{name: "lower is better", metric: curve("m", true, hill...), epochs: 14, best: 12, ran: 14},
		{name: "a short run", metric: curve("m", false, 1, 3, 2), stopping: callback.EarlyStopping{Window: 10}, epochs: 3, best: 3, ran: 3},
		{name: "an absurd window", metric: curve("m", false, 1, 3, 2), stopping: callback.EarlyStopping{Window: math.MaxInt, Patience: math.MaxInt}, epochs: 3, best: 3, ran: 3},
		{name: "least improvement", metric: curve("m", false, 1, 1.05, 1.09, 1.2, 1.25), stopping: callback.EarlyStopping{MinDelta: 0.1}, epochs: 5, best: 4, ran: 5},
		{name: "least improvement, lower", metric: curve("m", true, 1, 0.95, 0.91, 0.8, 0.75), stopping: callback.EarlyStopping{MinDelta: 0.1, Patience: 3}, epochs: 5, best: 4, ran: 5},
		{name: "every 3 epochs", metric: curve("m", false, 1, 5, 4, 3), stopping: callback.EarlyStopping{}, epochs: 10, every: 3, best: 6, ran: 10},
		{name: "every 3 epochs, patience", metric: curve("m", false, 1, 5, 4, 3), stopping: callback.EarlyStopping{Patience: 3}, epochs: 20, every: 3, best: 6, ran: 9},
		{name: "every 3 epochs, window", metric: curve("m", false, 1, 5, 4, 3), stopping: callback.EarlyStopping{Window: 2}, epochs: 10, every: 3, best: 9, ran: 10},
		{name: "every 3 epochs, too long a window", metric: curve("m", false, 1, 5, 4, 3), stopping: callback.EarlyStopping{Window: 9, Patience: 1}, epochs: 10, every: 3, best: 10, ran: 10},
		{name: "NaN does not count", metric: curve("m", false, 1, nan, 3, nan, 2), epochs: 5, best: 3, ran: 5},
		{name: "nor infinity", metric: curve("m", false, 1, math.Inf(1), 3, nan, 2), epochs: 5, best: 3, ran: 5},
		{name: "the first of equals", metric: curve("m", false, 1, 2, 2, 2), epochs: 4, best: 2, ran: 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			seen := snapshots{}
			net := traintest.New(t)
			h := traintest.Fit(t, net, traintest.Rows(), train.Config{
				Epochs: test.epochs, ValidateEvery: test.every, Validation: traintest.Spirals(50, 2), Metric: test.metric,
				Callbacks: []train.Callback{seen, &test.stopping},
			})
			weights, epoch := test.stopping.Best()
			if h.Best != test.best || len(h.Epochs) != test.ran || epoch != test.best {
				t.Fatalf("best epoch %d (%d) of %d, want %d of %d", h.Best, epoch, len(h.Epochs), test.best, test.ran)
			}
			traintest.SameBits(t, "the end", net.Params, seen[test.best])
			traintest.SameBits(t, "Best", weights, seen[test.best])
		})
	}
}

// It watches any of the metrics, the validation loss and the training loss by name.
func TestEarlyStoppingByName(t *testing.T) {
	for name, want := range map[string]int{"": 4, "a": 4, "b": 2, "c": 1, "loss": 0, callback.TrainingLoss: -1} {
		e := &callback.EarlyStopping{Metric: name}
		c := train.Config{
			Epochs: 5, Validation: traintest.Spirals(50, 2), Metric: curve("a", false, 1, 2, 3, 9, 4), Optimizer: optim.Adam{Rate: 0.05},
			Metrics: []metric.Metric{curve("b", false, 1, 9, 3, 4, 5), curve("c", true, 1, 2, 3, 4, 5)}, Callbacks: []train.Callback{e},
		}
		if name == callback.TrainingLoss {
			c.Validation = nil
		}
		h := traintest.Fit(t, traintest.New(t), traintest.Rows(), c)
		if want <= 0 {
			losses := make([]float64, len(h.Epochs))
			for i, e := range h.Epochs {
				losses[i] = e.ValidationLoss
				if want < 0 {
					losses[i] = e.Loss
				}
			}
			want = slices.Index(losses, slices.Min(losses)) + 1
		}
		if h.Best != want {
			t.Errorf("watching %q: best epoch %d, want %d", name, h.Best, want)
		}
	}
	for name, test := range map[string]struct {
		stopping *callback.EarlyStopping
		want     string
		validate bool
	}{
		"no such metric":     {&callback.EarlyStopping{Metric: "accuracy"}, `watches "accuracy"`, true},
		"no validation data": {&callback.EarlyStopping{}, "Config.Validation", false},
		"window":             {&callback.EarlyStopping{Window: -1}, "window of -1", true},
		"patience":           {&callback.EarlyStopping{Patience: -1}, "patience of -1", true},
		"improvement":        {&callback.EarlyStopping{MinDelta: nan}, "improvement of NaN", true},
	} {
		c := traintest.Config()
		stepped := false
		c.Callbacks = []train.Callback{test.stopping, traintest.AtStep(func(*train.State) error { stepped = true; return nil })}
		if !test.validate {
			c.Validation = nil
		}
		_, err := train.Fit(context.Background(), traintest.New(t), traintest.Rows(), c)
		if err == nil || !strings.Contains(err.Error(), test.want) || stepped {
			t.Errorf("%s: error %v, trained %v", name, err, stepped)
		}
	}
}

// After a cancellation and after a divergence the network has the best weights.
func TestEarlyStoppingAfterFailure(t *testing.T) {
	for name, want := range map[string]error{"cancelled": context.Canceled, "diverged": train.ErrDiverged} {
		for _, average := range []float64{0, 0.9} {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			seen, e := snapshots{}, &callback.EarlyStopping{}
			c := traintest.Config()
			c.Epochs, c.Metric, c.Average = 9, curve("m", false, 1, 2, 5, 4, 3, 2, 1, 1, 1), average
			c.Callbacks = []train.Callback{seen, e, traintest.AtStep(func(s *train.State) error {
				switch {
				case s.Epoch < 6:
				case name == "cancelled":
					cancel()
				default:
					s.Params.All()[0].Value.Float32s()[0] = float32(math.NaN())
				}
				return nil
			})}
			net := traintest.New(t)
			h, err := train.Fit(ctx, net, traintest.Rows(), c)
			if !errors.Is(err, want) || h.Best != 3 || len(h.Epochs) != 5 {
				t.Fatalf("%s: error %v, best epoch %d of %d", name, err, h.Best, len(h.Epochs))
			}
			traintest.SameBits(t, name, net.Params, seen[3])
		}
	}
}

// One value serves several runs, and a run that is refused does not touch the weights.
func TestEarlyStoppingReused(t *testing.T) {
	e := &callback.EarlyStopping{}
	for range 2 {
		c := traintest.Config()
		c.Metric, c.Callbacks = curve("m", false, 1, 5, 4), []train.Callback{e}
		if h := traintest.Fit(t, traintest.New(t), traintest.Rows(), c); h.Best != 2 {
			t.Errorf("best epoch %d, want 2", h.Best)
		}
	}
	for _, change := range []func(c *train.Config){
		func(c *train.Config) { c.Validation = nil },
		func(c *train.Config) { c.Checkpoint = &train.Checkpoint{From: t.TempDir()} },
	} {
		c := traintest.Config()
		c.Callbacks = []train.Callback{e}
		change(&c)
		net := traintest.New(t)
		before := net.Clone()
		if _, err := train.Fit(context.Background(), net, traintest.Rows(), c); err == nil {
			t.Error("no error")
		}
		traintest.SameBits(t, "refused", net.Params, before.Params)
	}
}

// A metric that is never a number ends the run with the reason.
func TestNeverANumber(t *testing.T) {
	c := traintest.Config()
	c.Epochs, c.Metric = 6, curve("m", false, nan, nan, nan, nan, nan, nan)
	c.Callbacks = []train.Callback{&callback.EarlyStopping{Patience: 3}}
	h, err := train.Fit(context.Background(), traintest.New(t), traintest.Rows(), c)
	if !errors.Is(err, train.ErrDiverged) || !strings.Contains(err.Error(), "the m has never been a finite number") || len(h.Epochs) != 4 {
		t.Errorf("with patience: error %v after %d epochs", err, len(h.Epochs))
	}
	c.Epochs, c.Metric = 2, curve("m", false, nan, nan)
	c.Callbacks = []train.Callback{&callback.EarlyStopping{}}
	if _, err := train.Fit(context.Background(), traintest.New(t), traintest.Rows(), c); !errors.Is(err, train.ErrDiverged) {
		t.Errorf("at the end: error %v", err)
	}
}

// So does a validation loss that is never a number.
func TestValidationLossNeverANumber(t *testing.T) {
	far := traintest.Spirals(10, 3)
	for i := range far.X.Float32s() {
		far.X.Float32s()[i] *= 1e38
	}
	d := train.Matrix{X: far.X, Y: traintest.Matrix(10, 1, func(int, int) float64 { return 0 })}
	fit := train.Matrix{X: traintest.Rows().X, Y: traintest.Matrix(64, 1, func(i, _ int) float64 { return float64(i % 2) })}
	for epochs, ran := range map[int]int{10: 3, 2: 2, 1: 1} {
		net := traintest.Network(t, nn.Dense{Units: 1}, 2, graphs.MSE, 1)
		h, err := train.Fit(context.Background(), net, fit, train.Config{Epochs: epochs, Optimizer: optim.SGD{Rate: 0.01}, Validation: d, Warn: func(string) {}})
		if !errors.Is(err, train.ErrDiverged) || !strings.Contains(err.Error(), "validation loss has never been a finite number") || len(h.Epochs) != ran {
			t.Errorf("%d epochs: error %v after %d", epochs, err, len(h.Epochs))
		}
	}
}

// A state that is not one of early stopping gives an error.
func TestEarlyStoppingRestoreErrors(t *testing.T) {
	ints := tensor.New(tensor.WithShape(1), tensor.WithBacking([]int{1}))
	for text, want := range map[string]string{
		`7`: "early stopping", `{"kept":[{"name":"b"}]}`: `no tensor "b"`, `{"kept":[{"name":"a"}]}`: "dtype", `{}`: "1 tensors, want 0",
	} {
		err := new(callback.EarlyStopping).Restore(optim.Snapshot{Values: []byte(text), Tensors: map[string]*tensor.Dense{"a": ints}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one that says %q", text, err, want)
		}
	}
}
