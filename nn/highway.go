package nn

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Highway is t h + (1 - t) x with h = activation(affine(x)) and the gate t = sigmoid(affine(x))
// (Srivastava et al. 2015, Eq. 3). The gate's bias starts negative, so that the layer starts close to the identity.
// Its parameters are those of the inner layers transform and gate, and, if the number of inputs is not Units, of carry, a linear map
// without bias.
type Highway struct {
	// Units is the number of outputs. 0 means the number of inputs.
	Units int
	// Activation is the activation of the transform. Nil means ops.ReLU.
	Activation Activation
	// GateBias is the initial value of the gate's bias. 0 means -2.
	GateBias float64
	// WeightInit fills the weights. Nil means LeCunNormal.
	WeightInit Initializer
}

// Forward adds the layer to the graph of x, a matrix.
func (h Highway) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if err := checkMatrix("Highway", b, x); err != nil {
		return nil, err
	}
	if h.Units == 0 {
		h.Units = x.Shape()[1]
	}
	if h.Activation == nil {
		h.Activation = ops.ReLU
	}
	if h.GateBias == 0 {
		h.GateBias = -2
	}
	transform, err := b.Apply("transform", Dense{Units: h.Units, Activation: h.Activation, WeightInit: h.WeightInit}, x)
	if err != nil {
		return nil, err
	}
	gate, err := b.Apply("gate", Dense{
		Units: h.Units, Activation: ops.Sigmoid, WeightInit: h.WeightInit, BiasInit: Constant(h.GateBias),
	}, x)
	if err != nil {
		return nil, err
	}
	carry := x
	if x.Shape()[1] != h.Units {
		if carry, err = b.Apply("carry", Dense{Units: h.Units, NoBias: true, WeightInit: h.WeightInit}, x); err != nil {
			return nil, err
		}
	}
	return ops.Gate(gate, transform, carry)
}
