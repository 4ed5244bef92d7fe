package nn

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Residual adds its input to the output of an inner layer: activation(x + layer(x)) (He et al. 2016, Eq. 1). If their widths differ, the
// input passes through shortcut, a linear map without bias (Eq. 2).
type Residual struct {
	// Layer is the residual function.
	Layer Layer
	// Activation is applied to the sum. Nil means none.
	Activation Activation
	// ShortcutInit fills the weights of the shortcut. Nil means LeCunNormal.
	ShortcutInit Initializer
}

// Forward adds the layer to the graph of x, a matrix.
func (r Residual) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if err := checkMatrix("Residual", b, x); err != nil {
		return nil, err
	}
	y, err := b.Apply("layer", r.Layer, x)
	if err != nil {
		return nil, err
	}
	if y.Dims() == 2 && y.Shape()[1] != x.Shape()[1] {
		if x, err = b.Apply("shortcut", Dense{Units: y.Shape()[1], NoBias: true, WeightInit: r.ShortcutInit}, x); err != nil {
			return nil, err
		}
	}
	if !y.Shape().Eq(x.Shape()) { // Add would repeat the smaller one
		return nil, errors.Errorf("Residual: input of shape %v, but the layer gives %v", x.Shape(), y.Shape())
	}
	sum, err := ops.Add(x, y)
	if err != nil {
		return nil, err
	}
	b.Linear(sum, nil)
	if r.Activation == nil {
		return sum, nil
	}
	return r.Activation(sum)
}
