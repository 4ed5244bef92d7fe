package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var gelu = Elementwise{
	Name:   "GELU",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.GELU[float32], GradAt: kernel.GELUGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.GELU[float64], GradAt: kernel.GELUGrad[float64]},
}

// GELU is x P(Z < x) for a standard normal Z, elementwise: x/2 (1 + erf(x/sqrt 2)) (Hendrycks and Gimpel 2016, section 2). It is smooth and has its least
// value, -0.170, at x = -0.752. x has any shape.
func GELU(x *G.Node) (*G.Node, error) { return gelu.Apply(x) }
