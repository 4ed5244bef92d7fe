package nn

import (
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
	// WeightInit fills the weights. Nil means LeCunNormal.
	WeightInit Initializer
	// BiasInit fills the bias. Nil means Zeros.
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
	w, err := b.Param("weight", orElse(d.WeightInit, LeCunNormal), x.Shape()[1], d.Units)
	if err != nil {
		return nil, err
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
		if bias, err = b.Param("bias", orElse(d.BiasInit, Zeros), d.Units); err != nil {
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
