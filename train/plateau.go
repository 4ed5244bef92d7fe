package train

import (
	"context"
	"encoding/json"
	"math"

	"github.com/pkg/errors"
)

// ReduceOnPlateau lowers the learning rate when the validation metric has stopped getting better: it multiplies
// State.RateFactor, which works besides the schedule. It is PyTorch's ReduceLROnPlateau with a relative threshold; as
// there, the rate is left alone if it would change by less than 1e-8 of the optimizer's rate. It is Stateful.
type ReduceOnPlateau struct {
	// Factor multiplies the rate, between 0 and 1. 0 means 0.1.
	Factor float64
	// Patience is the number of epochs without a better value that are let pass. 0 means 10, a negative number means none.
	Patience int
	// Threshold is how much better a value must be to count, relative to the best. 0 means 1e-4.
	Threshold float64
	// Cooldown is the number of epochs after a reduction that do not count.
	Cooldown int
	// MinFactor is the smallest factor of the optimizer's rate, at least 0 and below 1.
	MinFactor float64
	// Lower says that lower is better, as for a loss; it is Metric.Lower of the run's metric.
	Lower bool
	// Value is what to watch. Nil means Epoch.ValidationMetric, which needs Config.Validation.
	Value func(Epoch) float64

	state plateau
}

// plateau is the state of a ReduceOnPlateau.
type plateau struct {
	Best    *float64 `json:"best"` // nil if there is none
	Bad     int      `json:"bad"`  // epochs since the best one or the last reduction
	Cooling int      `json:"cooling"`
}

var _ Stateful = (*ReduceOnPlateau)(nil)

// AfterEpoch implements Callback.
func (r *ReduceOnPlateau) AfterEpoch(_ context.Context, s *State) error {
	factor, threshold, patience := orDefault(r.Factor, 0.1), orDefault(r.Threshold, 1e-4), max(0, r.Patience)
	if r.Patience == 0 {
		patience = 10
	}
	err := check("reduce on plateau", limit{"factor", factor, factor > 0 && factor < 1, "between 0 and 1"},
		fraction("threshold", threshold), notNegative("cooldown", float64(r.Cooldown)), fraction("smallest factor", r.MinFactor))
	if err != nil {
		return err
	}
	if len(s.History.Epochs) == 0 {
		return errors.New("reduce on plateau: no epoch in the history")
	}
	if s.Epoch == 1 {
		r.state = plateau{}
	}
	if r.state.bad(r.value(s), threshold, r.Lower) <= patience {
		return nil
	}
	r.state.Cooling, r.state.Bad = r.Cooldown, 0
	if lower := math.Max(s.RateFactor*factor, r.MinFactor); s.RateFactor-lower > 1e-8 {
		s.RateFactor = lower
	}
	return nil
}

func (r *ReduceOnPlateau) value(s *State) float64 {
	epoch := s.History.Epochs[len(s.History.Epochs)-1]
	if r.Value != nil {
		return r.Value(epoch)
	}
	return epoch.ValidationMetric
}

// bad takes a new value and returns the number of bad epochs. A value that is not finite is bad.
func (p *plateau) bad(value, threshold float64, lower bool) int {
	switch {
	case !finiteNumber(value):
		p.Bad++
	case p.Best == nil,
		p.Best != nil && lower && value < *p.Best*(1-threshold),
		p.Best != nil && !lower && value > *p.Best*(1+threshold):
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

// Snapshot implements Stateful.
func (r *ReduceOnPlateau) Snapshot() (Snapshot, error) {
	values, err := json.Marshal(r.state)
	return Snapshot{Values: values}, errors.Wrap(err, "reduce on plateau")
}

// Restore implements Stateful.
func (r *ReduceOnPlateau) Restore(s Snapshot) error {
	var state plateau
	if err := json.Unmarshal(s.Values, &state); err != nil {
		return errors.Wrap(err, "reduce on plateau: reading the state")
	}
	if state.Bad < 0 || state.Cooling < 0 || len(s.Tensors) > 0 {
		return errors.Errorf("reduce on plateau: a state of %d bad epochs, %d of cooldown and %d tensors", state.Bad, state.Cooling, len(s.Tensors))
	}
	r.state = state
	return nil
}
