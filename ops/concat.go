package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Concat joins tensors along an axis: axis 1 of matrices puts their columns side by side. A negative axis counts from the end: -1 is the
// last. The shapes must agree in all other axes.
func Concat(axis int, xs ...*G.Node) (*G.Node, error) { return Apply(ConcatDef(axis, len(xs)), xs...) }

// ConcatDef is the op of [Concat] for n inputs, as a step of a gradient.
func ConcatDef(axis, n int) Def {
	return Def{
		Name: "Concat", Attrs: []any{axis}, ID: own{},
		Shape: func(in []tensor.Shape) (tensor.Shape, error) {
			if len(in) != n {
				return nil, errors.Errorf("%d inputs, want %d", len(in), n)
			}
			return concatShape(in, axis)
		},
		Float32: func(c *Call[float32]) error { return concat(c, axis) },
		Float64: func(c *Call[float64]) error { return concat(c, axis) },
		Gradient: func() (g Gradient) {
			args := []Arg{Upstream}
			for i := range n {
				args = append(args, Input(i)) // the shapes of the inputs before give the place
				g.Of = append(g.Of, g.add(concatGrad(axis, i), args...))
			}
			return g
		},
	}
}

func concatShape(in []tensor.Shape, axis int) (tensor.Shape, error) {
	if len(in) == 0 {
		return nil, errors.New("no inputs")
	}
	a, err := Axis(axis, in[0])
	if err != nil {
		return nil, err
	}
	out := in[0].Clone()
	for _, s := range in[1:] {
		if s.Dims() != out.Dims() {
			return nil, errors.Errorf("shapes %v and %v have unequal numbers of dimensions", in[0], s)
		}
		for i := range out {
			if i != a && s[i] != out[i] {
				return nil, errors.Errorf("shapes %v and %v differ in axis %d, not only in axis %d", in[0], s, i, a)
			}
		}
		if out[a] += s[a]; out[a] < 0 {
			return nil, errors.New("the sum of the sizes is too large")
		}
	}
	return out, nil
}

// concatBlocks returns the copy of each input to the result.
func concatBlocks[T kernel.Float](in []tensor.Shape, axis int) ([]kernel.Blocks[T], error) {
	out, err := concatShape(in, axis)
	if err != nil {
		return nil, err
	}
	a, err := Axis(axis, out)
	if err != nil {
		return nil, err
	}
	rows, step, at := sizeOf(out[:a]), sizeOf(out[a:]), 0
	blocks := make([]kernel.Blocks[T], len(in))
	for i, s := range in {
		n := sizeOf(s[a:])
		blocks[i] = kernel.Blocks[T]{Count: rows, Size: n, FromStep: n, To: at, ToStep: step}
		at += n
	}
	return blocks, nil
}

func concat[T kernel.Float](c *Call[T], axis int) error {
	blocks, ok := c.State.([]kernel.Blocks[T])
	if !ok {
		var err error
		if blocks, err = concatBlocks[T](c.Shapes, axis); err != nil {
			return err
		}
		c.State = blocks
	}
	for i := range blocks {
		blocks[i].Run(c.Workers, c.Out, c.In[i])
	}
	return nil
}

// concatGrad is the part of input 0 that came from input i of the concatenation. Its further inputs are those of the concatenation up to i.
func concatGrad(axis, i int) Def {
	return Def{
		Name: "ConcatGrad", Attrs: []any{axis, i}, ID: own{}, Shape: ShapeOf(i + 1),
		Float32: func(c *Call[float32]) error { return concatPart(c, axis, i) },
		Float64: func(c *Call[float64]) error { return concatPart(c, axis, i) },
	}
}

func concatPart[T kernel.Float](c *Call[T], axis, i int) error {
	b, ok := c.State.(*kernel.Blocks[T])
	if !ok {
		a, err := Axis(axis, c.Shapes[0])
		if err != nil {
			return err
		}
		from := 0
		for _, s := range c.Shapes[1 : i+1] {
			from += sizeOf(s[a:])
		}
		n := sizeOf(c.Shapes[i+1][a:])
		b = &kernel.Blocks[T]{Count: sizeOf(c.Shapes[0][:a]), Size: n, From: from, FromStep: sizeOf(c.Shapes[0][a:]), ToStep: n}
		c.State = b
	}
	b.Run(c.Workers, c.Out, c.In[0])
	return nil
}

// sizeOf returns the number of elements of a tensor of a shape, or of some of its axes.
func sizeOf(s tensor.Shape) int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}
