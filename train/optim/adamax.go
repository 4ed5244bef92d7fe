package optim

import "github.com/selfnorm/selfnorm/ops/kernel"

// AdaMax is Adam with the infinity norm in place of the second moment (Kingma and Ba 2015, algorithm 2).
// Order of operations and results are PyTorch's.
type AdaMax struct {
	// Rate is the learning rate. 0 means 0.002.
	Rate float64
	// Beta1 and Beta2 are the decay rates of the first moment and of the norm, in [0, 1). nil means 0.9 and 0.999.
	Beta1, Beta2 *float64
	// Eps is added to the size of the gradient, >= 0. nil means 1e-8. With 0, an element whose gradients have all been 0 becomes NaN.
	Eps *float64
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64
}

func init() {
	mustRegister("", func(rate, decay float64) Rule { return AdaMax{Rate: rate, L2: decay} })
}

// Name implements Rule.
func (a AdaMax) Name() string { return "adamax" }

// Buffers implements Rule.
func (a AdaMax) Buffers() []string { return []string{"m", "u"} } // the first moment and the infinity norm

// Check implements Rule.
func (a AdaMax) Check() error { return check("AdaMax", a.settings()) }

func (a AdaMax) settings() []setting {
	k := a.kernel(Step{RateFactor: 1})
	return []setting{
		positive("rate", k.Rate), fraction("beta1", k.Beta1), fraction("beta2", k.Beta2), notNegative("eps", k.Eps), notNegative("L2", k.L2),
	}
}

// kernel returns the settings of a step, with defaults filled in.
func (a AdaMax) kernel(s Step) kernel.AdaMax {
	return kernel.AdaMax{
		Rate: a.LearningRate() * s.RateFactor, Beta1: given(a.Beta1, 0.9), Beta2: given(a.Beta2, 0.999),
		Eps: given(a.Eps, 1e-8), L2: s.decay(a.L2), T: s.Number,
	}
}

// Update32 implements Rule.
func (a AdaMax) Update32(s Step, x Operands[float32]) error { return updateAdaMax(a, s, x) }

// Update64 implements Rule.
func (a AdaMax) Update64(s Step, x Operands[float64]) error { return updateAdaMax(a, s, x) }

func updateAdaMax[T kernel.Float](a AdaMax, s Step, x Operands[T]) error {
	if err := x.Check(s, 2); err != nil {
		return err
	}
	kernel.AdaMaxStep(a.kernel(s), s.Workers, x.Value, x.Grad, x.Buffers[0], x.Buffers[1])
	return nil
}

// LearningRate implements Rated.
func (a AdaMax) LearningRate() float64 { return orDefault(a.Rate, 2e-3) }
