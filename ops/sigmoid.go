package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var sigmoid = Elementwise{
	Name:   "Sigmoid",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.Sigmoid[float32], Grad: kernel.SigmoidGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.Sigmoid[float64], Grad: kernel.SigmoidGrad[float64]},
}

// Sigmoid is the logistic function 1 / (1 + e^-x), elementwise. Its slope is y (1 - y), where y is the output. x has any shape.
func Sigmoid(x *G.Node) (*G.Node, error) { return sigmoid.Apply(x) }
