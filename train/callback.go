package train

import (
	"context"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
)

// ErrStop is returned by a callback to end the training. Fit then returns without an error.
var ErrStop = errors.New("train: stop")

// Callback is called after each epoch. It may also have any of the methods of UpdateCallback, StepCallback, EndCallback
// and FailureCallback.
// An error other than ErrStop ends the training and is returned by Fit.
type Callback interface {
	AfterEpoch(ctx context.Context, s *State) error
}

// UpdateCallback is a Callback that is also called in each step between the backward pass and the update of the weights:
// the values of the graph's nodes, its gradients among them, belong to the weights of that moment.
// With a method UpdateDue(*State) bool as well, it is called only in the steps for which that returns true. In all others parameters are
// updated while the backward pass still runs, which is faster and gives the same weights.
type UpdateCallback interface {
	BeforeUpdate(ctx context.Context, s *State) error
}

// StepCallback is a Callback that is also called after each step.
type StepCallback interface {
	AfterStep(ctx context.Context, s *State) error
}

// EndCallback is a Callback that is also called when the training ends without an error.
type EndCallback interface {
	AtEnd(ctx context.Context, s *State) error
}

// FailureCallback is a Callback that is also called when the training ends with an error, a cancelled context among them, which Fit
// returns: to close what is open.
type FailureCallback interface {
	AtFailure(s *State, err error)
}

// State is what a callback sees.
type State struct {
	// Epoch counts from 1. Step counts the steps of the whole run from 1, of Steps in all.
	Epoch, Epochs int
	Step, Steps   int
	// Loss is the loss of the last step, and Rate the factor of its learning rate, schedule and RateFactor together. A resumed run
	// has no Rate before its first step.
	Loss, Rate float64
	// Params are the weights. A callback may change their values between steps.
	Params *nn.Params
	// Graph is the training graph of the last step; the values of its nodes are those of that step.
	Graph *graphs.Graph
	// RateFactor multiplies the learning rate, besides the schedule. It is 1 at the start; a callback may change it.
	RateFactor float64
	// History holds the finished epochs, the one that has just ended included.
	History *History
	// Validated says that validation data are evaluated after each epoch.
	Validated bool

	warn func(string)
}

// Warn adds a sentence to History.Warnings and tells Config.Warn, unless it is there already.
func (s *State) Warn(warning string) {
	if slices.Contains(s.History.Warnings, warning) {
		return
	}
	s.History.Warnings = append(s.History.Warnings, warning)
	if s.warn != nil {
		s.warn(warning)
	}
}
