package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var sigmoid = Elementwise{
	Name:  "Sigmoid",
	F:     kernel.Sigmoid,
	Slope: func(_, y float64) float64 { return y * (1 - y) },
}

// Sigmoid is the logistic function 1 / (1 + e^-x), elementwise. x has any shape.
func Sigmoid(x *G.Node) (*G.Node, error) { return sigmoid.Apply(x) }
