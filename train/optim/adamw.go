package optim

import "github.com/selfnorm/selfnorm/ops/kernel"

// AdamW is Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): p shrinks by the factor 1 - Rate Decay,
// and the moments do not see it. The schedule applies to both. Order of operations and results are PyTorch's.
type AdamW struct {
	// Rate is the learning rate. 0 means 0.001.
	Rate float64
	// Beta1 and Beta2 are the decay rates of the moments, in [0, 1). nil means 0.9 and 0.999.
	Beta1, Beta2 *float64
	// Eps is added to the root of the second moment, >= 0. nil means 1e-8. With 0, an element whose gradients have all been 0 becomes
	// NaN.
	Eps *float64
	// Decay is the weight decay, >= 0. nil means 0.01.
	Decay *float64
}

func init() {
	mustRegister("", func(rate, decay float64) Rule {
		if decay == 0 {
			return AdamW{Rate: rate}
		}
		return AdamW{Rate: rate, Decay: &decay}
	})
}

// Name implements Rule.
func (a AdamW) Name() string { return "adamw" }

// Buffers implements Rule.
func (a AdamW) Buffers() []string { return []string{"m", "v"} } // the first and the second moment

// Check implements Rule.
func (a AdamW) Check() error { return check("AdamW", a.settings()) }

func (a AdamW) settings() []setting {
	k := a.kernel(Step{RateFactor: 1})
	return []setting{
		positive("rate", k.Rate), fraction("beta1", k.Beta1), fraction("beta2", k.Beta2), notNegative("eps", k.Eps), notNegative("decay", k.Decay),
	}
}

// kernel returns the settings of a step, with defaults filled in.
func (a AdamW) kernel(s Step) kernel.AdamW {
	return kernel.AdamW{
		Adam:  Adam{Rate: a.Rate, Beta1: a.Beta1, Beta2: a.Beta2, Eps: a.Eps}.kernel(s),
		Decay: s.decay(given(a.Decay, 0.01)),
	}
}

// Update32 implements Rule.
func (a AdamW) Update32(s Step, x Operands[float32]) error { return updateAdamW(a, s, x) }

// Update64 implements Rule.
func (a AdamW) Update64(s Step, x Operands[float64]) error { return updateAdamW(a, s, x) }

func updateAdamW[T kernel.Float](a AdamW, s Step, x Operands[T]) error {
	if err := x.Check(s, 2); err != nil {
		return err
	}
	kernel.AdamWStep(a.kernel(s), s.Workers, x.Value, x.Grad, x.Buffers[0], x.Buffers[1])
	return nil
}

// LearningRate implements Rated.
func (a AdamW) LearningRate() float64 { return Adam{Rate: a.Rate}.LearningRate() }
