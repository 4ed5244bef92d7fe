package train

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// AdaMax is Adam with the infinity norm in place of the second moment (Kingma and Ba 2015, algorithm 2).
// Order of operations and results are PyTorch's.
type AdaMax struct {
	// Rate is the learning rate. 0 means 0.002.
	Rate float64
	// Beta1 and Beta2 are the decay rates of the first moment and of the norm, below 1. 0 means 0.9 and 0.999.
	Beta1, Beta2 float64
	// Eps is added to the size of the gradient. 0 means 1e-8.
	Eps float64
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64

	pace
}

var (
	_ Optimizer = (*AdaMax)(nil)
	_ Stateful  = (*AdaMax)(nil)
)

// adamaxBuffers are the first moment and the infinity norm.
var adamaxBuffers = []string{"m", "u"}

// Step updates the parameters in place.
func (a *AdaMax) Step(model []G.ValueGrad) error { return a.step(model, a.rule) }

func (a *AdaMax) rule() (rule, error) {
	k := kernel.AdaMax{
		Rate: orDefault(a.Rate, 2e-3), Beta1: orDefault(a.Beta1, 0.9), Beta2: orDefault(a.Beta2, 0.999),
		Eps: orDefault(a.Eps, 1e-8), L2: a.L2, T: a.steps + 1,
	}
	if err := check("AdaMax", positive("rate", k.Rate), fraction("beta1", k.Beta1), fraction("beta2", k.Beta2),
		positive("eps", k.Eps), notNegative("L2", k.L2)); err != nil {
		return rule{}, err
	}
	k.Rate = a.rate(k.Rate)
	return rule{
		buffers: adamaxBuffers,
		f32:     func(x operands[float32]) { kernel.AdaMaxStep(k, a.workers, x.value, x.grad, x.state[0], x.state[1]) },
		f64:     func(x operands[float64]) { kernel.AdaMaxStep(k, a.workers, x.value, x.grad, x.state[0], x.state[1]) },
	}, nil
}

// Snapshot implements Stateful.
func (a *AdaMax) Snapshot() (Snapshot, error) { return a.snapshot("adamax") }

// Restore implements Stateful.
func (a *AdaMax) Restore(s Snapshot) error { return a.restore("adamax", adamaxBuffers, s) }
