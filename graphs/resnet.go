package graphs

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// ResNet is the network of residual blocks with batch normalization (Klambauer et al. 2017, appendix; He et al. 2016).
// Layers is the number of blocks. A block of n units is relu(x + f(x)), where f is an affine map to Bottleneck n units, batch
// normalization, ReLU, an affine map to n units, and batch normalization. The profile determines how n changes from block to block.
type ResNet struct {
	Hidden
	// Bottleneck is the width of the middle of a block as a fraction of its units, in (0, 1]. 0 means 0.5.
	Bottleneck float64
}

// Forward adds the network to the graph of x.
func (n ResNet) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	if n.Bottleneck == 0 {
		n.Bottleneck = 0.5
	}
	if !(n.Bottleneck > 0 && n.Bottleneck <= 1) {
		return nil, errors.Errorf("ResNet: bottleneck of %v, want a fraction in (0, 1]", n.Bottleneck)
	}
	return n.stack("ResNet", b, x, nn.Dense{WeightInit: nn.HeNormal}, func(units int) nn.Layer {
		narrow := max(1, int(math.Round(n.Bottleneck*float64(units))))
		return n.dropped(nn.Residual{
			Activation:   ops.ReLU,
			ShortcutInit: nn.LeCunNormal,
			Layer: nn.Sequential{
				nn.Dense{Units: narrow, WeightInit: nn.HeNormal}, nn.BatchNorm{}, nn.Func(ops.ReLU),
				nn.Dense{Units: units, WeightInit: nn.HeNormal}, nn.BatchNorm{},
			},
		})
	})
}
