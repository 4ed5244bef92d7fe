package train

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// AdaGrad divides the gradient by the root of the sum of all squared gradients so far (Duchi et al. 2011), which starts at 0.
// Order of operations and results are PyTorch's.
type AdaGrad struct {
	// Rate is the learning rate. 0 means 0.01.
	Rate float64
	// RateDecay divides the rate of step t, counted from 0, by 1 + t RateDecay; >= 0.
	RateDecay float64
	// Eps is added to the root. 0 means 1e-10.
	Eps float64
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64

	pace
}

var (
	_ Optimizer = (*AdaGrad)(nil)
	_ Stateful  = (*AdaGrad)(nil)
)

var adagradBuffers = []string{"sum"}

// Step updates the parameters in place.
func (a *AdaGrad) Step(model []G.ValueGrad) error { return a.step(model, a.rule) }

func (a *AdaGrad) rule() (rule, error) {
	k := kernel.AdaGrad{Rate: orDefault(a.Rate, 0.01), RateDecay: a.RateDecay, Eps: orDefault(a.Eps, 1e-10), L2: a.L2, T: a.steps + 1}
	if err := check("AdaGrad", positive("rate", k.Rate), notNegative("rate decay", k.RateDecay), positive("eps", k.Eps),
		notNegative("L2", k.L2)); err != nil {
		return rule{}, err
	}
	k.Rate = a.rate(k.Rate)
	return rule{
		buffers: adagradBuffers,
		f32:     func(x operands[float32]) { kernel.AdaGradStep(k, a.workers, x.value, x.grad, x.state[0]) },
		f64:     func(x operands[float64]) { kernel.AdaGradStep(k, a.workers, x.value, x.grad, x.state[0]) },
	}, nil
}

// Snapshot implements Stateful.
func (a *AdaGrad) Snapshot() (Snapshot, error) { return a.snapshot("adagrad") }

// Restore implements Stateful.
func (a *AdaGrad) Restore(s Snapshot) error { return a.restore("adagrad", adagradBuffers, s) }
