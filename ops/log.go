package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Log is the natural logarithm of x, elementwise. x has any shape. As in IEEE 754, 0 gives -Inf and a negative x NaN.
func Log(x *G.Node) (*G.Node, error) {
	return Apply(unaryDef("Log", kernel.Log[float32], kernel.Log[float64], logGrad), x)
}

var logGrad = Step{binaryDef("LogGrad", kernel.Divide[float32], kernel.Divide[float64]), []Arg{Upstream, Input(0)}}
