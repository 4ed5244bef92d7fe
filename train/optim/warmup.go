package optim

import (
	"math"

	"github.com/pkg/errors"
)

// WarmUp rises linearly from the factor From to 1 in Steps steps, and then follows another schedule, for which the rest of the run counts
// as a whole run. It is PyTorch's LinearLR followed by the other schedule in a SequentialLR.
type WarmUp struct {
	// Steps is the length of the rise, at least 0. Inside PerEpoch it counts epochs.
	Steps int
	// From is the first factor, >= 0.
	From float64
	// Then is the schedule after the rise; nil means that the factor stays 1.
	Then Schedule
}

// At implements Schedule.
func (w WarmUp) At(p Progress) float64 {
	switch {
	case p.Step < w.Steps:
		return w.From + (1-w.From)*float64(p.Step)/float64(w.Steps)
	case w.Then == nil:
		return 1
	}
	p.Step, p.Steps = p.Step-w.Steps, p.Steps-w.Steps
	return w.Then.At(p)
}

// Check implements Schedule.
func (w WarmUp) Check() error {
	if err := check("WarmUp", []setting{count("steps", w.Steps, 0), notNegative("from", w.From)}); err != nil || w.Then == nil {
		return err
	}
	return errors.Wrap(w.Then.Check(), "WarmUp")
}

// PerEpoch lets a schedule count epochs instead of steps: all steps of an epoch have the same factor. PerEpoch{StepDecay{Every: 30, Factor:
// 0.1}} divides the rate by ten every 30 epochs.
type PerEpoch struct {
	// Schedule receives epochs instead of steps: the index of the epoch and the number of epochs.
	Schedule Schedule
}

// At implements Schedule.
func (e PerEpoch) At(p Progress) float64 {
	if e.Schedule == nil || !p.valid() {
		return math.NaN()
	}
	epochs := p.Steps / p.StepsPerEpoch
	if p.Steps%p.StepsPerEpoch > 0 {
		epochs++
	}
	return e.Schedule.At(Progress{Step: p.Step / p.StepsPerEpoch, Steps: epochs, StepsPerEpoch: 1})
}

// Check implements Schedule.
func (e PerEpoch) Check() error {
	if e.Schedule == nil {
		return errors.New("PerEpoch: no schedule")
	}
	return errors.Wrap(e.Schedule.Check(), "PerEpoch")
}
