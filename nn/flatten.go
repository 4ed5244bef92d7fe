package nn

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Flatten makes a matrix of its input: one row per example, with all its elements in row-major order. It stands between the convolutions of
// an image network and its dense layers. A matrix is unchanged.
type Flatten struct{}

// Forward adds the layer to the graph of x, which has at least one dimension.
func (Flatten) Forward(_ *Binder, x *G.Node) (*G.Node, error) {
	if x == nil || x.Type() == nil || x.Dims() == 0 {
		return nil, errors.New("Flatten: the input is nil or a scalar")
	}
	if x.Dims() == 2 {
		return x, nil
	}
	return ops.Reshape(x, x.Shape()[0], -1)
}
