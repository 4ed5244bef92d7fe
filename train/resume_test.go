package train_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// ownNet is a network whose type is not registered.
type ownNet struct{ Rate float64 }

func (n ownNet) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	if n.Rate == 0 {
		n.Rate = 0.2
	}
	return b.Apply("own", nn.Sequential{nn.Dense{Units: 5, Activation: ops.SELU}, nn.BatchNorm{}, nn.AlphaDropout{Rate: n.Rate}, nn.Dense{Units: 3}}, x)
}

// undefined is a metric without a value, which JSON does not know.
var undefined = metric.Metric{
	Name: "undefined", Func: func(*metric.Result) (float64, error) { return math.NaN(), nil }, Defined: func(*metric.Result) error { return nil },
}

// inOrder is data that is read in an order of its own.
type inOrder struct{ train.Matrix }

func (d inOrder) Order(seed uint64, epoch int) []int {
	rows := make([]int, d.Len())
	for i := range rows {
		rows[i] = (i + epoch*7 + int(seed)) % len(rows)
	}
	return rows
}

// resumeCase is a kind of run that resumes with the bits of one that is not interrupted.
type resumeCase struct {
	name   string
	layer  nn.Layer
	dtype  tensor.Dtype
	config func() train.Config
}

func resumeCases() []resumeCase {
	h := graphs.Hidden{Layers: 2, Units: 6, Outputs: 3, Dropout: 0.1, InputDropout: 0.1}
	validation := spirals(20, 2)
	return []resumeCase{
		{"TabM, Adam, moving average", graphs.TabM{Hidden: graphs.Hidden{Layers: 2, Units: 6, Outputs: 3, Dropout: 0.1}, Members: 3, Mean: graphs.Softmax}, tensor.Float32, func() train.Config {
			return train.Config{Optimizer: optim.Adam{Rate: 0.01}, Schedule: optim.CosLog{}, Average: 0.9}
		}},
		{"Adam, cosine, alpha dropout", graphs.SNN(h), tensor.Float32, func() train.Config {
			return train.Config{Optimizer: optim.Adam{Rate: 0.01, L2: 0.01}, Schedule: optim.Cosine{}}
		}},
		{"momentum, batch normalization, float64", graphs.BatchNorm(h), tensor.Float64, func() train.Config {
			return train.Config{Optimizer: optim.SGD{Rate: 0.05, Momentum: 0.9, Nesterov: true}}
		}},
		{"plain descent, early stopping, 2 threads", graphs.ResNet{Hidden: h}, tensor.Float32, func() train.Config {
			return train.Config{
				Optimizer: optim.SGD{Rate: 0.5}, Validation: validation, Metric: metric.Accuracy, Threads: 2,
				Callbacks: []train.Callback{&callback.EarlyStopping{Patience: 2}},
			}
		}},
		{"clipped centered RMSProp, warm-up, rate reduced on plateaus", graphs.SNN(h), tensor.Float32, func() train.Config {
			return train.Config{
				Optimizer: optim.ClipNorm{Rule: optim.RMSProp{Momentum: 0.5, Centered: true}, Max: 0.5},
				Schedule:  optim.WarmUp{Steps: 7, From: 0.1, Then: optim.OneCycle{}}, Validation: validation, Metric: metric.Accuracy,
				Callbacks: []train.Callback{&callback.ReduceOnPlateau{Factor: 0.5, Patience: new(1), Cooldown: 1}},
			}
		}},
		{"clipped AdamW, plateau, probes", graphs.SNN(h), tensor.Float64, func() train.Config {
			return train.Config{
				Optimizer: optim.ClipNorm{Rule: optim.AdamW{Rate: 0.01, Decay: new(0.1)}, Max: 0.3}, Validation: validation,
				Callbacks: []train.Callback{&callback.ReduceOnPlateau{Patience: new(0), Factor: 0.5}, &callback.Probes{Every: 2}},
			}
		}},
		{"Adam, own layer, rate factor", ownNet{}, tensor.Float32, func() train.Config {
			return train.Config{
				Optimizer: optim.Adam{Rate: 0.01}, Validation: validation, Metrics: []metric.Metric{metric.Accuracy, undefined}, Threads: 2,
				Callbacks: []train.Callback{atEpoch(func(s *train.State) error { s.RateFactor *= 0.7; return nil })},
			}
		}},
		{"all at once", graphs.BatchNorm(h), tensor.Float32, func() train.Config { return allAtOnce(validation) }},
		{"all at once, validation every 2 epochs, training metrics", graphs.SNN(h), tensor.Float64, func() train.Config {
			c := allAtOnce(validation)
			c.ValidateEvery, c.TrainingMetrics, c.Threads = 2, true, 2
			return c
		}},
		{"stopped in the middle of an epoch", graphs.SNN(h), tensor.Float32, func() train.Config {
			return train.Config{Validation: validation, Average: 0.8, Callbacks: []train.Callback{
				&callback.EarlyStopping{}, atStep(func(s *train.State) error {
					if s.Step == 13 {
						return train.ErrStop
					}
					return nil
				}),
			}}
		}},
	}
}

