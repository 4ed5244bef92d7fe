package train_test

import (
	"context"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// failureNoter notes how a training ended, and ends it with err after an epoch if that is not nil.
type failureNoter struct {
	err   error
	cause error
	step  int
	ended bool
}

func (f *failureNoter) AfterEpoch(context.Context, *train.State) error { return f.err }
func (f *failureNoter) AtEnd(context.Context, *train.State) error      { f.ended = true; return nil }
func (f *failureNoter) AtFailure(s *train.State, err error)            { f.step, f.cause = s.Step, err }

// A training ends either well or with a failure, and its callbacks are told which.
func TestFailureCallback(t *testing.T) {
	broken := errors.New("broken")
	for _, test := range []struct {
		name   string
		err    error
		cancel bool
		cause  error
		step   int
	}{
		{name: "end"},
		{name: "stop", err: train.ErrStop},
		{name: "error", err: broken, cause: broken, step: 2},
		{name: "cancelled", cancel: true, cause: context.Canceled, step: 0},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		if test.cancel {
			cancel()
		}
		f := &failureNoter{err: test.err}
		_, err := train.Fit(ctx, graphs.SNN{Layers: 1, Units: 4, Outputs: 3}, newParams(t, 1), spirals(40, 1), train.Config{
			Loss: graphs.CrossEntropy, Epochs: 3, Batch: 20, Callbacks: []train.Callback{f, &failureNoter{}}, Warn: func(string) {},
		})
		cancel()
		if !errors.Is(err, test.cause) || (err == nil) != (test.cause == nil) {
			t.Errorf("%s: error %v, want %v", test.name, err, test.cause)
		}
		if !errors.Is(f.cause, test.cause) || f.step != test.step || f.ended != (test.cause == nil) {
			t.Errorf("%s: told of failure %v at step %d, of the end %v", test.name, f.cause, f.step, f.ended)
		}
	}
}
