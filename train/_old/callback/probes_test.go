package callback_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
)

// probesRun trains 8 steps an epoch with a fresh Probes and returns the history.
func probesRun(t *testing.T, params *nn.Params, c train.Config) *train.History {
	t.Helper()
	c.Loss, c.Batch, c.Seed, c.Optimizer = graphs.BCE, 16, 1, &train.SGD{Rate: 0.01}
	history, err := train.Fit(context.Background(), graphs.SNN{Layers: 2, Units: 6, Outputs: 3}, params, gaussian(128, 5, 0, 1, 1), c)
	if err != nil {
		t.Fatal(err)
	}
	return history
}

func stepsOf(h *train.History) (steps []int) {
	for _, m := range h.Moments {
		steps = append(steps, m.Step)
	}
	return steps
}

func TestProbesSteps(t *testing.T) {
	for _, test := range []struct {
		every, epochs, stride int
	}{{3, 2, 3}, {0, 5, 10}, {0, 60, 24}, {0, 150, 50}, {16, 20, 16}, {1, 400, 4}} { // 3,200 probes, halved twice
		h := probesRun(t, newParams(t, 1), train.Config{Epochs: test.epochs, Callbacks: []train.Callback{&train.Probes{Every: test.every}}})
		var want []int
		for step := 1; step <= 8*test.epochs; step += test.stride {
			want = append(want, step)
		}
		if diff := cmp.Diff(want, stepsOf(h)); diff != "" || len(want) > 1000 {
			t.Errorf("every %d, %d epochs: steps (-want +got)\n%s", test.every, test.epochs, diff)
		}
	}
	if h := probesRun(t, newParams(t, 1), train.Config{Epochs: 5}); len(h.Moments) > 0 {
		t.Errorf("%d moments were kept without Probes", len(h.Moments))
	}
	_, err := train.Fit(context.Background(), network, newParams(t, 1), spirals(50, 1), train.Config{
		Loss: graphs.CrossEntropy, Callbacks: []train.Callback{&train.Probes{Every: -1}},
	})
	if err == nil || !strings.Contains(err.Error(), "-1") {
		t.Errorf("every -1 steps: error %v", err)
	}
}

// The numbers of the first step are those of the initial weights, and probes change nothing.
func TestProbesSeeInitialWeights(t *testing.T) {
	initial, watched, plain := newParams(t, 1), newParams(t, 1), newParams(t, 1)
	if _, err := graphs.Build(graphs.SNN{Layers: 2, Units: 6, Outputs: 3}, initial, graphs.Config{Mode: graphs.Evaluate, Batch: 1, Inputs: 5}); err != nil {
		t.Fatal(err)
	}
	h := probesRun(t, watched, train.Config{Callbacks: []train.Callback{&train.Probes{}}})
	if len(h.Moments[0].Layers) != 3 {
		t.Fatalf("%d layers, want 3", len(h.Moments[0].Layers))
	}
	for _, l := range h.Moments[0].Layers {
		tau, w := 0.0, initial.Get(l.Name+".weight").Value
		for _, v := range w.Float32s() {
			tau += float64(v) * float64(v) / float64(w.Shape()[1])
		}
		if math.Abs(tau-l.Tau) > 1e-5 {
			t.Errorf("%s: tau %v, want %v", l.Name, l.Tau, tau)
		}
	}
	probesRun(t, plain, train.Config{})
	for _, p := range plain.All() {
		if diff := cmp.Diff(p.Value.Float32s(), watched.Get(p.Name).Value.Float32s()); diff != "" {
			t.Errorf("%s differs with probes: %s", p.Name, diff)
		}
	}
}

