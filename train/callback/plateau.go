package callback

import (
	"context"
	"encoding/json"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/optim"
)

// ReduceOnPlateau lowers the learning rate when a metric of the validation data has stopped improving: it multiplies State.RateFactor, in
// addition to the schedule. It is PyTorch's ReduceLROnPlateau with a relative threshold, which here also works for a negative metric. As in
// PyTorch, it leaves the rate alone if it would change by less than 1e-8 of the optimizer's rate. The metric knows whether lower is better.
// It requires validation data, unless it watches TrainingLoss. It is an optim.Stateful.
type ReduceOnPlateau struct {
	// Metric is the name of the metric to watch: one of Config.Metrics, "loss" for the validation loss, or TrainingLoss. Empty means Config.Metric.
	Metric string
	// Factor multiplies the rate, between 0 and 1. 0 means 0.1.
	Factor float64
	// Patience is the number of epochs without an improvement before the rate is lowered, >= 0: with 2, the third lowers it.
	// Nil means 10.
	Patience *int
	// Threshold is how much better a value must be to count, relative to the best, in [0, 1). Nil means 1e-4.
	Threshold *float64
	// Cooldown is the number of epochs after a reduction that do not count.
	Cooldown int
	// MinFactor is the smallest factor of the optimizer's rate, at least 0 and below 1.
	MinFactor float64

	watch watch
	state plateau
}

// plateau is the state of a ReduceOnPlateau.
type plateau struct {
	Best    *float64 `json:"best"` // nil if there is none
	Bad     int      `json:"bad"`  // epochs since the best one or the last reduction
	Cooling int      `json:"cooling"`
}

var (
	_ optim.Stateful = (*ReduceOnPlateau)(nil)
	_ StartCallback  = (*ReduceOnPlateau)(nil)
	_ EpochCallback  = (*ReduceOnPlateau)(nil)
)

func (r *ReduceOnPlateau) settings() (factor, threshold float64, patience int, err error) {
	if r == nil {
		return 0, 0, 0, errors.New("reduce on plateau: it is nil")
	}
	factor, threshold, patience = r.Factor, 1e-4, 10
	if factor == 0 {
		factor = 0.1
	}
	if r.Threshold != nil {
		threshold = *r.Threshold
	}
	if r.Patience != nil {
		patience = *r.Patience
	}
	if !(factor > 0 && factor < 1) || !(threshold >= 0 && threshold < 1) || patience < 0 || r.Cooldown < 0 || !(r.MinFactor >= 0 && r.MinFactor < 1) {
		err = errors.Errorf("reduce on plateau: factor %v (want between 0 and 1), threshold %v (want at least 0 and below 1), patience %d and cooldown %d "+
			"(want 0 or more), smallest factor %v (want at least 0 and below 1)", factor, threshold, patience, r.Cooldown, r.MinFactor)
	}
	return factor, threshold, patience, err
}

// AtStart implements StartCallback.
func (r *ReduceOnPlateau) AtStart(_ context.Context, s *State) (err error) {
	if _, _, _, err = r.settings(); err != nil {
		return err
	}
	if r.watch, err = watching("reduce on plateau", r.Metric, s); err != nil {
		return err
	}
	if !s.Resumed {
		r.state = plateau{}
	}
	return nil
}

// AfterEpoch implements EpochCallback.
func (r *ReduceOnPlateau) AfterEpoch(_ context.Context, s *State) error {
	factor, threshold, patience, err := r.settings()
	if err != nil {
		return err
	}
	if s.LastEpoch() == nil || r.watch.value == nil {
		return errors.New("reduce on plateau: there is no epoch in the history, or AtStart was not called")
	}
	value, ok := r.watch.value(*s.LastEpoch())
	if !ok || r.state.bad(value, threshold, r.watch.metric.Lower) <= patience {
		return nil
	}
	r.state.Cooling, r.state.Bad = r.Cooldown, 0
	if lower := math.Max(s.RateFactor*factor, r.MinFactor); s.RateFactor-lower > 1e-8 {
		s.RateFactor = lower
	}
	return nil
}

// bad takes a new value and returns the number of bad epochs. A value that is not finite is bad.
func (p *plateau) bad(value, threshold float64, lower bool) int {
	switch {
	case !finiteNumber(value):
		p.Bad++
	case p.Best == nil,
		p.Best != nil && lower && value < bar(*p.Best, -threshold),
		p.Best != nil && !lower && value > bar(*p.Best, threshold):
		p.Best, p.Bad = &value, 0
	default:
		p.Bad++
	}
	if p.Cooling > 0 {
		p.Cooling--
		p.Bad = 0
	}
	return p.Bad
}

// bar is the value to pass: best, moved by a fraction of its size.
func bar(best, by float64) float64 {
	if best < 0 {
		by = -by
	}
	return best * (1 + by)
}

// Snapshot implements Stateful.
func (r *ReduceOnPlateau) Snapshot() (optim.Snapshot, error) {
	if r == nil {
		return optim.Snapshot{}, errors.New("reduce on plateau: it is nil")
	}
	values, err := json.Marshal(r.state)
	return optim.Snapshot{Values: values}, errors.Wrap(err, "reduce on plateau")
}

// Restore implements Stateful.
func (r *ReduceOnPlateau) Restore(s optim.Snapshot) error {
	var state plateau
	if err := json.Unmarshal(s.Values, &state); err != nil {
		return errors.Wrap(err, "reduce on plateau: reading the state")
	}
	if r == nil || state.Bad < 0 || state.Cooling < 0 || len(s.Tensors) > 0 {
		return errors.Errorf("reduce on plateau: a state of %d bad epochs, %d of cooldown and %d tensors", state.Bad, state.Cooling, len(s.Tensors))
	}
	r.state = state
	return nil
}
