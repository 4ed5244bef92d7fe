package callback

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
)

// EarlyStopping keeps the weights of the epoch with the best value of a metric of the validation data. It restores them when the run ends,
// even if the run is cancelled or diverges. The metric knows whether lower is better. The zero value keeps the best epoch of Config.Metric
// and never ends a run early. It requires validation data, unless it watches TrainingLoss.
type EarlyStopping struct {
	// Metric is the name of the metric to watch: one of Config.Metrics, "loss" for the validation loss, or TrainingLoss. Empty means Config.Metric.
	Metric string
	// Window is the length of the moving average: the value of an epoch is the mean over it and the validated epochs before it.
	// 0 means 1, no averaging. The first Window - 1 validated epochs do not count. A run with fewer validations than Window
	// averages over all of them. The paper selects the best of 100 epochs on a moving average of 10.
	Window int
	// Patience is the number of epochs without improvement after which to stop. 0 means never.
	Patience int
	// MinDelta is how much a value must exceed the best one to count as better, >= 0.
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
	if e == nil {
		return errors.New("early stopping: it is nil")
	}
	if s == nil || !s.Resumed {
		e.kept, e.epoch = nil, 0
	}
	if e.Window < 0 || e.Patience < 0 || !(e.MinDelta >= 0) || math.IsInf(e.MinDelta, 0) {
		return errors.Errorf("early stopping with a window of %d epochs, a patience of %d and a least improvement of %v", e.Window, e.Patience, e.MinDelta)
	}
	e.watch, err = watching("early stopping", e.Metric, s)
	return err
}

// AfterEpoch implements EpochCallback.
func (e *EarlyStopping) AfterEpoch(_ context.Context, s *State) error {
	if e == nil || s.LastEpoch() == nil || e.watch.value == nil {
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
	if e.Patience == 0 {
		return nil
	}
	if e.kept != nil && s.Epoch-e.epoch >= e.Patience {
		return ErrStop
	}
	if values := e.watch.values(s.History.Epochs, len(s.History.Epochs)); e.kept == nil && len(values)-e.window(s) >= e.Patience {
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

// window is the length of the moving average: at most the number of values in the whole run.
func (e *EarlyStopping) window(s *State) int {
	values := s.Epochs
	if every := max(1, s.ValidateEvery); e.Metric != TrainingLoss {
		values = (s.Epochs-1)/every + 1 // the last epoch counts
	}
	return max(1, min(e.Window, values))
}

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

// Best returns the kept weights and the number of their epoch, or nil and 0 if there are none. The next better epoch overwrites them.
func (e *EarlyStopping) Best() (weights *nn.Params, epoch int) {
	if e == nil {
		return nil, 0
	}
	return e.kept, e.epoch
}

// AtEnd implements EndCallback. It restores the weights of the best epoch.
func (e *EarlyStopping) AtEnd(_ context.Context, s *State) error {
	if e == nil || s == nil || s.History == nil || e.watch.value == nil {
		return errors.New("early stopping: there is no run; give it to train.Fit")
	}
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
	if e != nil && e.kept != nil && s != nil && s.History != nil && s.Params.CopyFrom(e.kept) == nil {
		s.History.Best = e.epoch
	}
}
