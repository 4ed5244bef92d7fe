package nn

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// RMSNorm divides each row of its input by its root mean square (Zhang and Sennrich 2019). Its parameter is gain. It works the same way in training and
// evaluation.
type RMSNorm struct {
	// Eps is added to the mean square, inside the root. 0 means 1e-6. PyTorch's default is 1.19e-7 for float32.
	Eps float64
}

// Forward adds the layer to the graph of x, a matrix.
func (n RMSNorm) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if err := checkMatrix("RMSNorm", b, x); err != nil {
		return nil, err
	}
	if n.Eps == 0 {
		n.Eps = 1e-6
	}
	gain, err := b.Param("gain", Ones, x.Shape()[1])
	if err != nil {
		return nil, err
	}
	return ops.RMSNorm(x, gain, n.Eps)
}
