package train

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
)

// EarlyStopping keeps the weights of the epoch with the best point of the smoothed validation curve, and restores them at
// the end. The paper selects the best of 100 epochs on a moving average of 10.
type EarlyStopping struct {
	// Window is the length of the moving average: that of an epoch is over it and the epochs before it. 0 means 10.
	// Epochs that lack predecessors do not count, unless the whole run is shorter than the window.
	Window int
	// Patience is the number of epochs without a new best point after which to stop. 0 means never.
	Patience int
	// Lower says that lower is better, as for a loss; it is Metric.Lower of the run's metric.
	Lower bool

	best  float64
	epoch int
	kept  *nn.Params
}

// AfterEpoch implements Callback.
func (e *EarlyStopping) AfterEpoch(_ context.Context, s *State) error {
	if e.Window < 0 || e.Patience < 0 {
		return errors.Errorf("early stopping with a window of %d and a patience of %d epochs", e.Window, e.Patience)
	}
	if s.Epoch == 1 {
		e.kept, e.epoch = nil, 0
	}
	if value, ok := e.smooth(s); ok && (e.kept == nil || e.better(value)) {
		e.best, e.epoch = value, s.Epoch
		if e.kept == nil {
			e.kept = s.Params.Clone()
		} else if err := e.kept.CopyFrom(s.Params); err != nil {
			return err
		}
	}
	if e.Patience > 0 && e.kept != nil && s.Epoch-e.epoch >= e.Patience {
		return ErrStop
	}
	return nil
}

func (e *EarlyStopping) better(value float64) bool {
	if e.Lower {
		return value < e.best
	}
	return value > e.best
}

// smooth is the moving average at the last epoch; ok is false as long as there are too few epochs.
func (e *EarlyStopping) smooth(s *State) (value float64, ok bool) {
	window := e.Window
	if window == 0 {
		window = 10
	}
	window = min(window, s.Epochs)
	epochs := s.History.Epochs
	if len(epochs) < window {
		return 0, false
	}
	for _, x := range epochs[len(epochs)-window:] {
		value += x.ValidationMetric / float64(window)
	}
	return value, !math.IsNaN(value)
}

// AtEnd restores the weights of the best epoch.
func (e *EarlyStopping) AtEnd(_ context.Context, s *State) error {
	if e.kept == nil {
		return nil
	}
	s.History.Best = e.epoch
	return s.Params.CopyFrom(e.kept)
}
