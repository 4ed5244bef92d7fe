package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Square is x squared, elementwise. x has any shape. Unlike the Square of Gorgonia it never overwrites x.
func Square(x *G.Node) (*G.Node, error) {
	return Apply(unaryDef("Square", kernel.Square[float32], kernel.Square[float64], squareGrad), x)
}

var squareGrad = Step{binaryDef("SquareGrad", kernel.SquareGrad[float32], kernel.SquareGrad[float64]), []Arg{Upstream, Input(0)}}
