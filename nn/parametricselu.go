package nn

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// ParametricSELU is ops.ParametricSELU, x + (selu(x) - x) share, with a share per column, which is learned. Its parameter is share.
type ParametricSELU struct {
	// Init fills the shares. Nil means 1: the layer starts as SELU. 0 is the identity.
	Init Initializer
}

// Forward adds the layer to the graph of x, a matrix.
func (p ParametricSELU) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if err := checkMatrix("ParametricSELU", b, x); err != nil {
		return nil, err
	}
	share, err := b.Param("share", orElse(p.Init, Ones), x.Shape()[1])
	if err != nil {
		return nil, err
	}
	return ops.ParametricSELU(x, share)
}
