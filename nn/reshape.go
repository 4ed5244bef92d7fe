package nn

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Reshape gives each example another shape: Reshape{1, 28, 28} makes images of one channel of rows of 784 elements. The number of examples
// stays. One size may be -1, which stands for what remains.
type Reshape []int

// Forward adds the layer to the graph of x, which has at least one dimension.
func (r Reshape) Forward(_ *Binder, x *G.Node) (*G.Node, error) {
	if x == nil || x.Type() == nil || x.Dims() == 0 {
		return nil, errors.New("Reshape: the input is nil or a scalar")
	}
	return ops.Reshape(x, append([]int{x.Shape()[0]}, r...)...)
}
