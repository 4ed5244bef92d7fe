package train

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// SGD is stochastic gradient descent with momentum: v = Momentum v + g, p = p - Rate v, where g includes L2 p.
// The velocity starts as the first gradient. Order of operations and results are PyTorch's.
type SGD struct {
	// Rate is the learning rate. 0 means 0.001.
	Rate float64
	// Momentum is in [0, 1).
	Momentum float64
	// Nesterov looks ahead along the velocity (Sutskever et al. 2013); it needs momentum.
	Nesterov bool
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64

	pace
}

var (
	_ Optimizer = (*SGD)(nil)
	_ Stateful  = (*SGD)(nil)
)

var velocity = []string{"velocity"}

// buffers are the names of those that each parameter has.
func (s *SGD) buffers() []string {
	if s.Momentum == 0 {
		return nil
	}
	return velocity
}

// Step updates the parameters in place.
func (s *SGD) Step(model []G.ValueGrad) error { return s.step(model, s.rule) }

func (s *SGD) rule() (rule, error) {
	k := kernel.SGD{Rate: orDefault(s.Rate, 1e-3), Momentum: s.Momentum, L2: s.L2, Nesterov: s.Nesterov, First: s.steps == 0}
	if err := check("SGD", positive("rate", k.Rate), fraction("momentum", k.Momentum), notNegative("L2", k.L2)); err != nil {
		return rule{}, err
	}
	if k.Nesterov && k.Momentum == 0 {
		return rule{}, errors.New("SGD: Nesterov needs a momentum above 0")
	}
	k.Rate = s.rate(k.Rate)
	return rule{
		buffers: s.buffers(),
		f32:     func(x operands[float32]) { sgdStep(k, s.workers, x) },
		f64:     func(x operands[float64]) { sgdStep(k, s.workers, x) },
	}, nil
}

func sgdStep[T kernel.Float](k kernel.SGD, w *kernel.Workers, x operands[T]) {
	var v []T
	if k.Momentum != 0 {
		v = x.state[0]
	}
	kernel.SGDStep(k, w, x.value, x.grad, v)
}

// Snapshot implements Stateful.
func (s *SGD) Snapshot() (Snapshot, error) { return s.snapshot("sgd") }

// Restore implements Stateful.
func (s *SGD) Restore(state Snapshot) error { return s.restore("sgd", s.buffers(), state) }
