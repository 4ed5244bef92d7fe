package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var hardSigmoid = Elementwise{
	Name:   "HardSigmoid",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.HardSigmoid[float32], GradAt: kernel.HardSigmoidGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.HardSigmoid[float64], GradAt: kernel.HardSigmoidGrad[float64]},
}

// HardSigmoid is min(max(x + 3, 0), 6) / 6, elementwise, as PyTorch defines it: three straight lines. The slope is 1/6 for -3 < x < 3, in float32's
// digits, as PyTorch's, and 0 elsewhere, at the kinks -3 and 3 too. x has any shape.
func HardSigmoid(x *G.Node) (*G.Node, error) { return hardSigmoid.Apply(x) }
