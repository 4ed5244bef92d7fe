package tensorboard_test

import (
	"context"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/tensorboard"
	"gorgonia.org/tensor"
)

// Calls that make no sense give an error, and a run with absurd settings is written.
func TestNoPanics(t *testing.T) {
	ctx := context.Background()
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := params.Add("none", tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{float32(math.NaN())})), true); err != nil {
		t.Fatal(err)
	}
	state := func() *callback.State {
		return &callback.State{History: &callback.History{}, Params: params, Graph: &graphs.Graph{}}
	}
	for name, call := range map[string]func(l *tensorboard.Log, s *callback.State) error{
		"start":  func(l *tensorboard.Log, s *callback.State) error { return l.AtStart(ctx, s) },
		"step":   func(l *tensorboard.Log, s *callback.State) error { return l.AfterStep(ctx, s) },
		"epoch":  func(l *tensorboard.Log, s *callback.State) error { return l.AfterEpoch(ctx, s) },
		"scalar": func(l *tensorboard.Log, s *callback.State) error { return l.Scalar(s, "x", 1) },
	} {
		for _, l := range []*tensorboard.Log{nil, {}} {
			for _, s := range []*callback.State{nil, {}, state()} {
				if err := call(l, s); err == nil {
					t.Errorf("%s of %v and %v gives no error", name, l, s)
				}
			}
		}
	}
	for _, l := range []*tensorboard.Log{nil, {}} {
		l.AtFailure(nil, nil)
		if err := l.AtEnd(ctx, nil); err != nil {
			t.Error(err)
		}
	}
	if tensorboard.Uses("") || tensorboard.Uses("\xff") || tensorboard.Uses("log.csv") {
		t.Error("a name of another file is used")
	}
	for _, every := range []int{math.MinInt / 8, math.MaxInt / 8, math.MaxInt} {
		l := &tensorboard.Log{Dir: t.TempDir(), EverySteps: max(0, every), EveryEpochs: every}
		s := state()
		s.Step, s.Steps, s.Epoch = math.MaxInt, math.MaxInt, math.MaxInt
		s.History.Metrics = []string{"a"}
		s.History.Epochs = []callback.Epoch{{Validated: true, Loss: math.NaN(), ValidationMetrics: []float64{1, 2}, Training: &callback.Judgement{}}}
		s.History.Moments = []callback.Moments{{Step: math.MaxInt, Layers: []callback.LayerMoments{{}}}}
		for _, call := range []func() error{
			func() error { return l.AtStart(ctx, s) }, func() error { return l.AfterStep(ctx, s) }, func() error { return l.AfterEpoch(ctx, s) },
			func() error { return l.Scalar(s, "x", math.Inf(1)) }, func() error { return l.AtEnd(ctx, s) },
		} {
			if err := call(); err != nil {
				t.Errorf("every %d: %v", every, err)
			}
		}
		if l.Scalar(s, "", 1) == nil || l.Scalar(s, "\xff", 1) == nil || l.Scalar(s, "late", 1) == nil {
			t.Error("a bad tag or a late number gives no error")
		}
		events := readDir(t, l.Dir)
		if shown := curves(events); len(shown["validation/a"]) != 1 || len(shown["training/loss"]) != 1 {
			t.Errorf("every %d: %v", every, shown)
		}
	}
}
