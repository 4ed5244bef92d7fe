package train_test

import (
	"context"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// failureNoter notes how a training ended. It returns startErr at the start and err after an epoch.
type failureNoter struct {
	startErr, err error
	cause         error
	step, failed  int
	ended         bool
}

func (f *failureNoter) AtStart(context.Context, *train.State) error    { return f.startErr }
func (f *failureNoter) AfterEpoch(context.Context, *train.State) error { return f.err }
func (f *failureNoter) AtEnd(context.Context, *train.State) error      { f.ended = true; return nil }
func (f *failureNoter) AtFailure(s *train.State, err error) {
	f.failed++
	f.step, f.cause = s.Step, err
}

// A training ends either well or with a failure, and its callbacks learn which.
func TestFailureCallback(t *testing.T) {
	broken := errors.New("broken")
	for _, test := range []struct {
		name          string
		startErr, err error
		cancel        bool
		cause         error
		step          int
	}{
		{name: "end"},
		{name: "stop", err: train.ErrStop},
		{name: "stop at the start", startErr: train.ErrStop},
		{name: "error", err: broken, cause: broken, step: 2},
		{name: "error at the start", startErr: broken, cause: broken},
		{name: "cancelled", cancel: true, cause: context.Canceled, step: 0},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		if test.cancel {
			cancel()
		}
		f, behind := &failureNoter{startErr: test.startErr, err: test.err}, &failureNoter{}
		_, err := train.Fit(ctx, newNetwork(t, graphs.SNN{Layers: 1, Units: 4, Outputs: 3}, 2, graphs.CrossEntropy, 1), spirals(40, 1), train.Config{
			Epochs: 3, Batch: 20, Callbacks: []train.Callback{f, behind}, Warn: func(string) {},
		})
		cancel()
		if !errors.Is(err, test.cause) || (err == nil) != (test.cause == nil) {
			t.Errorf("%s: error %v, want %v", test.name, err, test.cause)
		}
		if !errors.Is(f.cause, test.cause) || f.step != test.step || f.ended != (test.cause == nil) || f.failed > 1 {
			t.Errorf("%s: it learns of failure %v at step %d, of the end %v", test.name, f.cause, f.step, f.ended)
		}
		if started := test.cause == nil || test.startErr == nil; !started && behind.failed > 0 {
			t.Errorf("%s: a callback that was not started learns of the failure", test.name)
		}
	}
}
