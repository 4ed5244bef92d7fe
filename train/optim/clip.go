package optim

import "github.com/pkg/errors"

// ClipNorm is a rule that scales the gradients of all parameters together so that their common Euclidean norm is at most Max
// (Pascanu et al. 2013, algorithm 1), and then follows another rule: ClipNorm{Rule: Adam{}, Max: 1}. The factor is PyTorch's,
// min(1, Max / (norm + 1e-6)). Optimizer.GradientNorm returns the norm before clipping.
//
// It scales the gradients in place; a gradient that parameters share is scaled once. If the norm is not finite, the error has the cause
// ErrNotFinite. The state is that of the other rule, so you can add or remove clipping when you resume a run.
type ClipNorm struct {
	// Rule takes the step.
	Rule Rule
	// Max is the largest norm, > 0.
	Max float64
}

var (
	_ Preparer = ClipNorm{}
	_ RowRule  = ClipNorm{}
)

// Name implements Rule: it is that of the other rule.
func (c ClipNorm) Name() string {
	if c.Rule == nil {
		return ""
	}
	return c.Rule.Name()
}

// Check implements Rule.
func (c ClipNorm) Check() error {
	if _, err := valueOfRule(c.Rule); err != nil {
		return errors.Wrap(err, "ClipNorm")
	}
	if err := check("ClipNorm", []setting{positive("max", c.Max)}); err != nil {
		return err
	}
	return c.Rule.Check()
}

// Buffers implements Rule: they are those of the other rule.
func (c ClipNorm) Buffers() []string {
	if c.Rule == nil {
		return nil
	}
	return c.Rule.Buffers()
}

// Prepare implements Preparer: it clips the gradients.
func (c ClipNorm) Prepare(g *Gradients) error {
	norm, err := g.Norm()
	if err != nil {
		return errors.Wrap(err, "ClipNorm")
	}
	if factor := c.Max / (norm + 1e-6); factor < 1 {
		g.Scale(factor)
	}
	if p, ok := c.Rule.(Preparer); ok {
		return p.Prepare(g)
	}
	return nil
}

// TakesRows implements RowRule.
func (c ClipNorm) TakesRows() bool { return takesRows(c.Rule) }

// Update32 implements Rule: it is the update of the other rule.
func (c ClipNorm) Update32(s Step, x Operands[float32]) error {
	if c.Rule == nil {
		return c.Check()
	}
	return c.Rule.Update32(s, x)
}

// Update64 implements Rule: it is the update of the other rule.
func (c ClipNorm) Update64(s Step, x Operands[float64]) error {
	if c.Rule == nil {
		return c.Check()
	}
	return c.Rule.Update64(s, x)
}

// LearningRate implements Rated: it is that of the rule inside.
func (c ClipNorm) LearningRate() float64 { return LearningRate(c.Rule) }
