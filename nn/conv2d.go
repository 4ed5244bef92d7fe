package nn

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Conv2D is a 2-D convolution: activation(x * weight + bias); see ops.Conv2D. Its parameters are weight, of shape (Filters, channels, Size,
// Size), and bias, with one element per filter.
type Conv2D struct {
	// Filters is the number of channels of the output, at least 1.
	Filters int
	// Size is the height and width of a filter, at least 1.
	Size int
	// Stride is the distance of the positions of a filter. 0 means 1.
	Stride int
	// Padding is the number of zeros on each of the four sides of an image. Size/2 keeps its height and width, if Size is odd and Stride is 1.
	Padding int
	// Activation is applied to the result. Nil means none.
	Activation Activation
	// NoBias omits the bias.
	NoBias bool
	// WeightInit fills the weights. Nil means LeCunNormal.
	WeightInit Initializer
	// BiasInit fills the bias. Nil means Zeros.
	BiasInit Initializer
}

// Forward adds the layer to the graph of x, images of shape (rows, channels, height, width).
func (c Conv2D) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if c.Filters < 1 || c.Size < 1 {
		return nil, errors.Errorf("Conv2D: %d filters of size %d, want at least 1 of at least 1", c.Filters, c.Size)
	}
	if err := checkImages("Conv2D", b, x); err != nil {
		return nil, err
	}
	w, err := b.Param("weight", orElse(c.WeightInit, LeCunNormal), c.Filters, x.Shape()[1], c.Size, c.Size)
	if err != nil {
		return nil, err
	}
	var bias *G.Node
	if !c.NoBias {
		if bias, err = b.Param("bias", orElse(c.BiasInit, Zeros), c.Filters); err != nil {
			return nil, err
		}
	}
	z, err := ops.Conv2D(x, w, bias, ops.Conv2DOptions{Stride: c.Stride, Padding: c.Padding})
	if err != nil {
		return nil, err
	}
	b.Linear(z, w)
	if c.Activation == nil {
		return z, nil
	}
	return c.Activation(z)
}

// checkImages returns an error unless there is a binder and x is a batch of images.
func checkImages(kind string, b *Binder, x *G.Node) error {
	switch {
	case b == nil || b.shared == nil:
		return errors.Errorf("%s: the binder is nil; use nn.NewBinder", kind)
	case x == nil || x.Type() == nil:
		return errors.Errorf("%s: the input is nil", kind)
	case x.Dims() != 4:
		return errors.Errorf("%s: input of shape %v, want images (rows, channels, height, width)", kind, x.Shape())
	}
	return nil
}
