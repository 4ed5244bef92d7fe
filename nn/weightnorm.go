package nn

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// WeightNorm is a fully connected layer that learns the direction and the length of its weights separately: activation(x w + bias), where
// column j of w is column j of v scaled to the norm gain[j] (Salimans and Kingma 2016, Eq. 2). Its parameters are v, of shape (inputs,
// Units), gain and bias. Gains start at 1 and do not depend on data.
type WeightNorm struct {
	// Units is the number of outputs, at least 1.
	Units int
	// Activation is applied to the result. Nil means none.
	Activation Activation
	// VInit fills v; only the directions of its columns matter. Nil means LeCunNormal.
	VInit Initializer
	// GainInit fills the gains. Nil means Ones.
	GainInit Initializer
}

// Forward adds the layer to the graph of x, a matrix of any number of columns.
func (n WeightNorm) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if n.Units < 1 {
		return nil, errors.Errorf("WeightNorm: %d units, want at least 1", n.Units)
	}
	if err := checkMatrix("WeightNorm", b, x); err != nil {
		return nil, err
	}
	v, err := b.Param("v", orElse(n.VInit, LeCunNormal), x.Shape()[1], n.Units)
	if err != nil {
		return nil, err
	}
	gain, err := b.Param("gain", orElse(n.GainInit, Ones), n.Units)
	if err != nil {
		return nil, err
	}
	bias, err := b.Param("bias", Zeros, n.Units)
	if err != nil {
		return nil, err
	}
	w, err := ops.WeightNorm(v, gain)
	if err != nil {
		return nil, err
	}
	y, err := ops.Affine(x, w, bias)
	if err != nil {
		return nil, err
	}
	b.Linear(y, w)
	if n.Activation == nil {
		return y, nil
	}
	return n.Activation(y)
}
