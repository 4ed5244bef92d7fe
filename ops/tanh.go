package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var tanh = Elementwise{
	Name:   "Tanh",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.Tanh[float32], Grad: kernel.TanhGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.Tanh[float64], Grad: kernel.TanhGrad[float64]},
}

// Tanh is the hyperbolic tangent, elementwise. Its slope is 1 - y^2, where y is the output. x has any shape.
func Tanh(x *G.Node) (*G.Node, error) { return tanh.Apply(x) }
