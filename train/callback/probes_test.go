package callback_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
)

// probesRun trains 8 steps an epoch with a fresh Probes and returns the history.
func probesRun(t *testing.T, net *graphs.Network, c train.Config) *train.History {
	t.Helper()
	return traintest.Fit(t, net, gaussian(128, 5, 0, 1, 1), probesConfig(c))
}

func probesConfig(c train.Config) train.Config {
	c.Batch, c.Seed, c.Optimizer = 16, 1, optim.SGD{Rate: 0.01}
	return c
}

// probed is the network of probesRun.
func probed(t *testing.T) *graphs.Network {
	t.Helper()
	return traintest.Network(t, graphs.SNN{Layers: 2, Units: 6, Outputs: 3}, 5, graphs.BCE, 1)
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
		h := probesRun(t, probed(t), train.Config{Epochs: test.epochs, Callbacks: []train.Callback{&callback.Probes{Every: test.every}}})
		var want []int
		for step := 1; step <= 8*test.epochs; step += test.stride {
			want = append(want, step)
		}
		if diff := cmp.Diff(want, stepsOf(h)); diff != "" || len(want) > 1000 {
			t.Errorf("every %d, %d epochs: steps (-want +got)\n%s", test.every, test.epochs, diff)
		}
	}
	if h := probesRun(t, probed(t), train.Config{Epochs: 5}); len(h.Moments) > 0 {
		t.Errorf("%d moments were kept without Probes", len(h.Moments))
	}
	_, err := train.Fit(context.Background(), traintest.New(t), traintest.Rows(), train.Config{Callbacks: []train.Callback{&callback.Probes{Every: -1}}})
	if err == nil || !strings.Contains(err.Error(), "-1") {
		t.Errorf("every -1 steps: error %v", err)
	}
}

// The numbers of the first step are those of the initial weights, and probes change nothing.
func TestProbesSeeInitialWeights(t *testing.T) {
	initial, watched, plain := probed(t).Params, probed(t), probed(t)
	h := probesRun(t, watched, train.Config{Callbacks: []train.Callback{&callback.Probes{}}})
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
	traintest.SameBits(t, "with probes", watched.Params, plain.Params)
}

// A step of several batches has one entry.
func TestProbesAccumulate(t *testing.T) {
	h := probesRun(t, probed(t), train.Config{Epochs: 3, Accumulate: 3, Callbacks: []train.Callback{&callback.Probes{Every: 2}}})
	if diff := cmp.Diff([]int{1, 3, 5, 7, 9}, stepsOf(h)); diff != "" {
		t.Errorf("steps (-want +got)\n%s", diff)
	}
}

// A run that was stopped and resumed has the same moments and warnings, also across a halving.
func TestProbesResume(t *testing.T) {
	config := func(dir string) train.Config {
		c := train.Config{Epochs: 200, Callbacks: []train.Callback{&callback.Probes{Every: 1}}, Warn: func(string) {}}
		if dir != "" {
			c.Checkpoint = &train.Checkpoint{Dir: dir, Resume: true, EveryEpochs: 150}
		}
		return probesConfig(c)
	}
	want := probesRun(t, probed(t), config(""))
	dir := t.TempDir()
	traintest.CancelAfter(t, 1203, probed(t), gaussian(128, 5, 0, 1, 1), config(dir))
	got := probesRun(t, probed(t), config(dir))
	if diff := cmp.Diff(want.Moments, got.Moments); diff != "" {
		t.Errorf("moments (-uninterrupted +resumed):\n%s", diff)
	}
	if diff := cmp.Diff(want.Warnings, got.Warnings); diff != "" {
		t.Errorf("warnings (-uninterrupted +resumed):\n%s", diff)
	}
}

// The state survives JSON, and another state is refused.
func TestProbesRestore(t *testing.T) {
	p := &callback.Probes{Every: 1}
	probesRun(t, probed(t), train.Config{Epochs: 200, Callbacks: []train.Callback{p}, Warn: func(string) {}})
	first, err := p.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	fresh := &callback.Probes{Every: 1}
	if err := fresh.Restore(first); err != nil {
		t.Fatal(err)
	}
	second, err := fresh.Snapshot()
	if err != nil || string(first.Values) != string(second.Values) || !strings.Contains(string(first.Values), `"Every":2`) {
		t.Errorf("%s became %s, error %v", first.Values, second.Values, err)
	}
	for _, values := range []string{``, `{"Every":-1}`, `[]`} {
		if err := fresh.Restore(optim.Snapshot{Values: []byte(values)}); err == nil {
			t.Errorf("restored from %q", values)
		}
	}
}

// timedProbes measures the time that probes take, one in every step.
type timedProbes struct {
	callback.Probes
	spent time.Duration
}

func (p *timedProbes) BeforeUpdate(ctx context.Context, s *train.State) error {
	if s.Step%500 == 0 { // before anything is thinned out
		p.Probes, s.History.Moments = callback.Probes{Every: 1, Gradients: p.Gradients}, nil
	}
	begin := time.Now()
	defer func() { p.spent += time.Since(begin) }()
	return p.Probes.BeforeUpdate(ctx, s)
}

// BenchmarkProbes measures a probe of all layers, in microseconds, and its share of the time of training where there is
// one in 50 steps.
func BenchmarkProbes(b *testing.B) {
	for _, size := range []struct {
		batch, units int
		gradients    bool
	}{{128, 1024, false}, {128, 256, false}, {64, 64, false}, {128, 1024, true}, {128, 256, true}, {64, 64, true}} {
		b.Run(fmt.Sprintf("batch=%d/units=%d/gradients=%t", size.batch, size.units, size.gradients), func(b *testing.B) {
			probes := &timedProbes{Probes: callback.Probes{Every: 1, Gradients: size.gradients}}
			var begin time.Time
			var total time.Duration
			net := traintest.Network(b, graphs.SNN{Layers: 8, Units: size.units, Outputs: 12, Dropout: 0.05}, size.units, graphs.BCE, 1)
			traintest.Fit(b, net, traintest.OneBatch(size.batch, size.units), train.Config{
				Epochs: b.N + 5, Batch: size.batch, Optimizer: optim.Adam{Rate: 1e-4},
				Callbacks: []train.Callback{probes, &traintest.Steps{
					Warmup: 5, Measured: b.N,
					Begin: func() { b.ResetTimer(); probes.spent = 0; begin = time.Now() },
					End:   func() { b.StopTimer(); total = time.Since(begin) },
				}},
			})
			probe, step := probes.spent.Seconds()/float64(b.N), (total-probes.spent).Seconds()/float64(b.N)
			b.ReportMetric(1e6*probe, "µs/probe")
			b.ReportMetric(1e6*step, "µs/step")
			b.ReportMetric(100*probe/50/step, "%of50steps")
		})
	}
}
