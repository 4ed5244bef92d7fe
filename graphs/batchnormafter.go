package graphs

import (
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// BatchNormAfter is BatchNorm with the normalization after the ReLU of each hidden layer, as in the authors' code for Figure 1 of
// Klambauer et al. 2017. Its name is batchnormafter; it is none of the seven networks that Names lists.
type BatchNormAfter Hidden

// Forward adds the network to the graph of x.
func (n BatchNormAfter) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	return Hidden(n).stack("BatchNormAfter", b, x, nn.Dense{WeightInit: nn.HeNormal}, func(units int) nn.Layer {
		return Hidden(n).dropped(nn.Dense{Units: units, WeightInit: nn.HeNormal, Activation: ops.ReLU}, nn.BatchNorm{})
	})
}
