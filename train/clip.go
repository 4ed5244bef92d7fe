package train

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// ClipNorm scales the gradients of all parameters together so that their common Euclidean norm is at most Max (Pascanu et al.
// 2013, algorithm 1), and then steps: Optimizer: &ClipNorm{Optimizer: &Adam{}, Max: 1}. The factor is PyTorch's,
// min(1, Max / (norm + 1e-6)). The norm is summed in float64, and bit-equal for any number of threads.
//
// The gradients are scaled in place, since every run of a graph writes them anew; a gradient that parameters share is scaled once.
// A norm that is not finite is an error whose cause is ErrDiverged.
type ClipNorm struct {
	// Optimizer takes the step.
	Optimizer Optimizer
	// Max is the largest norm, > 0.
	Max float64

	workers *kernel.Workers
	norm    float64
	grads   []elements
	norm32  kernel.Norm[float32]
	norm64  kernel.Norm[float64]
}

var (
	_ Optimizer = (*ClipNorm)(nil)
	_ Stateful  = (*ClipNorm)(nil)
)

// Norm returns the norm of the gradients of the last step, before it was clipped.
func (c *ClipNorm) Norm() float64 { return c.norm }

// SetScale implements Optimizer.
func (c *ClipNorm) SetScale(scale float64) {
	if c.Optimizer != nil {
		c.Optimizer.SetScale(scale)
	}
}

// UseWorkers implements Optimizer.
func (c *ClipNorm) UseWorkers(w *kernel.Workers) {
	c.workers = w
	if c.Optimizer != nil {
		c.Optimizer.UseWorkers(w)
	}
}

// Step clips the gradients and updates the parameters in place.
func (c *ClipNorm) Step(model []G.ValueGrad) error {
	if c.Optimizer == nil {
		return errors.New("ClipNorm: no optimizer; set Optimizer, for instance to &train.Adam{}")
	}
	if err := check("ClipNorm", positive("max", c.Max)); err != nil {
		return err
	}
	if err := c.measure(model); err != nil {
		return err
	}
	if factor := c.Max / (c.norm + 1e-6); factor < 1 {
		c.clip(factor)
	}
	return c.Optimizer.Step(model)
}

// measure reads the gradients and computes their norm.
func (c *ClipNorm) measure(model []G.ValueGrad) error {
	c.grads = c.grads[:0]
	sum := 0.0
	for i, m := range model {
		_, g, err := valueAndGrad(i, m)
		if err != nil {
			return err
		}
		squared := 0.0
		if g.f32 != nil {
			squared = c.norm32.Squared(c.workers, g.f32)
		} else {
			squared = c.norm64.Squared(c.workers, g.f64)
		}
		if !finiteNumber(squared) {
			return errors.Wrapf(ErrDiverged, "ClipNorm: the norm of the gradient of parameter %d is %v", i, math.Sqrt(squared))
		}
		c.grads = append(c.grads, g)
		sum += squared
	}
	if c.norm = math.Sqrt(sum); math.IsInf(c.norm, 0) {
		return errors.Wrap(ErrDiverged, "ClipNorm: the norm of the gradients is infinite")
	}
	return nil
}

// clip scales each of the gradients once.
func (c *ClipNorm) clip(factor float64) {
	for i, g := range c.grads {
		if g.in(c.grads[:i]) {
			continue
		}
		if g.f32 != nil {
			c.norm32.Scale(c.workers, g.f32, factor)
		} else {
			c.norm64.Scale(c.workers, g.f64, factor)
		}
	}
}

// in says whether one of the others begins at the same place in memory.
func (e elements) in(others []elements) bool {
	for _, o := range others {
		if e.f32 != nil && o.f32 != nil && &e.f32[0] == &o.f32[0] || e.f64 != nil && o.f64 != nil && &e.f64[0] == &o.f64[0] {
			return true
		}
	}
	return false
}

// Snapshot implements Stateful. The state is that of the optimizer, so that clipping can be added to a run and left out again.
func (c *ClipNorm) Snapshot() (Snapshot, error) {
	s, ok := c.Optimizer.(Stateful)
	if !ok {
		return Snapshot{}, errors.Errorf("ClipNorm: a %T has no state to save", c.Optimizer)
	}
	return s.Snapshot()
}

// Restore implements Stateful.
func (c *ClipNorm) Restore(state Snapshot) error {
	s, ok := c.Optimizer.(Stateful)
	if !ok {
		return errors.Errorf("ClipNorm: a %T has no state to restore", c.Optimizer)
	}
	return s.Restore(state)
}
