package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Abs is the magnitude of x, elementwise. x has any shape. Its slope at 0 is taken to be 0.
func Abs(x *G.Node) (*G.Node, error) {
	return Apply(unaryDef("Abs", kernel.Abs[float32], kernel.Abs[float64], absGrad), x)
}

var absGrad = Step{binaryDef("AbsGrad", kernel.AbsGrad[float32], kernel.AbsGrad[float64]), []Arg{Upstream, Input(0)}}
