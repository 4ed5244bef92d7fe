package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var elu = Elementwise{
	Name:   "ELU",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.ELU[float32], Grad: kernel.ELUGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.ELU[float64], Grad: kernel.ELUGrad[float64]},
}

// ELU is the exponential linear unit, elementwise: x for x > 0, e^x - 1 for x <= 0 (Clevert et al. 2016, with alpha 1). With output y, its
// slope is 1 for x > 0 and y + 1 for x <= 0, which is 1 at x = 0. x has any shape.
func ELU(x *G.Node) (*G.Node, error) { return elu.Apply(x) }
