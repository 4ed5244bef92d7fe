package nn

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Dense is a fully connected layer: activation(x weight + bias). Its parameters are weight, of shape (inputs, Units), and bias.
type Dense struct {
	// Units is the number of outputs, at least 1.
	Units int
	// Activation is applied to the result. Nil means none.
	Activation Activation
	// NoBias omits the bias.
	NoBias bool
	// NeuralTangent divides the product by the root of the number of inputs: x weight / sqrt(inputs) + bias, and draws weight and bias from N(0, 1) (Jacot et
	// al. 2018, "Neural tangent kernel", section 2). The layer starts as one with LeCun-normal weights, and one rate suits layers of any width: it trains as
	// with weights of the usual kind whose rate is divided by sqrt(inputs) for Adam, by inputs for SGD; see optim.NeuralTangent.
	NeuralTangent bool
	// WeightInit fills the weights. Nil means LeCunNormal, or StandardNormal with NeuralTangent.
	WeightInit Initializer
	// BiasInit fills the bias. Nil means Zeros, or StandardNormal with NeuralTangent.
	BiasInit Initializer
}

// Forward adds the layer to the graph of x, a matrix of any number of columns. If x is a sparse input of the network, the layer reads its
// sparse rows; see ops.SparseAffine.
func (d Dense) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if d.Units < 1 {
		return nil, errors.Errorf("Dense: %d units, want at least 1", d.Units)
	}
	if err := checkMatrix("Dense", b, x); err != nil {
		return nil, err
	}
	y, err := d.affine(b, x)
	if err != nil || d.Activation == nil {
		return y, err
	}
	return d.Activation(y)
}

func (d Dense) affine(b *Binder, x *G.Node) (*G.Node, error) {
	weightInit, biasInit := Initializer(LeCunNormal), Zeros
	if d.NeuralTangent {
		weightInit, biasInit = StandardNormal, StandardNormal
	}
	w, err := b.Param("weight", orElse(d.WeightInit, weightInit), x.Shape()[1], d.Units)
	if err != nil {
		return nil, err
	}
	if d.NeuralTangent { // of the weights, which may be fewer than the inputs, and x may be sparse
		if w, err = ops.Scale(w, 1/math.Sqrt(float64(x.Shape()[1]))); err != nil {
			return nil, err
		}
	}
	product, affine := ops.MatMul, ops.Affine
	if b.IsSparse(x) {
		product, affine = ops.SparseMatMul, ops.SparseAffine
	}
	var z *G.Node
	if d.NoBias {
		z, err = product(x, w)
	} else {
		var bias *G.Node
		if bias, err = b.Param("bias", orElse(d.BiasInit, biasInit), d.Units); err != nil {
			return nil, err
		}
		z, err = affine(x, w, bias)
	}
	if err != nil {
		return nil, err
	}
	b.Linear(z, w)
	return z, nil
}

func orElse(init, fallback Initializer) Initializer {
	if init == nil {
		return fallback
	}
	return init
}
