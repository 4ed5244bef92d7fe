package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Sum is the sum of x over the given axes, which disappear: the sum of an n x d matrix over axis 0 is a vector of d column sums, over axis 1
// (or -1, the last) a vector of n row sums. Without axes it is the sum of all elements, a scalar. x has any shape.
func Sum(x *G.Node, axes ...int) (*G.Node, error) { return Apply(SumDef(axes...), x) }

// SumDef is the op of [Sum], as a step of a gradient.
func SumDef(axes ...int) Def { return reduction("Sum", axes, func(int) float64 { return 1 }) }

// reduction is a sum over axes, times a factor that depends on the number of terms.
func reduction(name string, axes []int, factor func(terms int) float64) Def {
	axes = append([]int{}, axes...)
	shape := func(in []tensor.Shape) (tensor.Shape, error) {
		if len(in) == 0 {
			return nil, errors.New("no inputs")
		}
		over, err := Axes(axes, in[0])
		if err != nil {
			return nil, err
		}
		out := tensor.ScalarShape()
		for i, is := range marked(over, in[0]) {
			if !is {
				out = append(out, in[0][i])
			}
		}
		return out, nil
	}
	return Def{
		Name: name, Attrs: []any{axes}, ID: own{}, Shape: shape,
		Float32: func(c *Call[float32]) error { return reduce(c, axes, factor) },
		Float64: func(c *Call[float64]) error { return reduce(c, axes, factor) },
		Gradient: func() Gradient {
			grad := Def{
				Name: name + "Grad", Attrs: []any{axes}, ID: own{}, Shape: ShapeOf(1),
				Float32: func(c *Call[float32]) error { return spread(c, axes, factor) },
				Float64: func(c *Call[float64]) error { return spread(c, axes, factor) },
			}
			return Gradient{Steps: []Step{{grad, []Arg{Upstream, Input(0)}}}, Of: []int{0}}
		},
	}
}

// sums is the state of a reduction.
type sums[T kernel.Float] struct {
	*kernel.SumAxes[T]
	factor float64
}

func reduce[T kernel.Float](c *Call[T], axes []int, factor func(terms int) float64) error {
	s, ok := c.State.(*sums[T])
	if !ok {
		summed, terms, err := terms(axes, c.Shapes[0])
		if err != nil {
			return err
		}
		s = &sums[T]{kernel.NewSumAxes[T](c.Shapes[0], summed), factor(terms)}
		c.State = s
	}
	s.Run(c.Workers, c.Out, c.In[0], s.factor)
	return nil
}

// repeats is the state of the gradient of a reduction.
type repeats[T kernel.Float] struct {
	*kernel.Repeat[T]
	factor float64
}

// spread repeats input 0 to the shape of input 1.
func spread[T kernel.Float](c *Call[T], axes []int, factor func(terms int) float64) error {
	s, ok := c.State.(*repeats[T])
	if !ok {
		summed, terms, err := terms(axes, c.Shapes[1])
		if err != nil {
			return err
		}
		s = &repeats[T]{kernel.NewRepeat[T](c.Shapes[1], summed), factor(terms)}
		c.State = s
	}
	s.Run(c.Workers, c.Out, c.In[0], s.factor)
	return nil
}

// terms returns which axes of a shape are summed, and the number of terms of each sum.
func terms(axes []int, s tensor.Shape) (summed []bool, n int, err error) {
	over, err := Axes(axes, s)
	if err != nil {
		return nil, 0, err
	}
	n = 1
	for _, a := range over {
		n *= s[a]
	}
	return marked(over, s), n, nil
}
