package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var silu = Elementwise{
	Name:   "SiLU",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.SiLU[float32], GradAt: kernel.SiLUGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.SiLU[float64], GradAt: kernel.SiLUGrad[float64]},
}

// SiLU is x sigmoid(x), elementwise, also known as Swish (Elfwing et al. 2018, Eq. 1). It is smooth and has its least value, -0.278, at x = -1.278. x has
// any shape.
func SiLU(x *G.Node) (*G.Node, error) { return silu.Apply(x) }
