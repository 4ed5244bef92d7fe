package train

import "math"

// Schedule returns the factor of the learning rate at a step, counted from 0, of a run of the given number of steps.
//
// A step is one of the optimizer; PerEpoch makes a schedule whose steps are epochs. Schedules keep no state, so that a resumed
// run goes on where it stopped. One whose settings make no sense returns NaN, which the optimizers of this package refuse.
type Schedule func(step, steps int) float64

// Constant keeps the rate.
func Constant(step, steps int) float64 { return 1 }

// Cosine falls from 1 to 0 along half a cosine (Loshchilov and Hutter 2017, equation 5, without restarts).
// It is PyTorch's CosineAnnealingLR with T_max = steps.
func Cosine(step, steps int) float64 {
	return 0.5 * (1 + math.Cos(math.Pi*float64(step)/float64(steps)))
}

// StepDecay multiplies the rate by factor > 0 after each number >= 1 of steps, as PyTorch's StepLR does.
func StepDecay(every int, factor float64) Schedule {
	return func(step, _ int) float64 {
		if every < 1 || !(factor > 0) {
			return math.NaN()
		}
		return math.Pow(factor, float64(step/every))
	}
}

// Exponential multiplies the rate by factor > 0 after each step, as PyTorch's ExponentialLR does.
func Exponential(factor float64) Schedule { return StepDecay(1, factor) }

// WarmUp rises linearly from the factor from >= 0 to 1 in a number >= 0 of steps, and then follows a schedule, which sees the rest of
// the run as a run of its own. A nil one stays at 1. It is PyTorch's LinearLR, followed by the other in a SequentialLR.
func WarmUp(warmup int, from float64, then Schedule) Schedule {
	if then == nil {
		then = Constant
	}
	return func(step, steps int) float64 {
		switch {
		case warmup < 0 || !(from >= 0):
			return math.NaN()
		case step < warmup:
			return from + (1-from)*float64(step)/float64(warmup)
		}
		return then(step-warmup, steps-warmup)
	}
}

// PerEpoch counts the steps of a schedule in epochs of the given number >= 1 of optimizer steps: PerEpoch(n, StepDecay(30, 0.1)) divides
// the rate by ten every 30 epochs. The number is
// the rows of the data divided by those of a batch, rounded up; a single row left over makes no step of its own.
func PerEpoch(steps int, s Schedule) Schedule {
	return func(step, all int) float64 {
		if steps < 1 || s == nil {
			return math.NaN()
		}
		return s(step/steps, (all+steps-1)/steps)
	}
}
