package graphs

import (
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Highway is the network of highway layers with ReLU transforms, He normal weights and gates that start almost closed, with a
// bias of -2 (Klambauer et al. 2017, appendix; Srivastava et al. 2015). If a layer changes the number of units, the carried input
// passes through a linear map.
type Highway Hidden

// Forward adds the network to the graph of x.
func (n Highway) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	return Hidden(n).stack("Highway", b, x, nn.Dense{WeightInit: nn.HeNormal}, func(units int) nn.Layer {
		return Hidden(n).dropped(nn.Highway{Units: units, Activation: ops.ReLU, WeightInit: nn.HeNormal})
	})
}
