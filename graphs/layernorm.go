package graphs

import (
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// LayerNorm is the network with layer normalization between the affine map and the ReLU of each hidden layer, and He normal
// weights (Klambauer et al. 2017, appendix; Ba et al. 2016).
type LayerNorm Hidden

// Forward adds the network to the graph of x.
func (n LayerNorm) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	return Hidden(n).stack("LayerNorm", b, x, nn.Dense{WeightInit: nn.HeNormal}, func(units int) nn.Layer {
		return Hidden(n).dropped(nn.Dense{Units: units, WeightInit: nn.HeNormal}, nn.LayerNorm{}, nn.Func(ops.ReLU))
	})
}
