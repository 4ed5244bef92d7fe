package nn

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// ChannelAlphaDropout is ops.ChannelAlphaDropout in training graphs and the identity in evaluation graphs. Rate is in [0, 1).
type ChannelAlphaDropout struct{ Rate float64 }

// Forward adds the layer to the graph of x, images of shape (rows, channels, height, width), or a matrix.
func (d ChannelAlphaDropout) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	return dropIfTraining(b, ops.ChannelAlphaDropout, x, d.Rate)
}
