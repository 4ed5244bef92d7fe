package tensorboard_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/tensorboard"
	"gorgonia.org/tensor"
)

var network = graphs.SNN{Layers: 2, Units: 8, Outputs: 2, Dropout: 0.1}

// points are n rows of three features and two classes.
func points(n int, seed uint64) train.Matrix {
	r := rand.New(rand.NewPCG(seed, 0))
	x, y := make([]float32, 3*n), make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for i := range y {
		if x[3*i] > x[3*i+1] {
			y[i] = 1
		}
	}
	return train.Matrix{X: tensor.New(tensor.WithShape(n, 3), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y))}
}

// fit trains 3 epochs of 4 steps.
func fit(t testing.TB, ctx context.Context, resume string, callbacks ...train.Callback) (*nn.Params, *train.History, error) {
	t.Helper()
	net, err := graphs.New(network, graphs.Matrix(3), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	c := train.Config{
		Epochs: 3, Batch: 16, Seed: 5, Schedule: optim.Cosine{}, Validation: points(40, 2), Metric: metric.Accuracy,
		Metrics: []metric.Metric{metric.Loss, metric.Accuracy, metric.LogLoss}, TrainingMetrics: true, Callbacks: callbacks, Warn: func(string) {},
	}
	if resume != "" {
		c.Checkpoint = &train.Checkpoint{Dir: resume, EverySteps: 5, Resume: true}
	}
	h, err := train.Fit(ctx, net, points(64, 1), c)
	return net.Params, h, err
}

// clock returns a clock that runs a second at each look.
func clock(start int64) func() time.Time {
	return func() time.Time {
		start++
		return time.Unix(start, 500_000_000)
	}
}

// A file holds what the history and the weights say.
func TestLog(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs", "1")
	params, h, err := fit(t, context.Background(), "", &callback.Probes{Every: 5, Gradients: true}, &tensorboard.Log{Dir: dir, Now: clock(1_600_000_000)})
	if err != nil {
		t.Fatal(err)
	}
	if names, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(names) != 1 || filepath.Base(names[0]) != "events.out.tfevents.1600000001.selfnorm.000000" {
		t.Errorf("files %v, error %v", names, err)
	}
	events := readDir(t, dir)
	if events[0].version != "brain.Event:2" || !events[1].starts || events[1].step != 1 || events[0].wallTime != 1_600_000_002.5 {
		t.Errorf("the file begins with %+v", events[:2])
	}
	shown := curves(events)
	for i, e := range h.Epochs {
		for tag, want := range map[string]float64{
			"loss/epoch": e.Loss, "validation/loss": e.ValidationLoss, "validation/accuracy": e.ValidationMetric, "validation/log loss": e.ValidationMetrics[2],
			"training/loss": e.Training.Loss, "training/accuracy": e.Training.Metric, "training/log loss": e.Training.Metrics[2],
		} {
			if got := shown[tag]; len(got) != 3 || got[i] != (point{e.Step, float32(want)}) {
				t.Errorf("%s is %v, want %v in epoch %d", tag, got, want, i+1)
			}
		}
		if got := shown["rate"]; len(got) != 12 || got[e.Step-1] != (point{e.Step, float32(e.Rate)}) {
			t.Errorf("the rate is %v, want %v at step %d", got, e.Rate, e.Step)
		}
		sum := float32(0)
		for _, p := range shown["loss/step"][4*i : 4*i+4] {
			sum += p.value / 4
		}
		if math.Abs(float64(sum)-e.Loss) > 1e-6 {
			t.Errorf("the losses of epoch %d have mean %v, want %v", i+1, sum, e.Loss)
		}
	}
	for i, m := range h.Moments {
		l := m.Layers[1]
		for tag, want := range map[string]float64{"mean/": l.Mean, "variance/": l.Variance, "omega/": l.Omega, "tau/": l.Tau, "gradient variance/": l.GradientVariance, "weight gradient variance/": l.WeightGradientVariance} {
			if got := shown[tag+l.Name]; len(got) != 3 || got[i] != (point{m.Step, float32(want)}) {
				t.Errorf("%s%s is %v, want %v at step %d", tag, l.Name, got, want, m.Step)
			}
		}
	}
	last := events[len(events)-1]
	if len(last.histograms) != len(params.All()) || last.step != 12 {
		t.Errorf("step %d has %d histograms", last.step, len(last.histograms))
	}
	for _, p := range params.All() {
		checkHistogram(t, last.histograms["weights/"+p.Name], p.Value.Float32s())
	}
}

// checkHistogram compares a histogram with the values that it counts.
func checkHistogram(t *testing.T, h histogram, x []float32) {
	t.Helper()
	sum, squares, total := 0.0, 0.0, 0.0
	for _, v := range x {
		sum, squares = sum+float64(v), squares+float64(v)*float64(v)
	}
	if h.num != float64(len(x)) || h.min != float64(slices.Min(x)) || h.max != float64(slices.Max(x)) || h.sum != sum || h.squares != squares {
		t.Errorf("histogram %+v of %v", h, x)
	}
	low := math.Inf(-1)
	for i, limit := range h.limits {
		n := 0.0
		for _, v := range x {
			if float64(v) >= low && (float64(v) < limit || i == len(h.limits)-1) {
				n++
			}
		}
		if math.Abs(n-h.counts[i]) > 1 || limit < low { // a value at a limit may be rounded to either side
			t.Errorf("%v values from %v to %v, want %v", h.counts[i], low, limit, n)
		}
		low, total = limit, total+h.counts[i]
	}
	if total != h.num || low != h.max || len(h.limits) != len(h.counts) {
		t.Errorf("the buckets hold %v of %v values and end at %v", total, h.num, low)
	}
}

// A run that is stopped, or killed without a checkpoint of that moment, after any step or in any validation, and goes on, shows the
// curves of one that is not interrupted: no point is there twice, and none is missing.
func TestLogResume(t *testing.T) {
	want := t.TempDir()
	if _, _, err := fit(t, context.Background(), "", &callback.Probes{Every: 3}, &tensorboard.Log{Dir: want}); err != nil {
		t.Fatal(err)
	}
	killed := errors.New("killed")
	for stop := 1; stop <= 12; stop++ {
		for _, how := range []string{"cancel", "kill", "cancel before the end of the epoch"} {
			dir := t.TempDir()
			resume, logs := filepath.Join(dir, "checkpoints"), filepath.Join(dir, "logs")
			// part trains until after step stop, or to the end if that is 0. The clock stands still, so that files have the same second.
			part := func(stop int) error {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				still := func() time.Time { return time.Unix(1_600_000_000, 0) }
				_, _, err := fit(t, ctx, resume, &callback.Probes{Every: 3}, &tensorboard.Log{Dir: logs, Now: still}, hook{
					step: func(s *train.State) error {
						switch {
						case s.Step == stop && how == "kill":
							return killed
						case s.Step == stop:
							cancel() // the validation of an epoch that ends here is cancelled
						}
						return nil
					},
					epoch: func(s *train.State) error {
						if stop > 0 && s.Step >= stop {
							return killed // after the log has seen the epoch, and before there is a checkpoint of it
						}
						return nil
					},
				})
				return err
			}
			for _, at := range []int{stop, min(12, stop+1), stop, min(12, stop+2)} {
				if err := part(at); err != nil && !errors.Is(err, killed) && !errors.Is(err, context.Canceled) {
					t.Fatalf("%s at step %d: %v", how, stop, err)
				}
			}
			if err := part(0); err != nil {
				t.Fatalf("%s at step %d: %v", how, stop, err)
			}
			if diff := cmp.Diff(curves(readDir(t, want)), curves(readDir(t, logs)), cmp.AllowUnexported(point{})); diff != "" {
				t.Fatalf("%s at step %d (-uninterrupted +resumed):\n%s", how, stop, diff)
			}
		}
	}
}

// hook is a callback made of functions.
type hook struct{ step, epoch func(s *train.State) error }

func (h hook) AfterStep(_ context.Context, s *train.State) error  { return h.step(s) }
func (h hook) AfterEpoch(_ context.Context, s *train.State) error { return h.epoch(s) }

// A run from the beginning in a folder of another one replaces its curves, also if the clock has been set back.
func TestLogAnew(t *testing.T) {
	dir := t.TempDir()
	l := &tensorboard.Log{Dir: dir}
	for _, start := range []int64{1_600_000_000, 1_500_000_000} {
		l.Now = clock(start)
		if _, _, err := fit(t, context.Background(), "", l); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(curves(readDir(t, dir))["loss/step"]); n != 12 {
		t.Errorf("%d losses, want 12", n)
	}
}

// Every keeps the files of long runs small, and your own numbers appear next to the others.
func TestLogEvery(t *testing.T) {
	dir := t.TempDir()
	l := &tensorboard.Log{Dir: dir, EverySteps: 5, EveryEpochs: 2}
	_, h, err := fit(t, context.Background(), "", l, hook{
		step:  func(s *train.State) error { return nil },
		epoch: func(s *train.State) error { return l.Scalar(s, "own", float64(-s.Epoch)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	events := readDir(t, dir)
	shown := curves(events)
	var steps []int
	for _, p := range shown["loss/step"] {
		steps = append(steps, p.step)
	}
	if own := shown["own"]; !slices.Equal(steps, []int{1, 5, 10}) || len(own) != 3 || own[2] != (point{12, -3}) {
		t.Errorf("losses of the steps %v, own %v", steps, own)
	}
	histograms := 0
	for _, e := range events {
		if len(e.histograms) > 0 {
			histograms++
		}
	}
	if histograms != 1 {
		t.Errorf("histograms of %d epochs, want 1", histograms)
	}
	if err := l.Scalar(&train.State{History: h}, "late", 1); err == nil || !strings.Contains(err.Error(), "after the end") {
		t.Errorf("error %v", err)
	}
}

func TestLogErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for want, l := range map[string]*tensorboard.Log{
		"tensorboard: no folder; set Log.Dir": {}, file: {Dir: file}, "every -2 steps": {Dir: t.TempDir(), EverySteps: -2},
	} {
		if _, h, err := fit(t, context.Background(), "", l); err == nil || !strings.Contains(err.Error(), want) || len(h.Epochs) > 0 {
			t.Errorf("error %v, want %q at once", err, want)
		}
	}
}

func ExampleLog() {
	dir, err := os.MkdirTemp("", "runs")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	net, err := graphs.New(network, graphs.Matrix(3), graphs.CrossEntropy)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = train.Fit(context.Background(), net, points(64, 1), train.Config{
		Epochs: 3, Batch: 16, Validation: points(40, 2), Metric: metric.Accuracy,
		Callbacks: []train.Callback{&callback.Probes{}, &tensorboard.Log{Dir: filepath.Join(dir, "first")}},
	})
	files, _ := filepath.Glob(filepath.Join(dir, "first", "events.out.tfevents.*"))
	fmt.Println(len(files), "file,", err) // tensorboard --logdir shows the run "first"
	// Output: 1 file, <nil>
}

// The cost of a step: its loss and its rate.
func BenchmarkLog(b *testing.B) {
	l := &tensorboard.Log{Dir: b.TempDir(), EverySteps: 1}
	_, _, err := fit(b, context.Background(), "", l, hook{
		step: func(s *train.State) error {
			if s.Step > 1 {
				return nil
			}
			for b.Loop() {
				if err := l.AfterStep(context.Background(), s); err != nil {
					return err
				}
			}
			return nil
		},
		epoch: func(*train.State) error { return nil },
	})
	if err != nil {
		b.Fatal(err)
	}
}
