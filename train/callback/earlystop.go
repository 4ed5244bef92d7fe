package callback

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
)

// EarlyStopping keeps the weights of the best epoch, by a metric of the validation data, and restores them when the training ends, also
// when it is cancelled or diverges. Whether lower is better is up to the metric. The zero value keeps the best epoch of
// Config.Metric and never ends a run early. It is an error to use it in a run without validation data.
type EarlyStopping struct {
	// Metric is the name of the metric to watch: one of Config.Metrics, "loss" for the validation loss, or TrainingLoss. Empty means Config.Metric.
	Metric string
	// Window is the length of the moving average: the value of an epoch is the mean over it and the validated epochs before it.
	// 0 means 1, no averaging. Epochs that lack predecessors do not count, unless the whole run is shorter than the window. The paper
	// selects the best of 100 epochs on a moving average of 10.
	Window int
	// Patience is the number of epochs without a new best one after which to stop. 0 means never.
	Patience int
	// MinDelta is how much better than the best one a value must be to count, >= 0.
	MinDelta float64

	watch watch
	best  float64
	epoch int
	kept  *nn.Params
}

var (
	_ StartCallback   = (*EarlyStopping)(nil)
	_ EpochCallback   = (*EarlyStopping)(nil)
	_ EndCallback     = (*EarlyStopping)(nil)
	_ FailureCallback = (*EarlyStopping)(nil)
)

// AtStart implements StartCallback.
func (e *EarlyStopping) AtStart(_ context.Context, s *State) (err error) {
	if e.Window < 0 || e.Patience < 0 || !(e.MinDelta >= 0) || math.IsInf(e.MinDelta, 0) {
		return errors.Errorf("early stopping with a window of %d epochs, a patience of %d and a least improvement of %v", e.Window, e.Patience, e.MinDelta)
	}
	if e.watch, err = watching("early stopping", e.Metric, s); err != nil {
		return err
	}
	if !s.Resumed {
		e.kept, e.epoch = nil, 0
	}
	return nil
}

// AfterEpoch implements EpochCallback.
func (e *EarlyStopping) AfterEpoch(_ context.Context, s *State) error {
	if s.LastEpoch() == nil || e.watch.value == nil {
		return errors.New("early stopping: there is no epoch in the history, or AtStart was not called")
	}
	if _, ok := e.watch.value(*s.LastEpoch()); !ok {
		return nil
	}
	if value, ok := e.smooth(s); ok && (e.kept == nil || e.better(value)) {
		e.best, e.epoch = value, s.Epoch
		if e.kept == nil {
			e.kept = s.Params.Clone()
		} else if err := e.kept.CopyFrom(s.Params); err != nil {
			return err
		}
	}
	switch {
	case e.Patience > 0 && e.kept != nil && s.Epoch-e.epoch >= e.Patience:
		return ErrStop
	case e.Patience > 0 && e.kept == nil && s.Epoch >= e.Patience+e.window(s):
		return e.never(s)
	}
	return nil
}

// never is the error of a metric that has never been a number.
func (e *EarlyStopping) never(s *State) error {
	return errors.Wrapf(ErrDiverged, "early stopping: in %d epochs the %s has never been a finite number", s.Epoch, e.watch.metric.Name)
}

func (e *EarlyStopping) better(value float64) bool {
	if e.MinDelta == 0 {
		return e.watch.metric.Better(value, e.best)
	}
	if e.watch.metric.Lower {
		return value < e.best-e.MinDelta
	}
	return value > e.best+e.MinDelta
}

func (e *EarlyStopping) window(s *State) int { return max(1, min(e.Window, s.Epochs)) }

// smooth is the moving average at the last epoch; ok is false as long as there are too few epochs.
func (e *EarlyStopping) smooth(s *State) (value float64, ok bool) {
	window := e.window(s)
	values := e.watch.values(s.History.Epochs, window)
	if len(values) < window {
		return 0, false
	}
	for _, x := range values {
		value += x / float64(window)
	}
	return value, !math.IsNaN(value) && !math.IsInf(value, 0)
}

// Best returns the weights that are kept and the number of their epoch, nil and 0 if there are none. The next better epoch overwrites
// them.
func (e *EarlyStopping) Best() (weights *nn.Params, epoch int) {
	if e == nil {
		return nil, 0
	}
	return e.kept, e.epoch
}

// AtEnd implements EndCallback. It restores the weights of the best epoch.
func (e *EarlyStopping) AtEnd(_ context.Context, s *State) error {
	if e.kept == nil {
		if len(s.History.Epochs) > 0 && len(e.watch.values(s.History.Epochs, e.window(s))) == e.window(s) {
			return e.never(s)
		}
		return nil
	}
	s.History.Best = e.epoch
	return s.Params.CopyFrom(e.kept)
}

// AtFailure implements FailureCallback. It restores the weights of the best epoch, if there is one.
func (e *EarlyStopping) AtFailure(s *State, _ error) {
	if e.kept != nil && s != nil && s.Params.CopyFrom(e.kept) == nil {
		s.History.Best = e.epoch
	}
}
