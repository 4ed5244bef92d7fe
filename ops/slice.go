package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Slice is the part of x with indices from <= i < to along an axis, as a copy: Slice(x, 1, 0, 3) is the first three columns of a matrix.
// A negative axis counts from the end: -1 is the last. The axis stays, even with size 1. Slice a slice to cut along several axes.
func Slice(x *G.Node, axis, from, to int) (*G.Node, error) { return Apply(SliceDef(axis, from, to), x) }

// SliceDef is the op of [Slice], as a step of a gradient.
func SliceDef(axis, from, to int) Def {
	r := cut{axis, from, to}
	return Def{
		Name: "Slice", Attrs: []any{axis, from, to}, ID: own{}, Shape: r.shape,
		Float32: func(c *Call[float32]) error { return slice(c, r) },
		Float64: func(c *Call[float64]) error { return slice(c, r) },
		Gradient: func() Gradient {
			grad := Def{
				Name: "SliceGrad", Attrs: []any{axis, from, to}, ID: own{}, Shape: ShapeOf(1),
				Float32: func(c *Call[float32]) error { return unslice(c, r) },
				Float64: func(c *Call[float64]) error { return unslice(c, r) },
			}
			return Gradient{Steps: []Step{{grad, []Arg{Upstream, Input(0)}}}, Of: []int{0}}
		},
	}
}

// cut is a range of indices along an axis.
type cut struct{ axis, from, to int }

func (r cut) shape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) == 0 {
		return nil, errors.New("no inputs")
	}
	a, err := Axis(r.axis, in[0])
	if err != nil {
		return nil, err
	}
	if r.from < 0 || r.from >= r.to || r.to > in[0][a] {
		return nil, errors.Errorf("indices %d to %d of axis %d of shape %v, want a range within 0 to %d", r.from, r.to, a, in[0], in[0][a])
	}
	out := in[0].Clone()
	out[a] = r.to - r.from
	return out, nil
}

// blocks returns the number of blocks that are cut out of a tensor of shape s, their place, their size and their distance.
func (r cut) blocks(s tensor.Shape) (count, from, size, step int, err error) {
	a, err := Axis(r.axis, s)
	if err != nil {
		return 0, 0, 0, 0, err
	}
	n := sizeOf(s[a+1:])
	return sizeOf(s[:a]), r.from * n, (r.to - r.from) * n, s[a] * n, nil
}

func slice[T kernel.Float](c *Call[T], r cut) error {
	b, ok := c.State.(*kernel.Blocks[T])
	if !ok {
		count, from, size, step, err := r.blocks(c.Shapes[0])
		if err != nil {
			return err
		}
		b = &kernel.Blocks[T]{Count: count, Size: size, From: from, FromStep: step, ToStep: size}
		c.State = b
	}
	b.Run(c.Workers, c.Out, c.In[0])
	return nil
}

// unslice puts input 0 into zeros of the shape of input 1.
func unslice[T kernel.Float](c *Call[T], r cut) error {
	b, ok := c.State.(*kernel.Blocks[T])
	if !ok {
		count, to, size, step, err := r.blocks(c.Shapes[1])
		if err != nil {
			return err
		}
		b = &kernel.Blocks[T]{Count: count, Size: size, FromStep: size, To: to, ToStep: step}
		c.State = b
	}
	clear(c.Out)
	b.Run(c.Workers, c.Out, c.In[0])
	return nil
}
