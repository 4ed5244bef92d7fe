package graphs

import (
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// SNN is the self-normalizing network: SELU units, LeCun normal weights, alpha dropout, and no normalization
// (Klambauer et al. 2017).
type SNN Hidden

// Forward adds the network to the graph of x.
func (n SNN) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	return Hidden(n).stack("SNN", b, x, nn.Dense{}, func(units int) nn.Layer {
		layers := nn.Sequential{nn.Dense{Units: units, Activation: ops.SELU}}
		if n.Dropout != 0 {
			layers = append(layers, nn.AlphaDropout{Rate: n.Dropout})
		}
		return layers
	})
}
