package graphs

import (
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// WeightNorm is the ReLU network whose hidden layers have normalized weights, with gains that start at 1
// (Klambauer et al. 2017, appendix; Salimans and Kingma 2016).
type WeightNorm Hidden

// Forward adds the network to the graph of x.
func (n WeightNorm) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	return Hidden(n).stack("WeightNorm", b, x, nn.Dense{WeightInit: nn.HeNormal}, func(units int) nn.Layer {
		return Hidden(n).dropped(nn.WeightNorm{Units: units, Activation: ops.ReLU})
	})
}
