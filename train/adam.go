package train

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Adam is the optimizer of Kingma and Ba 2015, algorithm 1. Order of operations and results are PyTorch's.
type Adam struct {
	// Rate is the learning rate. 0 means 0.001.
	Rate float64
	// Beta1 and Beta2 are the decay rates of the moments, below 1. 0 means 0.9 and 0.999.
	Beta1, Beta2 float64
	// Eps is added to the root of the second moment. 0 means 1e-8.
	Eps float64
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64

	pace
}

var (
	_ Optimizer = (*Adam)(nil)
	_ Stateful  = (*Adam)(nil)
)

// adamBuffers are the first and the second moment.
var adamBuffers = []string{"m", "v"}

// Step updates the parameters in place.
func (a *Adam) Step(model []G.ValueGrad) error { return a.step(model, a.rule) }

func (a *Adam) rule() (rule, error) {
	k := kernel.Adam{
		Rate: orDefault(a.Rate, 1e-3), Beta1: orDefault(a.Beta1, 0.9), Beta2: orDefault(a.Beta2, 0.999),
		Eps: orDefault(a.Eps, 1e-8), L2: a.L2, T: a.steps + 1,
	}
	if err := check("Adam", positive("rate", k.Rate), fraction("beta1", k.Beta1), fraction("beta2", k.Beta2),
		positive("eps", k.Eps), notNegative("L2", k.L2)); err != nil {
		return rule{}, err
	}
	k.Rate = a.rate(k.Rate)
	return rule{
		buffers: adamBuffers,
		f32:     func(x operands[float32]) { kernel.AdamStep(k, a.workers, x.value, x.grad, x.state[0], x.state[1]) },
		f64:     func(x operands[float64]) { kernel.AdamStep(k, a.workers, x.value, x.grad, x.state[0], x.state[1]) },
	}, nil
}

// Snapshot implements Stateful.
func (a *Adam) Snapshot() (Snapshot, error) { return a.snapshot("adam") }

// Restore implements Stateful.
func (a *Adam) Restore(s Snapshot) error { return a.restore("adam", adamBuffers, s) }
