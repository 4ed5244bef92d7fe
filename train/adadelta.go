package train

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// AdaDelta scales the gradient by the ratio of the root mean squares of past updates and gradients (Zeiler 2012, algorithm 1).
// Order of operations and results are PyTorch's.
type AdaDelta struct {
	// Rate is the factor of the update, which the paper does not have. 0 means 1.
	Rate float64
	// Rho is the decay rate of the averages, below 1. 0 means 0.9.
	Rho float64
	// Eps is added under the roots. 0 means 1e-6.
	Eps float64
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64

	pace
}

var (
	_ Optimizer = (*AdaDelta)(nil)
	_ Stateful  = (*AdaDelta)(nil)
)

// adadeltaBuffers are the mean squares of the gradients and of the updates.
var adadeltaBuffers = []string{"gradients", "updates"}

// Step updates the parameters in place.
func (a *AdaDelta) Step(model []G.ValueGrad) error { return a.step(model, a.rule) }

func (a *AdaDelta) rule() (rule, error) {
	k := kernel.AdaDelta{Rate: orDefault(a.Rate, 1), Rho: orDefault(a.Rho, 0.9), Eps: orDefault(a.Eps, 1e-6), L2: a.L2}
	if err := check("AdaDelta", positive("rate", k.Rate), fraction("rho", k.Rho), positive("eps", k.Eps), notNegative("L2", k.L2)); err != nil {
		return rule{}, err
	}
	k.Rate = a.rate(k.Rate)
	return rule{
		buffers: adadeltaBuffers,
		f32:     func(x operands[float32]) { kernel.AdaDeltaStep(k, a.workers, x.value, x.grad, x.state[0], x.state[1]) },
		f64:     func(x operands[float64]) { kernel.AdaDeltaStep(k, a.workers, x.value, x.grad, x.state[0], x.state[1]) },
	}, nil
}

// Snapshot implements Stateful.
func (a *AdaDelta) Snapshot() (Snapshot, error) { return a.snapshot("adadelta") }

// Restore implements Stateful.
func (a *AdaDelta) Restore(s Snapshot) error { return a.restore("adadelta", adadeltaBuffers, s) }
