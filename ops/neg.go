package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Neg is -x, elementwise. x has any shape. Unlike the Neg of Gorgonia it never overwrites x.
func Neg(x *G.Node) (*G.Node, error) {
	return Apply(unaryDef("Neg", kernel.Negate[float32], kernel.Negate[float64], negGrad), x)
}

var negGrad = Step{ScaleDef(-1), []Arg{Upstream}}
