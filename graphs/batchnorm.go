package graphs

import (
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// BatchNorm is the network with batch normalization between the affine map and the ReLU of each hidden layer, and He
// normal weights (Klambauer et al. 2017, appendix; Ioffe and Szegedy 2015).
type BatchNorm Hidden

// Forward adds the network to the graph of x.
func (n BatchNorm) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	return Hidden(n).stack("BatchNorm", b, x, nn.Dense{WeightInit: nn.HeNormal}, func(units int) nn.Layer {
		return Hidden(n).dropped(nn.Dense{Units: units, WeightInit: nn.HeNormal}, nn.BatchNorm{}, nn.Func(ops.ReLU))
	})
}
