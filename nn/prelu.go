package nn

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// PReLU is ops.PReLU with a slope per column, which is learned (He et al. 2015). Its parameter is slope. Do not decay it (section 2.1 of the paper): that
// would draw it towards ReLU.
type PReLU struct {
	// Init fills the slopes. Nil means 0.25, as in the paper.
	Init Initializer
}

// Forward adds the layer to the graph of x, a matrix.
func (p PReLU) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if err := checkMatrix("PReLU", b, x); err != nil {
		return nil, err
	}
	slope, err := b.Param("slope", orElse(p.Init, Constant(0.25)), x.Shape()[1])
	if err != nil {
		return nil, err
	}
	return ops.PReLU(x, slope)
}
