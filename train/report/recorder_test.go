package report_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/report"
	"gorgonia.org/tensor"
)

// points are random rows of two classes.
func points(n int) train.Matrix {
	r := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float32, 2*n), make([]float32, n)
	for i := range n {
		y[i] = float32(i % 2)
		x[2*i], x[2*i+1] = float32(r.NormFloat64())+2*y[i], float32(r.NormFloat64())
	}
	return train.Matrix{X: tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y))}
}

// fit trains a small network for so many epochs of ten steps.
func fit(t testing.TB, epochs int, callbacks ...train.Callback) (*nn.Params, *train.History) {
	t.Helper()
	net := network(t, 8)
	history, err := train.Fit(context.Background(), net, points(80), config(epochs, callbacks...))
	if err != nil {
		t.Fatal(err)
	}
	return net.Params, history
}

// network is one of two hidden layers.
func network(t testing.TB, units int) *graphs.Network {
	t.Helper()
	net, err := graphs.New(graphs.SNN{Layers: 2, Units: units, Outputs: 2}, graphs.Matrix(2), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func config(epochs int, callbacks ...train.Callback) train.Config {
	return train.Config{
		Epochs: epochs, Batch: 8, Seed: 1, Validation: points(40), Metric: metric.Accuracy,
		Callbacks: callbacks, Schedule: optim.Cosine{}, Warn: func(string) {},
	}
}

// The recorder holds the history of the training, and does not change the training.
func TestRecorder(t *testing.T) {
	alone, _ := fit(t, 3, &callback.Probes{})
	r := &report.Recorder{Run: report.Run{Title: "small"}}
	watched, history := fit(t, 3, &callback.Probes{}, r)
	for i, p := range watched.All() {
		if !reflect.DeepEqual(p.Value.Data(), alone.All()[i].Value.Data()) {
			t.Errorf("parameter %q differs from that of a training without recorder", p.Name)
		}
	}
	run := r.Snapshot()
	if !reflect.DeepEqual(run.History, history) {
		t.Errorf("history %+v, want %+v", run.History, history)
	}
	if run.Title != "small" || len(run.Losses) != 30 || run.Losses[29].Last != 30 || run.Progress.Step != 30 || run.Params != watched.Size() || run.Model == "" {
		t.Errorf("run %+v", run)
	}
	if run.LearningRate != 0.001 { // the default of Adam
		t.Errorf("learning rate %v", run.LearningRate)
	}
	if want := []string{"hidden1.dense1", "hidden2.dense1"}; !reflect.DeepEqual(run.SELU, want) {
		t.Errorf("layers of SELU units %q, want %q", run.SELU, want)
	}
	counts := map[string]int{}
	for _, h := range run.Histograms {
		for _, n := range h.Counts {
			counts[h.Group+" "+h.Name] += n
		}
	}
	want := map[string]int{"weights hidden1.dense1": 16, "weights hidden2.dense1": 64, "weights output": 16,
		"activations hidden1.dense1": 64, "activations hidden2.dense1": 64, "activations output": 16}
	if !reflect.DeepEqual(counts, want) {
		t.Errorf("histograms of %v values, want %v", counts, want)
	}
	charts(t, render(t, run))
}

// A second training starts afresh under the same title, with its own network.
func TestRecorderTwice(t *testing.T) {
	r := &report.Recorder{Run: report.Run{Title: "small"}}
	fit(t, 3, &callback.Probes{}, r)
	first := r.Snapshot()
	r.Update(func(run *report.Run) { run.Failure = "?" })
	other := network(t, 48)
	if _, err := train.Fit(context.Background(), other, points(80), config(2, r)); err != nil {
		t.Fatal(err)
	}
	run := r.Snapshot()
	if run.Params != other.Params.Size() || !strings.Contains(run.Model, "(8, 48)") || strings.Contains(run.Model, "(8, 8)") {
		t.Errorf("%d parameters, want %d, and a summary of this network:\n%s", run.Params, other.Params.Size(), run.Model)
	}
	if run.Title != "small" || run.Failure != "" || len(run.Losses) != 20 || len(run.History.Epochs) != 2 || len(run.History.Moments) != 0 {
		t.Errorf("run %+v", run)
	}
	if len(first.Losses) != 30 || len(first.History.Epochs) != 3 || first.Failure != "" {
		t.Errorf("the earlier snapshot has changed: %+v", first)
	}
}

// The report of a training that fails shows why.
func TestRecorderFailure(t *testing.T) {
	r := &report.Recorder{}
	failed := errors.New("the disk is full")
	if _, err := train.Fit(context.Background(), network(t, 8), points(80), config(2, r, ender{failed})); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	run := r.Snapshot()
	if page := render(t, run); !strings.Contains(run.Failure, failed.Error()) || !strings.Contains(page, "ended early") || len(run.History.Epochs) != 1 {
		t.Errorf("failure %q, %d epochs", run.Failure, len(run.History.Epochs))
	}
}

// ender ends a training after its first epoch.
type ender struct{ err error }

func (e ender) AfterEpoch(context.Context, *train.State) error { return e.err }

// Epochs without a validation are no points, the training rows have lines of their own, and a resumed run shows where it was interrupted.
func TestSparseValidation(t *testing.T) {
	c := config(7, &callback.Probes{})
	c.ValidateEvery, c.TrainingMetrics, c.Metrics = 2, true, []metric.Metric{metric.LogLoss}
	c.Checkpoint = &train.Checkpoint{Dir: t.TempDir(), EverySteps: 35, Resume: true}
	part := c
	part.Callbacks = append(part.Callbacks, killer(44))
	if _, err := train.Fit(context.Background(), network(t, 8), points(80), part); err == nil {
		t.Fatal("the run was not interrupted")
	}
	r := &report.Recorder{}
	c.Callbacks = append(c.Callbacks, r)
	h, err := train.Fit(context.Background(), network(t, 8), points(80), c)
	if err != nil {
		t.Fatal(err)
	}
	run := r.Snapshot()
	page := render(t, run)
	got := charts(t, page)
	for id, keys := range map[string][]string{"loss": {"validation", "training rows"}, "metric": {"validation", "training rows", "log loss", "log loss, training rows"}} {
		for _, key := range keys {
			var steps []float64
			for _, s := range got[id].Series {
				for i, x := range s.Px {
					if s.Key == key && s.Py[i] != nil {
						steps = append(steps, *x)
					}
				}
			}
			if want := []float64{20, 40, 60, 70}; !reflect.DeepEqual(steps, want) {
				t.Errorf("chart %q: %q is drawn at the steps %v, want %v", id, key, steps, want)
			}
		}
	}
	line := got["loss"].Series[len(got["loss"].Series)-1]
	if h.ResumedAt != 35 || *line.Px[0] != 35 || *line.Px[1] != 35 || !strings.Contains(page, "continued from a checkpoint after step 35") {
		t.Errorf("resumed at %d, the chart has %+v", h.ResumedAt, line)
	}
	if len(run.Losses) != 35 || run.Losses[0].First != 36 || run.Model == "" {
		t.Errorf("%d losses from %+v", len(run.Losses), run.Losses[0])
	}
	row := regexp.MustCompile(`(?s)<th scope="row" data-sort="3">3</th>(.*?)</tr>`).FindStringSubmatch(page)
	if row == nil || strings.Count(row[1], "\u2013") != 6 {
		t.Errorf("epoch 3 was not validated, its row is %q", row)
	}
}

// killer ends a run after a step.
type killer int

func (k killer) AfterStep(_ context.Context, s *train.State) error {
	if s.Step == int(k) {
		return errors.New("killed")
	}
	return nil
}

// Updates before the training are kept.
func TestUpdateBefore(t *testing.T) {
	r := &report.Recorder{}
	r.Update(func(run *report.Run) { run.Notes = []string{"early"} })
	if got := r.Snapshot().Notes; len(got) != 1 {
		t.Errorf("notes %q before the training", got)
	}
	fit(t, 1, r)
	if got := r.Snapshot().Notes; len(got) != 1 {
		t.Errorf("notes %q after the training", got)
	}
}