// allAtOnce has early stopping, a plateau, an average, accumulation whose last step has fewer batches, a frozen layer, groups, class weights.
func allAtOnce(validation train.Data) train.Config {
	return train.Config{
		Optimizer: optim.AdamW{Rate: 0.02}, Schedule: optim.Cosine{}, Validation: validation, Metric: metric.Accuracy, Metrics: []metric.Metric{metric.LogLoss},
		Accumulate: 2, Average: 0.7, Balanced: true,
		Groups: []optim.Group{{Match: []string{"hidden1.*"}, Frozen: true}, {Match: []string{"output.*"}, RateFactor: 3, NoDecay: true}},
		Callbacks: []train.Callback{
			&callback.EarlyStopping{Metric: metric.LogLoss.Name, Window: 2, MinDelta: 1e-4}, &callback.ReduceOnPlateau{Patience: new(0), Factor: 0.5}, &callback.Probes{Every: 1},
		},
	}
}

// A run that is cancelled after any step, and one that is cancelled after every step, end as the uninterrupted run.
func TestResumeEqualsUninterrupted(t *testing.T) {
	for _, test := range resumeCases() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			testResume(t, test, spirals(29, 1)) // 5 batches: 6, 6, 6, 6, 5
		})
	}
	t.Run("ordered data", func(t *testing.T) {
		t.Parallel()
		testResume(t, resumeCases()[0], inOrder{spirals(29, 1)})
	})
}

func testResume(t *testing.T, test resumeCase, d train.Data) {
	// run trains until after step stop, or to the end if that is 0.
	run := func(dir string, stop int) (*nn.Params, *train.History, error) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		net := newNetwork(t, test.layer, 2, graphs.CrossEntropy, 3, graphs.Dtype(test.dtype))
		c := test.config()
		c.Epochs, c.Batch, c.Seed, c.Warn = 5, 6, 7, func(string) {}
		if dir != "" {
			c.Checkpoint = &train.Checkpoint{Dir: dir, EveryEpochs: 2, Keep: 1, Resume: true}
		}
		c.Callbacks = append(c.Callbacks, atStep(func(s *train.State) error {
			if s.Step == stop {
				cancel()
			}
			return nil
		}))
		history, err := train.Fit(ctx, net, d, c)
		return net.Params, history, err
	}
	wantParams, want, err := run("", 0)
	if err != nil {
		t.Fatal(err)
	}
	last := want.Epochs[len(want.Epochs)-1].Step
	every := t.TempDir()
	for k := 1; k <= last; k++ {
		dir := t.TempDir()
		if _, _, err := run(dir, k); !errors.Is(err, context.Canceled) && !(k == last && err == nil) {
			t.Fatalf("cancelled after step %d: error %v", k, err)
		}
		params, history, err := run(dir, 0)
		if err != nil {
			t.Fatalf("resumed at step %d: %v", k, err)
		}
		sameBits(t, fmt.Sprintf("resumed at step %d", k), params, wantParams)
		sameHistory(t, fmt.Sprintf("resumed at step %d", k), history, want)
		if k < last && history.ResumedAt != k {
			t.Errorf("resumed at step %d: the history says %d", k, history.ResumedAt)
		}
		run(every, k)
	}
	for range 2 { // the second time there is nothing left to do
		params, history, err := run(every, 0)
		if err != nil {
			t.Fatalf("resumed at every step: %v", err)
		}
		sameBits(t, "resumed at every step", params, wantParams)
		sameHistory(t, "resumed at every step", history, want)
	}
}

