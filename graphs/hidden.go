package graphs

import (
	"fmt"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	G "gorgonia.org/gorgonia"
)

// Hidden describes the hidden layers of a fully connected network.
type Hidden struct {
	// Layers is the number of hidden layers. 0 means a linear map.
	Layers int `json:"layers"`
	// Units is the width of the first hidden layer.
	Units int `json:"units"`
	// Profile determines how the widths change from there to the output. Files call it "form".
	Profile WidthProfile `json:"form"`
	// Outputs is the width of the output: the number of tasks, classes or targets.
	Outputs int `json:"outputs"`
	// Dropout is the rate after each hidden layer, in [0, 1).
	Dropout float64 `json:"dropout,omitempty"`
	// InputDropout is the rate of ordinary dropout on the input, in [0, 1).
	InputDropout float64 `json:"input_dropout,omitempty"`
}

// maxLayers bounds the number of hidden layers. Gorgonia's compiler takes hours for far fewer.
const maxLayers = 1 << 14

func (h Hidden) check(name string) error {
	if h.Layers > maxLayers {
		return errors.Errorf("%s: %d hidden layers, want at most %d", name, h.Layers, maxLayers)
	}
	if h.Layers < 0 || h.Layers > 0 && h.Units < 1 || h.Outputs < 1 {
		return errors.Errorf("%s: %d hidden layers of %d units and %d outputs", name, h.Layers, h.Units, h.Outputs)
	}
	return nil
}

// stack adds the network: input dropout, the hidden layers, which block creates from their widths, and the output layer.
func (h Hidden) stack(name string, b *nn.Binder, x *G.Node, output nn.Dense, block func(units int) nn.Layer) (*G.Node, error) {
	if err := h.check(name); err != nil {
		return nil, err
	}
	if b == nil || x == nil {
		return nil, errors.Errorf("%s: the binder or the input is nil", name)
	}
	var err error
	if h.InputDropout != 0 {
		if x, err = b.Apply("inputdropout", nn.Dropout{Rate: h.InputDropout}, x); err != nil {
			return nil, err
		}
	}
	for i, units := range h.Profile.Sizes(h.Layers, h.Units, h.Outputs) {
		if x, err = b.Apply(fmt.Sprintf("hidden%d", i+1), block(units), x); err != nil {
			return nil, err
		}
	}
	output.Units = h.Outputs
	return b.Apply("output", output, x)
}

// dropped combines the given layers into one hidden layer, which ends with dropout if the rate is not 0.
func (h Hidden) dropped(layers ...nn.Layer) nn.Layer {
	if h.Dropout != 0 {
		layers = append(layers, nn.Dropout{Rate: h.Dropout})
	}
	return nn.Sequential(layers)
}
