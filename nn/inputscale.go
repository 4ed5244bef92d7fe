package nn

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// InputScale multiplies each column by a factor of its own, which is learned: x scale. In front of a network for tables it lets the network choose among
// its inputs when its rate is several times that of the weights (Holzmüller et al. 2024, "Better by default": 6 times). Its parameter is scale.
type InputScale struct {
	// Init fills the factors. Nil means 1: the layer starts as the identity.
	Init Initializer
}

// Forward adds the layer to the graph of x, a matrix.
func (s InputScale) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if err := checkMatrix("InputScale", b, x); err != nil {
		return nil, err
	}
	scale, err := b.Param("scale", orElse(s.Init, Ones), x.Shape()[1])
	if err != nil {
		return nil, err
	}
	return ops.Mul(x, scale)
}
