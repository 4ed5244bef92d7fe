package graphs

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Embedded is a self-normalizing network for tables behind an embedding of numbers: each of the first columns becomes several features, which the network
// bends more easily than the number itself (PBLD of Holzmüller et al. 2024, "Better by default"). The other columns are unchanged. The paper trains the
// parameters of the embedding, embedding.*, at a tenth of the rate.
type Embedded struct {
	Hidden
	// Numbers is how many columns, the first ones, are embedded, at least 1.
	Numbers int `json:"numbers"`
	// Embedding is that of a column.
	Embedding nn.Periodic `json:"embedding"`
}

// Forward adds the network to the graph of x, a matrix of dense rows.
func (n Embedded) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	if b == nil || x == nil || x.Type() == nil {
		return nil, errors.New("Embedded: the binder or the input is nil")
	}
	if x.Dims() != 2 || b.IsSparse(x) {
		return nil, errors.Errorf("Embedded: input of shape %v, want a matrix of dense rows", x.Shape())
	}
	columns := x.Shape()[1]
	if n.Numbers < 1 || n.Numbers > columns {
		return nil, errors.Errorf("Embedded: %d of %d columns are numbers, want 1 to %d", n.Numbers, columns, columns)
	}
	numbers, err := ops.Slice(x, 1, 0, n.Numbers)
	if err != nil {
		return nil, err
	}
	h, err := b.Apply("embedding", n.Embedding, numbers)
	if err != nil {
		return nil, err
	}
	if n.Numbers < columns {
		rest, err := ops.Slice(x, 1, n.Numbers, columns)
		if err != nil {
			return nil, err
		}
		if h, err = ops.Concat(1, h, rest); err != nil {
			return nil, err
		}
	}
	return SNN(n.Hidden).Forward(b, h)
}
