package ops

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// ChannelAlphaDropout is [AlphaDropout] for whole channels of images x, (batch, channels, height, width), or columns of a matrix: a channel of
// an image is dropped or kept as one, because neighbouring pixels hold much the same. PyTorch calls it FeatureAlphaDropout. The result has
// the shape of x.
func ChannelAlphaDropout(x *G.Node, rate float64, noise *Noise) (*G.Node, error) {
	const name = "ChannelAlphaDropout"
	switch err := CheckRate(rate); {
	case err != nil:
		return nil, errors.Wrap(err, name)
	case x == nil:
		return nil, errors.Errorf("%s: input 0 is nil", name)
	case rate == 0:
		return x, nil
	case noise == nil:
		return nil, errors.Errorf("%s: no source of noise", name)
	}
	const saturation = -kernel.Lambda * kernel.Alpha
	q := 1 - rate
	a := 1 / math.Sqrt(q+saturation*saturation*q*rate)
	b := -a * rate * saturation
	d := kernel.Dropping{Rate: rate, Scale: a, Shift: b, Dropped: a*saturation + b}
	s, attrs := noise.Stream(), []any{rate, noise.seed}
	return Apply(Def{
		Name:    name,
		Attrs:   attrs,
		ID:      channelDrop{s},
		Shape:   channelsShape,
		Float32: dropChannels[float32](d, s),
		Float64: dropChannels[float64](d, s),
		Gradient: func() Gradient {
			// The output is an operand so that the forward pass, which chooses the step, runs first.
			grad := Def{
				Name: name + "Grad", Attrs: attrs, ID: channelDrop{s}, Shape: SameShape,
				Float32: dropChannelsGrad[float32](d, s), Float64: dropChannelsGrad[float64](d, s),
			}
			return Gradient{Steps: []Step{{grad, []Arg{Upstream, Output}}}, Of: []int{0}}
		},
	}, x)
}

// channelDrop is the ID: each op has noise of its own.
type channelDrop struct{ *Stream }

func channelsShape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0].Dims() < 2 {
		return nil, errors.Errorf("x has shape %v, want (batch, channels, ...)", in[0])
	}
	return in[0].Clone(), nil
}

func dropChannels[T kernel.Float](d kernel.Dropping, s *Stream) func(*Call[T]) error {
	return func(c *Call[T]) error {
		kernel.DropChannels(c.Workers, c.Out, c.In[0], Columns(c.Shapes[0][1:]), d, s.Next())
		return nil
	}
}

func dropChannelsGrad[T kernel.Float](d kernel.Dropping, s *Stream) func(*Call[T]) error {
	return func(c *Call[T]) error {
		kernel.DropChannelsGrad(c.Workers, c.Out, c.In[0], Columns(c.Shapes[0][1:]), d, s.Now())
		return nil
	}
}
