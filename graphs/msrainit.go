package graphs

import (
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// MSRAinit is the plain ReLU network without normalization: He normal weights, ordinary dropout
// (Klambauer et al. 2017, appendix; He et al. 2015).
type MSRAinit Hidden

// Forward adds the network to the graph of x.
func (n MSRAinit) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	return Hidden(n).stack("MSRAinit", b, x, nn.Dense{WeightInit: nn.HeNormal}, func(units int) nn.Layer {
		return Hidden(n).dropped(nn.Dense{Units: units, Activation: ops.ReLU, WeightInit: nn.HeNormal})
	})
}
