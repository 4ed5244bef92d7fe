package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Conv2DOptions are the settings of Conv2D.
type Conv2DOptions struct {
	// Stride is the distance of the positions of a filter, in both directions. 0 means 1.
	Stride int
	// Padding is the number of zeros on each of the four sides, 0 to 4096.
	Padding int
}

// Conv2D is the 2-D convolution of images x, (batch, channels, height, width), with filters w, (filters, channels, kernel height, kernel
// width), plus b, a vector with one element per filter, or nil for none. The result has the shape (batch, filters, (height + 2 Padding -
// kernel height) / Stride + 1, ...), rounded down. As in PyTorch and ONNX, filters are not mirrored: it is a cross-correlation.
//
// float32 filters of 3 x 3 with stride 1 over 12 or more channels are computed by Winograd's algorithm F(2x2, 3x3), whose rounding errors are
// relative to the largest of 4 x 4 neighbouring inputs; see [kernel.Conv2D].
func Conv2D(x, w, b *G.Node, options Conv2DOptions) (*G.Node, error) {
	if options.Stride == 0 {
		options.Stride = 1
	}
	if b == nil {
		return Apply(conv2D(options, false), x, w)
	}
	return Apply(conv2D(options, true), x, w, b)
}

// imageOp is the ID of the ops on images, which makes ops with equal names and attributes equal.
type imageOp struct{}

func conv2D(o Conv2DOptions, biased bool) Def {
	return Def{
		Name:    "Conv2D",
		Attrs:   []any{o.Stride, o.Padding},
		ID:      imageOp{},
		Shape:   o.shape,
		Float32: convolution[float32](o),
		Float64: convolution[float64](o),
		Gradient: func() Gradient {
			g := Gradient{
				Steps: []Step{
					// x is an operand for its shape alone, which that of the output does not determine.
					{o.gradient("Conv2DGradInput", 2, gradInput[float32](o), gradInput[float64](o)), []Arg{Upstream, Input(1), Input(0)}},
					{o.gradient("Conv2DGradWeights", 2, gradWeights[float32](o), gradWeights[float64](o)), []Arg{Upstream, Input(0), Input(1)}},
				},
				Of: []int{0, 1},
			}
			if biased {
				g.Steps, g.Of = append(g.Steps, Step{channelSums(), []Arg{Upstream}}), append(g.Of, 2)
			}
			return g
		},
	}
}

// gradient is a step whose result has the shape of operand like.
func (o Conv2DOptions) gradient(name string, like int, f32 func(*Call[float32]) error, f64 func(*Call[float64]) error) Def {
	return Def{Name: name, Attrs: []any{o.Stride, o.Padding}, ID: imageOp{}, Shape: ShapeOf(like), Float32: f32, Float64: f64}
}

// shape is the Def.Shape of the convolution.
func (o Conv2DOptions) shape(in []tensor.Shape) (tensor.Shape, error) {
	x, w := in[0], in[1]
	if err := CheckImages("x", x); err != nil {
		return nil, err
	}
	if w.Dims() != 4 {
		return nil, errors.Errorf("w has shape %v, want (filters, channels, height, width)", w)
	}
	if x[1] != w[1] {
		return nil, errors.Errorf("x has %d channels, but w has %d", x[1], w[1])
	}
	height, err := outputSize("kernel height", x[2], w[2], o.Stride, o.Padding)
	if err != nil {
		return nil, err
	}
	width, err := outputSize("kernel width", x[3], w[3], o.Stride, o.Padding)
	if err != nil {
		return nil, err
	}
	if len(in) > 2 {
		if err := CheckVector("b", in[2], w[0]); err != nil {
			return nil, err
		}
	}
	return tensor.Shape{x[0], w[0], height, width}, nil
}

// sizes returns the sizes for the kernel.
func (o Conv2DOptions) sizes(x, w tensor.Shape) kernel.ConvShape {
	return kernel.ConvShape{
		Batch: x[0], Channels: x[1], Height: x[2], Width: x[3],
		Filters: w[0], KernelHeight: w[2], KernelWidth: w[3],
		Stride: usefulStride(o.Stride, x, o.Padding), Padding: o.Padding,
	}
}

func convolution[T kernel.Float](o Conv2DOptions) func(*Call[T]) error {
	return func(c *Call[T]) error {
		k := stateOf[kernel.Conv2D[T]](c)
		k.ConvShape = o.sizes(c.Shapes[0], c.Shapes[1])
		var bias []T
		if len(c.In) > 2 {
			bias = c.In[2]
		}
		k.Forward(c.Workers, c.Out, c.In[0], c.In[1], bias)
		return nil
	}
}

func gradInput[T kernel.Float](o Conv2DOptions) func(*Call[T]) error {
	return func(c *Call[T]) error {
		k := stateOf[kernel.Conv2D[T]](c)
		k.ConvShape = o.sizes(c.Shapes[2], c.Shapes[1])
		k.GradInput(c.Workers, c.Out, c.In[0], c.In[1])
		return nil
	}
}

func gradWeights[T kernel.Float](o Conv2DOptions) func(*Call[T]) error {
	return func(c *Call[T]) error {
		k := stateOf[kernel.Conv2D[T]](c)
		k.ConvShape = o.sizes(c.Shapes[1], c.Shapes[2])
		k.GradWeights(c.Workers, c.Out, c.In[1], c.In[0])
		return nil
	}
}

// channelSums sums images over everything but the channels: the gradient of the bias.
func channelSums() Def {
	return Def{
		Name: "ChannelSums",
		ID:   imageOp{},
		Shape: func(in []tensor.Shape) (tensor.Shape, error) {
			if err := CheckImages("x", in[0]); err != nil {
				return nil, err
			}
			return tensor.Shape{in[0][1]}, nil
		},
		Float32: sumChannels[float32](),
		Float64: sumChannels[float64](),
	}
}

func sumChannels[T kernel.Float]() func(*Call[T]) error {
	return func(c *Call[T]) error {
		s, scratch := c.Shapes[0], stateOf[[]T](c)
		if *scratch == nil {
			*scratch = make([]T, kernel.PlaneScratch*s[1])
		}
		kernel.PlaneSums(c.Workers, c.Out, c.In[0], *scratch, s[2]*s[3])
		return nil
	}
}
