package ops

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// MaskedBCE is the mean binary cross-entropy on logits of a multi-task classifier with missing labels:
//
//	sum(weights (max(z, 0) - z y + log(1 + e^-|z|))) / sum(weights)
//
// logits, targets and weights have one shape; the result is a scalar. Targets are in [0, 1]; a weight is 1 for an observed
// label, 0 for a missing one (whose target is ignored), or any other weight >= 0. Without any observed label loss and gradient are 0.
// Only logits have a gradient. It is finite for every finite logit, where a sigmoid followed by a cross-entropy is not.
func MaskedBCE(logits, targets, weights *G.Node) (*G.Node, error) {
	return applyBuiltin(maskedBCE, logits, targets, weights)
}

var maskedBCE = Def{
	Name:    "MaskedBCE",
	Shape:   scalarOf(sameShape),
	Float32: bceForward[float32],
	Float64: bceForward[float64],
	Gradient: func() Gradient {
		grad := Def{
			Name:    "MaskedBCEGrad",
			Shape:   shapeOf(1),
			Float32: bceBackward[float32],
			Float64: bceBackward[float64],
		}
		return Gradient{
			Steps: []Step{{grad, []Arg{Upstream, Input(0), Input(1), Input(2)}}},
			Of:    []int{0, NoGradient, NoGradient},
		}
	},
}

func bceForward[T kernel.Float](c *Call[T]) error {
	for i, m := range c.In[2] {
		if y := c.In[1][i]; !(m >= 0) || math.IsInf(float64(m), 1) || m > 0 && !(y >= 0 && y <= 1) {
			return errors.Errorf("element %d has target %v and weight %v, want a target in [0, 1] and a finite weight >= 0", i, y, m)
		}
	}
	loss, total := kernel.BCE(c.In[0], c.In[1], c.In[2])
	if total > 0 {
		loss /= total
	}
	c.Out[0] = T(loss)
	return nil
}

func bceBackward[T kernel.Float](c *Call[T]) error {
	total := 0.0
	for _, m := range c.In[3] {
		total += float64(m)
	}
	if total == 0 {
		clear(c.Out)
		return nil
	}
	kernel.BCEGrad(c.Out, c.In[1], c.In[2], c.In[3], float64(c.In[0][0])/total)
	return nil
}
