package nn

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// LayerNorm normalizes each row of its input (Ba et al. 2016). Its parameters are gamma and beta. It works the same way in training and
// evaluation.
type LayerNorm struct {
	// Eps is added to the variance. 0 means 1e-5.
	Eps float64
}

// Forward adds the layer to the graph of x, a matrix.
func (n LayerNorm) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if err := checkMatrix("LayerNorm", b, x); err != nil {
		return nil, err
	}
	if n.Eps == 0 {
		n.Eps = 1e-5
	}
	gamma, err := b.Param("gamma", Ones, x.Shape()[1])
	if err != nil {
		return nil, err
	}
	beta, err := b.Param("beta", Zeros, x.Shape()[1])
	if err != nil {
		return nil, err
	}
	return ops.LayerNorm(x, gamma, beta, n.Eps)
}
