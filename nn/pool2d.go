package nn

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// MaxPool2D is ops.MaxPool2D: the largest element of each window of an image.
type MaxPool2D struct {
	// Size is the height and width of a window, at least 1.
	Size int
	// Stride is the distance of the windows. 0 means Size.
	Stride int
	// Padding is the number of elements on each side that windows may lie over, at most Size/2.
	Padding int
}

// Forward adds the layer to the graph of x, images of shape (rows, channels, height, width).
func (p MaxPool2D) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if err := checkImages("MaxPool2D", b, x); err != nil {
		return nil, err
	}
	return ops.MaxPool2D(x, ops.Pool2DOptions(p))
}

// AvgPool2D is ops.AvgPool2D: the mean of each window of an image. Padding counts as zeros.
type AvgPool2D struct {
	// Size is the height and width of a window, at least 1.
	Size int
	// Stride is the distance of the windows. 0 means Size.
	Stride int
	// Padding is the number of elements on each side that windows may lie over, at most Size/2.
	Padding int
}

// Forward adds the layer to the graph of x, images of shape (rows, channels, height, width).
func (p AvgPool2D) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if err := checkImages("AvgPool2D", b, x); err != nil {
		return nil, err
	}
	return ops.AvgPool2D(x, ops.Pool2DOptions(p))
}
