package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var serlu = Elementwise{
	Name:   "SERLU",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.SERLU[float32], GradAt: kernel.SERLUGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.SERLU[float64], GradAt: kernel.SERLUGrad[float64]},
}

// SERLU is the scaled exponentially-regularized linear unit, elementwise: λ x for x > 0 and λ α x e^x for x <= 0 (Zhang and Li 2018, "Effectiveness of
// Scaled Exponentially-Regularized Linear Units", arXiv 1807.10117). With λ = 1.0786 and α = 2.9043 and LeCun weights, mean 0 and variance 1 are an
// attracting fixed point, as for SELU, but large negative inputs give 0, not saturation. The slope jumps at x = 0 from λ α to λ; at 0 it is λ α. x has any
// shape.
func SERLU(x *G.Node) (*G.Node, error) { return serlu.Apply(x) }
