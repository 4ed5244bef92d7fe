package ops

import (
	"math"

	G "gorgonia.org/gorgonia"
)

var tanh = Elementwise{
	Name:  "Tanh",
	F:     math.Tanh,
	Slope: func(_, y float64) float64 { return 1 - y*y },
}

// Tanh is the hyperbolic tangent, elementwise. x has any shape.
func Tanh(x *G.Node) (*G.Node, error) { return tanh.Apply(x) }
