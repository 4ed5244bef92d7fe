package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Sqrt is the square root of x, elementwise. x has any shape. As in IEEE 754, a negative x gives NaN; at 0 the gradient is infinite.
func Sqrt(x *G.Node) (*G.Node, error) {
	return Apply(unaryDef("Sqrt", kernel.Sqrt[float32], kernel.Sqrt[float64], sqrtGrad), x)
}

var sqrtGrad = Step{binaryDef("SqrtGrad", kernel.SqrtGrad[float32], kernel.SqrtGrad[float64]), []Arg{Upstream, Output}}
