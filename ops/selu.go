package ops

import (
	"math"

	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var selu = Elementwise{
	Name: "SELU",
	ID:   own{},
	F: func(x float64) float64 {
		if x > 0 {
			return kernel.Lambda * x
		}
		return kernel.Lambda * kernel.Alpha * math.Expm1(x)
	},
	Slope: func(x, y float64) float64 {
		if x > 0 {
			return kernel.Lambda
		}
		return y + kernel.Lambda*kernel.Alpha
	},
	Fast32: &Loops[float32]{F: kernel.SELU[float32], Grad: kernel.SELUGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.SELU[float64], Grad: kernel.SELUGrad[float64]},
}

// SELU is the scaled exponential linear unit, elementwise: λ x for x > 0, λ α (e^x - 1) for x <= 0
// (Klambauer et al. 2017, Eq. 2). At x = 0 its slope is λ α, that of the negative branch. x has any shape.
func SELU(x *G.Node) (*G.Node, error) { return selu.Apply(x) }
