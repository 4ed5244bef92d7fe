package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Exp is e^x, elementwise. x has any shape. It is +Inf from x = 89 in float32 and from x = 710 in float64.
func Exp(x *G.Node) (*G.Node, error) {
	return Apply(unaryDef("Exp", kernel.Exp[float32], kernel.Exp[float64], expGrad), x)
}

var expGrad = Step{binaryDef("ExpGrad", kernel.Multiply[float32], kernel.Multiply[float64]), []Arg{Upstream, Output}}
