package optim

import "github.com/selfnorm/selfnorm/ops/kernel"

// RMSProp divides the gradient by the root of its mean square (Tieleman and Hinton 2012, lecture 6e) or, if centered, by its standard
// deviation (Graves 2013, equations 38 to 41). Order of operations and results are PyTorch's, except that a variance below 0 due to
// rounding counts as 0, where PyTorch's root is NaN.
type RMSProp struct {
	// Rate is the learning rate. 0 means 0.01.
	Rate float64
	// Alpha is the decay rate of the averages, in [0, 1). nil means 0.99.
	Alpha *float64
	// Eps is added to the root, >= 0. nil means 1e-8. With 0, an element whose gradients have all been 0 becomes NaN.
	Eps *float64
	// Momentum is in [0, 1).
	Momentum float64
	// Centered divides by the standard deviation.
	Centered bool
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64
}

func init() {
	mustRegister("", func(rate, decay float64) Rule { return RMSProp{Rate: rate, L2: decay} })
}

// Name implements Rule.
func (r RMSProp) Name() string { return "rmsprop" }

// Buffers implements Rule.
func (r RMSProp) Buffers() []string {
	names := []string{"square"}
	if r.Centered {
		names = append(names, "mean")
	}
	if r.Momentum != 0 {
		names = append(names, "velocity")
	}
	return names
}

// Check implements Rule.
func (r RMSProp) Check() error { return check("RMSProp", r.settings()) }

func (r RMSProp) settings() []setting {
	k := r.kernel(Step{RateFactor: 1})
	return []setting{
		positive("rate", k.Rate), fraction("alpha", k.Alpha), notNegative("eps", k.Eps), fraction("momentum", k.Momentum),
		flag("centered", k.Centered), notNegative("L2", k.L2),
	}
}

// kernel returns the settings of a step, with defaults filled in.
func (r RMSProp) kernel(s Step) kernel.RMSProp {
	return kernel.RMSProp{
		Rate: r.LearningRate() * s.RateFactor, Alpha: given(r.Alpha, 0.99), Eps: given(r.Eps, 1e-8),
		Momentum: r.Momentum, Centered: r.Centered, L2: s.decay(r.L2),
	}
}

// Update32 implements Rule.
func (r RMSProp) Update32(s Step, x Operands[float32]) error { return updateRMSProp(r, s, x) }

// Update64 implements Rule.
func (r RMSProp) Update64(s Step, x Operands[float64]) error { return updateRMSProp(r, s, x) }

func updateRMSProp[T kernel.Float](r RMSProp, s Step, x Operands[T]) error {
	if err := x.Check(s, 1+on(r.Centered, r.Momentum != 0)); err != nil {
		return err
	}
	var mean, velocity []T
	if r.Centered {
		mean = x.Buffers[1]
	}
	if r.Momentum != 0 {
		velocity = x.Buffers[len(x.Buffers)-1]
	}
	kernel.RMSPropStep(r.kernel(s), s.Workers, x.Value, x.Grad, x.Buffers[0], mean, velocity)
	return nil
}

// LearningRate implements Rated.
func (r RMSProp) LearningRate() float64 { return orDefault(r.Rate, 0.01) }
