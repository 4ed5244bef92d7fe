package optim

import (
	"math"

	"github.com/pkg/errors"
)

// Schedule is the factor of the learning rate as a function of the progress of a run. It is a value without state, so that a
// resumed run continues where it stopped. Nil means a constant rate.
type Schedule interface {
	// At returns the factor at one step, 0 or positive.
	At(p Progress) float64
	// Check returns an error that names all settings that are out of range.
	Check() error
}

// Progress describes how far a run has come.
type Progress struct {
	// Step is the index of this optimizer step, from 0, and Steps is the number of steps of the whole run.
	Step, Steps int
	// StepsPerEpoch is the number of steps of one epoch.
	StepsPerEpoch int
}

// ScheduleFunc turns a function into a Schedule.
type ScheduleFunc func(p Progress) float64

// At implements Schedule. For a nil function it is NaN.
func (f ScheduleFunc) At(p Progress) float64 {
	if f == nil {
		return math.NaN()
	}
	return f(p)
}

// Check implements Schedule.
func (f ScheduleFunc) Check() error {
	if f == nil {
		return errors.New("ScheduleFunc: no function")
	}
	return nil
}

// CheckSchedule returns an error if a setting of a schedule is out of range. A nil schedule is valid.
func CheckSchedule(s Schedule) (err error) {
	defer recovered(&err, "a schedule")
	if s == nil {
		return nil
	}
	return errors.Wrap(s.Check(), "optim: schedule")
}

// Factor returns the factor of a schedule at a step, which is 1 for a nil schedule. It returns an error if the progress is invalid, or if
// the factor is negative or not finite.
func Factor(s Schedule, p Progress) (factor float64, err error) {
	defer recovered(&err, "a schedule")
	if !p.valid() {
		return 0, errors.Errorf("optim: schedule: step %d of %d, %d per epoch", p.Step, p.Steps, p.StepsPerEpoch)
	}
	if s == nil {
		return 1, nil
	}
	if factor = s.At(p); !(factor >= 0) || !finite(factor) {
		return 0, errors.Errorf("optim: schedule %T: factor %v at step %d of %d, want 0 or a positive number", s, factor, p.Step, p.Steps)
	}
	return factor, nil
}

func (p Progress) valid() bool { return p.Step >= 0 && p.Step < p.Steps && p.StepsPerEpoch >= 1 }

// Constant keeps the rate.
type Constant struct{}

// At implements Schedule.
func (Constant) At(Progress) float64 { return 1 }

// Check implements Schedule.
func (Constant) Check() error { return nil }

// Cosine falls from 1 to 0 along half a cosine (Loshchilov and Hutter 2017, equation 5, without restarts).
// It is PyTorch's CosineAnnealingLR with T_max = Steps.
type Cosine struct{}

// At implements Schedule.
func (Cosine) At(p Progress) float64 {
	return 0.5 * (1 + math.Cos(math.Pi*float64(p.Step)/float64(p.Steps)))
}

// Check implements Schedule.
func (Cosine) Check() error { return nil }

// StepDecay multiplies the rate by Factor after each Every steps, as PyTorch's StepLR does.
type StepDecay struct {
	// Every is the number of steps between changes, at least 1.
	Every int
	// Factor is positive.
	Factor float64
}

// At implements Schedule.
func (s StepDecay) At(p Progress) float64 {
	if s.Every < 1 {
		return math.NaN()
	}
	return math.Pow(s.Factor, float64(p.Step/s.Every))
}

// Check implements Schedule.
func (s StepDecay) Check() error {
	return check("StepDecay", []setting{count("every", s.Every, 1), positive("factor", s.Factor)})
}

// Exponential multiplies the rate by Factor after each step, as PyTorch's ExponentialLR does.
type Exponential struct {
	// Factor is positive.
	Factor float64
}

// At implements Schedule.
func (e Exponential) At(p Progress) float64 { return math.Pow(e.Factor, float64(p.Step)) }

// Check implements Schedule.
func (e Exponential) Check() error {
	return check("Exponential", []setting{positive("factor", e.Factor)})
}
