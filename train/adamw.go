package train

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// AdamW is Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): p shrinks by the factor 1 - Rate Decay,
// and the moments do not see it. The schedule applies to both. Order of operations and results are PyTorch's.
type AdamW struct {
	// Rate is the learning rate. 0 means 0.001.
	Rate float64
	// Beta1 and Beta2 are the decay rates of the moments, below 1. 0 means 0.9 and 0.999.
	Beta1, Beta2 float64
	// Eps is added to the root of the second moment. 0 means 1e-8.
	Eps float64
	// Decay is the weight decay. 0 means 0.01; for none use Adam.
	Decay float64

	pace
}

var (
	_ Optimizer = (*AdamW)(nil)
	_ Stateful  = (*AdamW)(nil)
)

// Step updates the parameters in place.
func (a *AdamW) Step(model []G.ValueGrad) error { return a.step(model, a.rule) }

func (a *AdamW) rule() (rule, error) {
	k := kernel.AdamW{
		Adam: kernel.Adam{
			Rate: orDefault(a.Rate, 1e-3), Beta1: orDefault(a.Beta1, 0.9), Beta2: orDefault(a.Beta2, 0.999),
			Eps: orDefault(a.Eps, 1e-8), T: a.steps + 1,
		},
		Decay: orDefault(a.Decay, 0.01),
	}
	if err := check("AdamW", positive("rate", k.Rate), fraction("beta1", k.Beta1), fraction("beta2", k.Beta2),
		positive("eps", k.Eps), notNegative("decay", k.Decay)); err != nil {
		return rule{}, err
	}
	k.Rate = a.rate(k.Rate)
	return rule{
		buffers: adamBuffers,
		f32:     func(x operands[float32]) { kernel.AdamWStep(k, a.workers, x.value, x.grad, x.state[0], x.state[1]) },
		f64:     func(x operands[float64]) { kernel.AdamWStep(k, a.workers, x.value, x.grad, x.state[0], x.state[1]) },
	}, nil
}

// Snapshot implements Stateful.
func (a *AdamW) Snapshot() (Snapshot, error) { return a.snapshot("adamw") }

// Restore implements Stateful.
func (a *AdamW) Restore(s Snapshot) error { return a.restore("adamw", adamBuffers, s) }
