package main

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// CNN is the network of the authors' tutorial: two convolutions of 3 x 3, max pooling, and two dense layers.
type CNN struct {
	// Activation is "selu" with LeCun normal weights and alpha dropout, or "relu" with He normal weights and ordinary dropout.
	Activation string
	// Filters are those of the two convolutions, and Units those of the hidden dense layer.
	Filters [2]int
	Units   int
	Outputs int
	// Dropout is the rate after the convolutions, of whole channels if Channels is set, and DenseDropout the one after the dense layer.
	Dropout, DenseDropout float64
	Channels              bool
}

func init() {
	if err := graphs.Register("cnn", CNN{}); err != nil {
		panic(err)
	}
}

// Forward adds the network to the graph of x, images.
func (n CNN) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	var f nn.Activation
	var init nn.Initializer
	var drop, denseDrop nn.Layer
	switch n.Activation {
	case "selu":
		f, init, drop, denseDrop = ops.SELU, nn.LeCunNormal, nn.AlphaDropout{Rate: n.Dropout}, nn.AlphaDropout{Rate: n.DenseDropout}
		if n.Channels {
			drop = nn.ChannelAlphaDropout{Rate: n.Dropout}
		}
	case "relu":
		f, init, drop, denseDrop = ops.ReLU, nn.HeNormal, nn.Dropout{Rate: n.Dropout}, nn.Dropout{Rate: n.DenseDropout}
	default:
		return nil, errors.Errorf("CNN: activation %q, want selu or relu", n.Activation)
	}
	return nn.Sequential{
		nn.Conv2D{Filters: n.Filters[0], Size: 3, Activation: f, WeightInit: init},
		nn.Conv2D{Filters: n.Filters[1], Size: 3, Activation: f, WeightInit: init},
		nn.MaxPool2D{Size: 2},
		drop,
		nn.Flatten{},
		nn.Dense{Units: n.Units, Activation: f, WeightInit: init},
		denseDrop,
		nn.Dense{Units: n.Outputs},
	}.Forward(b, x)
}
