package optim

import (
	"math"

	"github.com/selfnorm/selfnorm/ops/kernel"
)

// Adam is the rule of Kingma and Ba 2015, algorithm 1. Order of operations and results are PyTorch's.
//
// For a row-sparse gradient, such as that of an embedding, it is PyTorch's SparseAdam: moments and weights of the other rows do not change, which is not the same as a gradient of 0. With L2 it takes no such gradients.
type Adam struct {
	// Rate is the learning rate. 0 means 0.001.
	Rate float64
	// Beta1 and Beta2 are the decay rates of the moments, in [0, 1). nil means 0.9 and 0.999.
	Beta1, Beta2 *float64
	// Eps is added to the root of the second moment, >= 0. nil means 1e-8. With 0, an element whose gradients have all been 0 becomes
	// NaN.
	Eps *float64
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64
}

func init() {
	mustRegister("", func(rate, decay float64) Rule { return Adam{Rate: rate, L2: decay} })
}

// Name implements Rule.
func (a Adam) Name() string { return "adam" }

// Buffers implements Rule.
func (a Adam) Buffers() []string { return []string{"m", "v"} } // the first and the second moment

// Check implements Rule.
func (a Adam) Check() error { return check("Adam", a.settings()) }

func (a Adam) settings() []setting {
	k := a.kernel(Step{RateFactor: 1})
	return []setting{
		positive("rate", k.Rate), fraction("beta1", k.Beta1), fraction("beta2", k.Beta2), notNegative("eps", k.Eps), notNegative("L2", k.L2),
	}
}

// kernel returns the settings of a step, with defaults filled in.
func (a Adam) kernel(s Step) kernel.Adam {
	return kernel.Adam{
		Rate: a.LearningRate() * s.RateFactor, Beta1: given(a.Beta1, 0.9), Beta2: given(a.Beta2, 0.999),
		Eps: given(a.Eps, 1e-8), L2: s.decay(a.L2), T: s.Number,
	}
}

// Update32 implements Rule.
func (a Adam) Update32(s Step, x Operands[float32]) error { return updateAdam(a, s, x) }

// Update64 implements Rule.
func (a Adam) Update64(s Step, x Operands[float64]) error { return updateAdam(a, s, x) }

// TakesRows implements RowRule.
func (a Adam) TakesRows() bool { return a.L2 == 0 }

func updateAdam[T kernel.Float](a Adam, s Step, x Operands[T]) error {
	if err := x.CheckRows(s, 2); err != nil {
		return err
	}
	if x.Rows != nil {
		k := a.kernel(s)
		k.Eps /= math.Sqrt(1 - math.Pow(k.Beta2, float64(k.T))) // SparseAdam adds it before the second moment is corrected for its bias
		kernel.AdamRows(k, s.Workers, x.Value, x.Grad, x.Buffers[0], x.Buffers[1], x.Rows, x.Width)
		return nil
	}
	kernel.AdamStep(a.kernel(s), s.Workers, x.Value, x.Grad, x.Buffers[0], x.Buffers[1])
	return nil
}

// LearningRate implements Rated.
func (a Adam) LearningRate() float64 { return orDefault(a.Rate, 1e-3) }
