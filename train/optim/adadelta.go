package optim

import "github.com/selfnorm/selfnorm/ops/kernel"

// AdaDelta scales the gradient by the ratio of the root mean squares of past updates and gradients (Zeiler 2012, algorithm 1).
// Order of operations and results are PyTorch's.
type AdaDelta struct {
	// Rate is a factor of the update that the paper does not have. 0 means 1.
	Rate float64
	// Rho is the decay rate of the averages, in [0, 1). nil means 0.9.
	Rho *float64
	// Eps is added under the roots; without it no parameter would ever change. 0 means 1e-6.
	Eps float64
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64
}

func init() {
	mustRegister("", func(rate, decay float64) Rule { return AdaDelta{Rate: rate, L2: decay} })
}

// Name implements Rule.
func (a AdaDelta) Name() string { return "adadelta" }

// Buffers implements Rule.
func (a AdaDelta) Buffers() []string { return []string{"gradients", "updates"} } // mean squares

// Check implements Rule.
func (a AdaDelta) Check() error { return check("AdaDelta", a.settings()) }

func (a AdaDelta) settings() []setting {
	k := a.kernel(Step{RateFactor: 1})
	return []setting{
		positive("rate", k.Rate), fraction("rho", k.Rho), positive("eps", k.Eps), notNegative("L2", k.L2),
	}
}

// kernel returns the settings of a step, with defaults filled in.
func (a AdaDelta) kernel(s Step) kernel.AdaDelta {
	return kernel.AdaDelta{Rate: a.LearningRate() * s.RateFactor, Rho: given(a.Rho, 0.9), Eps: orDefault(a.Eps, 1e-6), L2: s.decay(a.L2)}
}

// Update32 implements Rule.
func (a AdaDelta) Update32(s Step, x Operands[float32]) error { return updateAdaDelta(a, s, x) }

// Update64 implements Rule.
func (a AdaDelta) Update64(s Step, x Operands[float64]) error { return updateAdaDelta(a, s, x) }

func updateAdaDelta[T kernel.Float](a AdaDelta, s Step, x Operands[T]) error {
	if err := x.Check(s, 2); err != nil {
		return err
	}
	kernel.AdaDeltaStep(a.kernel(s), s.Workers, x.Value, x.Grad, x.Buffers[0], x.Buffers[1])
	return nil
}

// LearningRate implements Rated.
func (a AdaDelta) LearningRate() float64 { return orDefault(a.Rate, 1) }
