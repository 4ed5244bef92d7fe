package train

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// RMSProp divides the gradient by the root of its mean square (Tieleman and Hinton 2012, lecture 6e), or if centered by its
// standard deviation (Graves 2013, equations 38 to 41). Order of operations and results are PyTorch's, but that the variance
// is never below 0, where rounding makes PyTorch's root NaN.
type RMSProp struct {
	// Rate is the learning rate. 0 means 0.01.
	Rate float64
	// Alpha is the decay rate of the averages, below 1. 0 means 0.99.
	Alpha float64
	// Eps is added to the root. 0 means 1e-8.
	Eps float64
	// Momentum is in [0, 1).
	Momentum float64
	// Centered divides by the standard deviation.
	Centered bool
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64

	pace
}

var (
	_ Optimizer = (*RMSProp)(nil)
	_ Stateful  = (*RMSProp)(nil)
)

// buffers are the names of those that each parameter has.
func (r *RMSProp) buffers() []string {
	names := []string{"square"}
	if r.Centered {
		names = append(names, "mean")
	}
	if r.Momentum != 0 {
		names = append(names, "velocity")
	}
	return names
}

// Step updates the parameters in place.
func (r *RMSProp) Step(model []G.ValueGrad) error { return r.step(model, r.rule) }

func (r *RMSProp) rule() (rule, error) {
	k := kernel.RMSProp{
		Rate: orDefault(r.Rate, 0.01), Alpha: orDefault(r.Alpha, 0.99), Eps: orDefault(r.Eps, 1e-8),
		Momentum: r.Momentum, Centered: r.Centered, L2: r.L2,
	}
	if err := check("RMSProp", positive("rate", k.Rate), fraction("alpha", k.Alpha), positive("eps", k.Eps),
		fraction("momentum", k.Momentum), notNegative("L2", k.L2)); err != nil {
		return rule{}, err
	}
	k.Rate = r.rate(k.Rate)
	return rule{
		buffers: r.buffers(),
		f32:     func(x operands[float32]) { rmspropStep(k, r.workers, x) },
		f64:     func(x operands[float64]) { rmspropStep(k, r.workers, x) },
	}, nil
}

func rmspropStep[T kernel.Float](k kernel.RMSProp, w *kernel.Workers, x operands[T]) {
	var mean, velocity []T
	if k.Centered {
		mean = x.state[1]
	}
	if k.Momentum != 0 {
		velocity = x.state[len(x.state)-1]
	}
	kernel.RMSPropStep(k, w, x.value, x.grad, x.state[0], mean, velocity)
}

// Snapshot implements Stateful.
func (r *RMSProp) Snapshot() (Snapshot, error) { return r.snapshot("rmsprop") }

// Restore implements Stateful.
func (r *RMSProp) Restore(s Snapshot) error { return r.restore("rmsprop", r.buffers(), s) }
