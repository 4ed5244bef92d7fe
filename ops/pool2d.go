package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Pool2DOptions are the settings of MaxPool2D and AvgPool2D.
type Pool2DOptions struct {
	// Size is the height and width of a window.
	Size int
	// Stride is the distance of the windows. 0 means Size.
	Stride int
	// Padding is the number of elements on each of the four sides that windows may lie over, at most Size/2.
	Padding int
}

// MaxPool2D is the largest element of each window of images x, (batch, channels, height, width). The result has the shape (batch, channels,
// (height + 2 Padding - Size) / Stride + 1, ...), rounded down. Padding is never the largest element; a NaN always is. The gradient goes to
// the first of several largest elements.
func MaxPool2D(x *G.Node, options Pool2DOptions) (*G.Node, error) {
	o := options.orDefaults()
	def := o.def("MaxPool2D", maxPool[float32](o), maxPool[float64](o))
	def.Gradient = func() Gradient {
		grad := o.def("MaxPool2DGrad", maxPoolGrad[float32](o), maxPoolGrad[float64](o))
		grad.Shape = ShapeOf(1)
		return Gradient{Steps: []Step{{grad, []Arg{Upstream, Input(0)}}}, Of: []int{0}}
	}
	return Apply(def, x)
}

// AvgPool2D is the mean of each window of images x, as MaxPool2D is the largest element. Padding counts as zeros, as PyTorch does by default.
func AvgPool2D(x *G.Node, options Pool2DOptions) (*G.Node, error) {
	o := options.orDefaults()
	def := o.def("AvgPool2D", avgPool[float32](o), avgPool[float64](o))
	def.Gradient = func() Gradient {
		grad := o.def("AvgPool2DGrad", avgPoolGrad[float32](o), avgPoolGrad[float64](o))
		grad.Shape = ShapeOf(1)
		return Gradient{Steps: []Step{{grad, []Arg{Upstream, Input(0)}}}, Of: []int{0}} // x for its shape
	}
	return Apply(def, x)
}

func (o Pool2DOptions) orDefaults() Pool2DOptions {
	if o.Stride == 0 {
		o.Stride = o.Size
	}
	return o
}

func (o Pool2DOptions) def(name string, f32 func(*Call[float32]) error, f64 func(*Call[float64]) error) Def {
	return Def{Name: name, Attrs: []any{o.Size, o.Stride, o.Padding}, ID: imageOp{}, Shape: o.shape, Float32: f32, Float64: f64}
}

// shape is the Def.Shape of a pooling.
func (o Pool2DOptions) shape(in []tensor.Shape) (tensor.Shape, error) {
	x := in[0]
	if err := CheckImages("x", x); err != nil {
		return nil, err
	}
	if o.Padding > o.Size/2 {
		return nil, errors.Errorf("padding %d of windows of %d, want at most half the size", o.Padding, o.Size)
	}
	height, err := outputSize("window", x[2], o.Size, o.Stride, o.Padding)
	if err != nil {
		return nil, err
	}
	width, err := outputSize("window", x[3], o.Size, o.Stride, o.Padding)
	if err != nil {
		return nil, err
	}
	return tensor.Shape{x[0], x[1], height, width}, nil
}

func (o Pool2DOptions) sizes(x tensor.Shape) kernel.PoolShape {
	stride := usefulStride(o.Stride, x, o.Padding)
	return kernel.PoolShape{Planes: x[0] * x[1], Height: x[2], Width: x[3], Size: o.Size, Stride: stride, Padding: o.Padding}
}

func maxPool[T kernel.Float](o Pool2DOptions) func(*Call[T]) error {
	return func(c *Call[T]) error {
		kernel.MaxPool(c.Workers, c.Out, c.In[0], o.sizes(c.Shapes[0]))
		return nil
	}
}

func maxPoolGrad[T kernel.Float](o Pool2DOptions) func(*Call[T]) error {
	return func(c *Call[T]) error {
		kernel.MaxPoolGrad(c.Workers, c.Out, c.In[0], c.In[1], o.sizes(c.Shapes[1]))
		return nil
	}
}

func avgPool[T kernel.Float](o Pool2DOptions) func(*Call[T]) error {
	return func(c *Call[T]) error {
		kernel.AvgPool(c.Workers, c.Out, c.In[0], o.sizes(c.Shapes[0]))
		return nil
	}
}

func avgPoolGrad[T kernel.Float](o Pool2DOptions) func(*Call[T]) error {
	return func(c *Call[T]) error {
		kernel.AvgPoolGrad(c.Workers, c.Out, c.In[0], o.sizes(c.Shapes[1]))
		return nil
	}
}
