package optim

import "github.com/selfnorm/selfnorm/ops/kernel"

// AdaGrad divides the gradient by the root of the sum of all squared gradients so far (Duchi et al. 2011), which starts at 0.
// Order of operations and results are PyTorch's. A row-sparse gradient gives the result of a dense one; with L2, AdaGrad takes none.
type AdaGrad struct {
	// Rate is the learning rate. 0 means 0.01.
	Rate float64
	// RateDecay divides the rate of step t, counted from 0, by 1 + t RateDecay; >= 0.
	RateDecay float64
	// Eps is added to the root, >= 0. nil means 1e-10. With 0, an element whose gradients have all been 0 becomes NaN.
	Eps *float64
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64
}

func init() {
	mustRegister("", func(rate, decay float64) Rule { return AdaGrad{Rate: rate, L2: decay} })
}

// Name implements Rule.
func (a AdaGrad) Name() string { return "adagrad" }

// Buffers implements Rule.
func (a AdaGrad) Buffers() []string { return []string{"sum"} } // of the squared gradients

// Check implements Rule.
func (a AdaGrad) Check() error { return check("AdaGrad", a.settings()) }

func (a AdaGrad) settings() []setting {
	k := a.kernel(Step{RateFactor: 1})
	return []setting{
		positive("rate", k.Rate), notNegative("rate decay", k.RateDecay), notNegative("eps", k.Eps), notNegative("L2", k.L2),
	}
}

// kernel returns the settings of a step, with defaults filled in.
func (a AdaGrad) kernel(s Step) kernel.AdaGrad {
	return kernel.AdaGrad{
		Rate: a.LearningRate() * s.RateFactor, RateDecay: a.RateDecay, Eps: given(a.Eps, 1e-10), L2: s.decay(a.L2), T: s.Number,
	}
}

// Update32 implements Rule.
func (a AdaGrad) Update32(s Step, x Operands[float32]) error { return updateAdaGrad(a, s, x) }

// Update64 implements Rule.
func (a AdaGrad) Update64(s Step, x Operands[float64]) error { return updateAdaGrad(a, s, x) }

// TakesRows implements RowRule.
func (a AdaGrad) TakesRows() bool { return a.L2 == 0 }

func updateAdaGrad[T kernel.Float](a AdaGrad, s Step, x Operands[T]) error {
	if err := x.CheckRows(s, 1); err != nil {
		return err
	}
	if x.Rows != nil {
		kernel.AdaGradRows(a.kernel(s), s.Workers, x.Value, x.Grad, x.Buffers[0], x.Rows, x.Width)
		return nil
	}
	kernel.AdaGradStep(a.kernel(s), s.Workers, x.Value, x.Grad, x.Buffers[0])
	return nil
}

// LearningRate implements Rated.
func (a AdaGrad) LearningRate() float64 { return orDefault(a.Rate, 0.01) }