// A run that was stopped and resumed has the same moments and warnings, also across a halving.
func TestProbesResume(t *testing.T) {
	config := func(dir string) train.Config {
		return train.Config{Epochs: 200, Resume: dir, Callbacks: []train.Callback{&train.Probes{Every: 1}}, Warn: func(string) {}}
	}
	want := probesRun(t, newParams(t, 1), config(""))
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	c := config(dir)
	c.Loss, c.Batch, c.Seed, c.Optimizer = graphs.BCE, 16, 1, &train.SGD{Rate: 0.01}
	c.Callbacks = append(c.Callbacks, &train.Checkpoint{Dir: dir}, &steps{warmup: 1203, begin: cancel, end: func() {}})
	_, err := train.Fit(ctx, graphs.SNN{Layers: 2, Units: 6, Outputs: 3}, newParams(t, 1), gaussian(128, 5, 0, 1, 1), c)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	got := probesRun(t, newParams(t, 1), config(dir))
	if diff := cmp.Diff(want.Moments, got.Moments); diff != "" {
		t.Errorf("moments (-uninterrupted +resumed):\n%s", diff)
	}
	if diff := cmp.Diff(want.Warnings, got.Warnings); diff != "" {
		t.Errorf("warnings (-uninterrupted +resumed):\n%s", diff)
	}
}

// The state survives JSON, and another state is refused.
func TestProbesRestore(t *testing.T) {
	p := &train.Probes{Every: 1}
	probesRun(t, newParams(t, 1), train.Config{Epochs: 200, Callbacks: []train.Callback{p}, Warn: func(string) {}})
	first, err := p.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	fresh := &train.Probes{Every: 1}
	if err := fresh.Restore(first); err != nil {
		t.Fatal(err)
	}
	second, err := fresh.Snapshot()
	if err != nil || string(first.Values) != string(second.Values) || !strings.Contains(string(first.Values), `"Every":2`) {
		t.Errorf("%s became %s, error %v", first.Values, second.Values, err)
	}
	for _, values := range []string{``, `{"Every":-1}`, `[]`} {
		if err := fresh.Restore(train.Snapshot{Values: []byte(values)}); err == nil {
			t.Errorf("restored from %q", values)
		}
	}
}

// timedProbes measures the time that probes take, one in every step.
type timedProbes struct {
	train.Probes
	spent time.Duration
}

func (p *timedProbes) BeforeUpdate(ctx context.Context, s *train.State) error {
	if s.Step%500 == 0 { // before anything is thinned out
		p.Probes, s.History.Moments = train.Probes{Every: 1}, nil
	}
	begin := time.Now()
	defer func() { p.spent += time.Since(begin) }()
	return p.Probes.BeforeUpdate(ctx, s)
}

// BenchmarkProbes measures a probe of all layers, in microseconds, and its share of the time of training where there is
// one in 50 steps.
func BenchmarkProbes(b *testing.B) {
	for _, size := range []struct{ batch, units int }{{128, 1024}, {128, 256}, {64, 64}} {
		b.Run(fmt.Sprintf("batch=%d/units=%d", size.batch, size.units), func(b *testing.B) {
			probes := &timedProbes{Probes: train.Probes{Every: 1}}
			var begin time.Time
			var total time.Duration
			model := graphs.SNN{Layers: 8, Units: size.units, Outputs: 12, Dropout: 0.05}
			_, err := train.Fit(context.Background(), model, newParams(b, 1), oneBatch(size.batch, size.units), train.Config{
				Loss: graphs.BCE, Epochs: b.N + 5, Batch: size.batch, Optimizer: &train.Adam{Rate: 1e-4}, Warn: func(string) {},
				Callbacks: []train.Callback{probes, &steps{
					warmup: 5, measured: b.N,
					begin: func() { b.ResetTimer(); probes.spent = 0; begin = time.Now() },
					end:   func() { b.StopTimer(); total = time.Since(begin) },
				}},
			})
			if err != nil {
				b.Fatal(err)
			}
			probe, step := probes.spent.Seconds()/float64(b.N), (total-probes.spent).Seconds()/float64(b.N)
			b.ReportMetric(1e6*probe, "µs/probe")
			b.ReportMetric(1e6*step, "µs/step")
			b.ReportMetric(100*probe/50/step, "%of50steps")
		})
	}
}
