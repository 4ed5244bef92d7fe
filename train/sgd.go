package train

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// SGD is stochastic gradient descent with momentum: v = Momentum v + g, p = p - Rate v, where g includes L2 p.
// The velocity starts as the first gradient. Order of operations and results are PyTorch's.
type SGD struct {
	// Rate is the learning rate, > 0.
	Rate float64
	// Momentum is in [0, 1).
	Momentum float64
	// Nesterov looks ahead along the velocity; it needs momentum.
	Nesterov bool
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64

	pace
	v32 moments[float32]
	v64 moments[float64]
}

var _ Optimizer = (*SGD)(nil)

// Step updates the parameters in place.
func (s *SGD) Step(model []G.ValueGrad) error {
	if !(s.Rate > 0) || !(s.Momentum >= 0 && s.Momentum < 1) || !(s.L2 >= 0) || s.Nesterov && s.Momentum == 0 {
		return errors.Errorf("SGD: rate %v, momentum %v, Nesterov %v, L2 %v", s.Rate, s.Momentum, s.Nesterov, s.L2)
	}
	k := kernel.SGD{Rate: s.rate(s.Rate), Momentum: s.Momentum, L2: s.L2, Nesterov: s.Nesterov, First: s.steps == 0}
	return s.each(model,
		func(i int, x pair[float32]) { sgdStep(k, s.workers, x, &s.v32, i) },
		func(i int, x pair[float64]) { sgdStep(k, s.workers, x, &s.v64, i) })
}

func sgdStep[T kernel.Float](k kernel.SGD, w *kernel.Workers, x pair[T], v *moments[T], i int) {
	var velocity []T
	if k.Momentum != 0 {
		velocity = v.at(i, len(x.value))
	}
	kernel.SGDStep(k, w, x.value, x.grad, velocity)
}
