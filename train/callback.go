package train

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
)

// ErrStop is returned by a callback to end the training. Fit then returns without an error.
var ErrStop = errors.New("train: stop")

// Callback is called after each epoch. It may also have any of the methods of StepCallback and EndCallback.
// An error other than ErrStop ends the training and is returned by Fit.
type Callback interface {
	AfterEpoch(ctx context.Context, s *State) error
}

// StepCallback is a Callback that is also called after each step.
type StepCallback interface {
	AfterStep(ctx context.Context, s *State) error
}

// EndCallback is a Callback that is also called when the training ends without an error.
type EndCallback interface {
	AtEnd(ctx context.Context, s *State) error
}

// State is what a callback sees.
type State struct {
	// Epoch counts from 1. Step counts the steps of the whole run from 1, of Steps in all.
	Epoch, Epochs int
	Step, Steps   int
	// Loss is the loss of the last step.
	Loss float64
	// Params are the weights. A callback may change their values between steps.
	Params *nn.Params
	// History holds the finished epochs, the one that has just ended included.
	History *History
}

// History is what happened in a training.
type History struct {
	// Metric is the name of the metric of the validation data.
	Metric string
	Epochs []Epoch
	// Best is the number of the epoch whose weights were kept, 0 if it is the last one as usual.
	Best int
}

// Epoch is one pass over the data.
type Epoch struct {
	Number int
	// Loss is the mean over the batches of the training loss, with dropout on.
	Loss float64
	// ValidationLoss and ValidationMetric are 0 without validation data.
	ValidationLoss, ValidationMetric float64
	// Rate is the factor that the schedule gave the learning rate at the last step.
	Rate float64
}
