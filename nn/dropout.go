package nn

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// AlphaDropout is ops.AlphaDropout in training graphs and the identity in evaluation graphs. It keeps mean and variance of the activations of a SELU.
// It does not take sparse rows, because it gives dropped elements a value other than zero.
type AlphaDropout struct {
	// Rate is in [0, 1).
	Rate float64
	// Fixed is the fixed point of the SELU before the layer; see ops.AlphaDropoutOf. The zero value means the SELU of the paper, with mean 0 and
	// variance 1.
	Fixed FixedPoint `json:",omitzero"`
}

// Forward adds the layer to the graph of x, of any shape.
func (d AlphaDropout) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if b.IsSparse(x) {
		return nil, errors.New("AlphaDropout: the input is sparse, and dropped elements would not be zero; use Dropout")
	}
	if d.Fixed == (FixedPoint{}) {
		return dropIfTraining(b, ops.AlphaDropout, x, d.Rate)
	}
	at, err := d.Fixed.Complete()
	if err != nil {
		return nil, errors.Wrap(err, "AlphaDropout")
	}
	return dropIfTraining(b, func(x *G.Node, rate float64, noise *ops.Noise) (*G.Node, error) {
		return ops.AlphaDropoutOf(x, rate, ops.FixedPoint(at), noise)
	}, x, d.Rate)
}

// Dropout is ops.Dropout in training graphs and the identity in evaluation graphs. Rate is in [0, 1). On a sparse input of the network it is
// ops.SparseDropout.
type Dropout struct{ Rate float64 }

// Forward adds the layer to the graph of x, of any shape.
func (d Dropout) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if b.IsSparse(x) {
		return dropIfTraining(b, ops.SparseDropout, x, d.Rate)
	}
	return dropIfTraining(b, ops.Dropout, x, d.Rate)
}

func dropIfTraining(b *Binder, drop func(*G.Node, float64, *ops.Noise) (*G.Node, error), x *G.Node, rate float64) (*G.Node, error) {
	if b == nil || x == nil {
		return nil, errors.New("dropout: the binder or the input is nil")
	}
	if b.Training {
		return drop(x, rate, b.Noise)
	}
	return x, ops.CheckRate(rate)
}