// A run that ErrStop ends within an epoch records what there was of it.
func TestStopWithinEpoch(t *testing.T) {
	for _, accumulate := range []int{1, 2} {
		var losses []float64
		c := baseConfig() // an epoch has 4 batches
		c.Accumulate, c.ValidateEvery = accumulate, 5
		c.Callbacks = []train.Callback{atStep(func(s *train.State) error {
			losses = append(losses, s.Loss)
			if s.Epoch == 2 {
				return train.ErrStop
			}
			return nil
		})}
		h := fit(t, newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), c)
		if len(h.Epochs) != 2 || h.Epochs[0].Validated || !h.Epochs[1].Validated || h.Epochs[1].Step != len(losses) {
			t.Fatalf("history %+v after %d steps", h.Epochs, len(losses))
		}
		if got, want := h.Epochs[1].Loss, losses[len(losses)-1]; math.Abs(got-want) > 1e-12 {
			t.Errorf("loss %v of the part of an epoch, want %v", got, want)
		}
	}
	// Before an update: it is not made and does not count.
	c := baseConfig()
	c.Callbacks = []train.Callback{beforeUpdate(func(s *train.State) error {
		if s.Step == 6 {
			return train.ErrStop
		}
		return nil
	})}
	net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
	if h := fit(t, net, spirals(64, 1), c); len(h.Epochs) != 2 || h.Epochs[1].Step != 5 {
		t.Errorf("history %+v, want 5 steps", h.Epochs)
	}
	at5 := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
	c.Callbacks = []train.Callback{atStep(func(s *train.State) error {
		if s.Step == 5 {
			return train.ErrStop
		}
		return nil
	})}
	fit(t, at5, spirals(64, 1), c)
	sameBits(t, "stopped before the update of step 6", net.Params, at5.Params)
}

// The number of epochs may change if the rates of the past do not depend on it.
func TestResumeMoreEpochs(t *testing.T) {
	halves := optim.ScheduleFunc(func(p optim.Progress) float64 { return math.Pow(0.5, float64(p.Step/5)) })
	for _, test := range []struct {
		name     string
		schedule optim.Schedule
		want     string
	}{{"none", nil, ""}, {"halves", halves, ""}, {"cosine", optim.Cosine{}, "the schedule has the factor"}} {
		dir := t.TempDir()
		run := func(epochs int, dir string) (*nn.Params, error) {
			c := baseConfig()
			c.Epochs, c.Schedule = epochs, test.schedule
			if dir != "" {
				c.Checkpoint = &train.Checkpoint{Dir: dir, Resume: true}
			}
			net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
			_, err := train.Fit(context.Background(), net, spirals(64, 1), c)
			return net.Params, err
		}
		if _, err := run(2, dir); err != nil {
			t.Fatal(err)
		}
		params, err := run(4, dir)
		if test.want != "" {
			mustSay(t, test.name, err, test.want)
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		want, err := run(4, "")
		if err != nil {
			t.Fatal(err)
		}
		sameBits(t, test.name, params, want)
	}
}
