package callback

import (
	"context"
	"reflect"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train/metric"
)

// ErrStop is returned by a callback to end the training. Fit then returns without an error.
var ErrStop = errors.New("train: stop")

// ErrDiverged is the cause of the error of a training whose loss or weights are no longer finite numbers.
var ErrDiverged = errors.New("the training has diverged")

// Callback has at least one of the methods of StartCallback, UpdateCallback, StepCallback, EpochCallback, EndCallback and FailureCallback.
// Fit rejects a callback that has none. Declare the interfaces of your own callback, so that the compiler finds a misspelled method:
//
//	var _ callback.EpochCallback = (*Mine)(nil)
//
// If a method returns ErrStop, the run ends after the other callbacks have been called. Any other error ends it at once, and Fit returns
// that error; a panic counts as an error.
type Callback any

// StartCallback is called before the first step of a run. A callback that is used for several runs resets its state here. In a run that
// continues from a checkpoint, s.Resumed is set, s.History holds the epochs before, and a callback that is an optim.Stateful has been
// restored. An error ends the run before its first step.
type StartCallback interface {
	AtStart(ctx context.Context, s *State) error
}

// UpdateCallback is called in each step between the backward pass and the update of the weights: the values of the graph's nodes, including
// the gradients, belong to the weights before the update. With Config.Accumulate it is called once for each batch of the step. If it
// returns ErrStop, the update is skipped.
type UpdateCallback interface {
	BeforeUpdate(ctx context.Context, s *State) error
}

// SparseUpdateCallback is an UpdateCallback that is called only in the steps for which UpdateDue returns true. In the other steps Fit
// updates parameters while the backward pass still runs, which is faster and gives the same weights.
type SparseUpdateCallback interface {
	UpdateCallback
	UpdateDue(s *State) bool
}

// GradientCallback is an UpdateCallback that may read the gradients at the layers, by graphs.Graph.GradientProbes. If LayerGradients
// returns true before the run, its training graphs keep them.
type GradientCallback interface {
	UpdateCallback
	LayerGradients() bool
}

// WantGradients reports whether a callback reads the gradients at the layers.
func WantGradients(callbacks []Callback) bool {
	return slices.ContainsFunc(callbacks, func(c Callback) bool {
		g, ok := c.(GradientCallback)
		return ok && g.LayerGradients()
	})
}

// StepCallback is called after each step.
type StepCallback interface {
	AfterStep(ctx context.Context, s *State) error
}

// EpochCallback is called after each epoch, when it has been validated.
type EpochCallback interface {
	AfterEpoch(ctx context.Context, s *State) error
}

// EndCallback is called when the training ends without an error.
type EndCallback interface {
	AtEnd(ctx context.Context, s *State) error
}

// FailureCallback is called when a run that has started ends with an error, including a cancelled context. Use it to close files.
type FailureCallback interface {
	AtFailure(s *State, err error)
}

// Check returns an error for a callback that has none of the methods.
func Check(c Callback) error {
	if v := reflect.ValueOf(c); c == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return errors.New("a callback is nil")
	}
	switch c.(type) {
	case StartCallback, UpdateCallback, StepCallback, EpochCallback, EndCallback, FailureCallback:
		return nil
	}
	return errors.Errorf("a %T has none of the methods of a callback: AtStart, BeforeUpdate, AfterStep, AfterEpoch, AtEnd, AtFailure; is the receiver a pointer?", c)
}

// State is the state of a run, for its callbacks.
type State struct {
	// Epoch counts from 1. Step counts the updates of the weights in the whole run from 1, of Steps in all.
	Epoch, Epochs int
	Step, Steps   int
	// Loss is the loss of the last step, and Rate the factor of its learning rate, schedule and RateFactor together. A resumed run
	// has no Rate before its first step.
	Loss, Rate float64
	// LearningRate is that of the optimizer, which Rate multiplies; 0 if it has none (see optim.Rated).
	LearningRate float64
	// Net is the network that is trained, and Params are its weights. A callback may change their values between steps. With
	// Config.Average they hold the average in AfterEpoch and AtEnd.
	Net    *graphs.Network
	Params *nn.Params
	// Graph is the training graph of the last step, nil before the first; Graph.Value returns the values of its nodes in that step.
	Graph *graphs.Graph
	// RateFactor multiplies the learning rate, in addition to the schedule. It starts at 1; a callback may change it.
	RateFactor float64
	// History holds the finished epochs, including the one that has just ended.
	History *History
	// Metric is the metric of the validation data, and Metrics are the further ones. Validated reports whether there are validation data.
	Metric    metric.Metric
	Metrics   []metric.Metric
	Validated bool
	// ValidateEvery is the number of epochs from one validation to the next; 0 means 1. The last epoch is always validated.
	ValidateEvery int
	// TrainingMetrics reports whether the metrics are also computed for the training rows.
	TrainingMetrics bool
	// Resumed reports whether the run continues from a checkpoint.
	Resumed bool
	// OnWarning is called with each new warning. It may be nil.
	OnWarning func(string)
}

// Warn adds a sentence to History.Warnings and passes it to OnWarning, unless it is there already.
func (s *State) Warn(warning string) {
	if s == nil || s.History == nil || slices.Contains(s.History.Warnings, warning) {
		return
	}
	s.History.Warnings = append(s.History.Warnings, warning)
	if s.OnWarning != nil {
		s.OnWarning(warning)
	}
}

// LastEpoch returns the last finished epoch, or nil if there is none.
func (s *State) LastEpoch() *Epoch {
	if s == nil || s.History == nil || len(s.History.Epochs) == 0 {
		return nil
	}
	return &s.History.Epochs[len(s.History.Epochs)-1]
}
