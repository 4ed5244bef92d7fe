package optim

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// SGD is stochastic gradient descent with momentum: v = Momentum v + g, p = p - Rate v, where g includes L2 p.
// The velocity starts as the first gradient. Order of operations and results are PyTorch's. A row-sparse gradient gives the result of a
// dense one; with momentum or L2, SGD takes none.
type SGD struct {
	// Rate is the learning rate. 0 means 0.001.
	Rate float64
	// Momentum is in [0, 1).
	Momentum float64
	// Nesterov looks ahead along the velocity (Sutskever et al. 2013); it needs momentum.
	Nesterov bool
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64
}

func init() {
	mustRegister("", func(rate, decay float64) Rule { return SGD{Rate: rate, L2: decay} })
	mustRegister("momentum", func(rate, decay float64) Rule { return SGD{Rate: rate, L2: decay, Momentum: 0.9} })
	mustRegister("nesterov", func(rate, decay float64) Rule { return SGD{Rate: rate, L2: decay, Momentum: 0.9, Nesterov: true} })
}

// Name implements Rule.
func (g SGD) Name() string { return "sgd" }

// Buffers implements Rule.
func (g SGD) Buffers() []string {
	if g.Momentum == 0 {
		return nil
	}
	return []string{"velocity"}
}

// Check implements Rule.
func (g SGD) Check() error {
	if g.Nesterov && g.Momentum == 0 {
		return errors.New("SGD: Nesterov needs a momentum above 0")
	}
	return check("SGD", g.settings())
}

func (g SGD) settings() []setting {
	k := g.kernel(Step{RateFactor: 1})
	return []setting{
		positive("rate", k.Rate), fraction("momentum", k.Momentum), flag("nesterov", k.Nesterov), notNegative("L2", k.L2),
	}
}

// kernel returns the settings of a step, with defaults filled in.
func (g SGD) kernel(s Step) kernel.SGD {
	return kernel.SGD{
		Rate: g.LearningRate() * s.RateFactor, Momentum: g.Momentum, L2: s.decay(g.L2), Nesterov: g.Nesterov, First: s.Number == 1,
	}
}

// Update32 implements Rule.
func (g SGD) Update32(s Step, x Operands[float32]) error { return updateSGD(g, s, x) }

// Update64 implements Rule.
func (g SGD) Update64(s Step, x Operands[float64]) error { return updateSGD(g, s, x) }

// TakesRows implements RowRule.
func (g SGD) TakesRows() bool { return g.Momentum == 0 && g.L2 == 0 }

func updateSGD[T kernel.Float](g SGD, s Step, x Operands[T]) error {
	if err := x.CheckRows(s, on(g.Momentum != 0)); err != nil {
		return err
	}
	k := g.kernel(s)
	if x.Rows != nil {
		kernel.SGDRows(k, s.Workers, x.Value, x.Grad, x.Rows, x.Width)
		return nil
	}
	var velocity []T
	if k.Momentum != 0 {
		velocity = x.Buffers[0]
	}
	kernel.SGDStep(k, s.Workers, x.Value, x.Grad, velocity)
	return nil
}

// LearningRate implements Rated.
func (g SGD) LearningRate() float64 { return orDefault(g.Rate, 1e-3) }
