package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Transpose puts the axes of x in another order: axis i of the result is axis axes[i] of x. Without axes it reverses their order, which
// transposes a matrix. A negative axis counts from the end: -1 is the last. The result is a copy, not a view.
func Transpose(x *G.Node, axes ...int) (*G.Node, error) { return Apply(TransposeDef(axes...), x) }

// TransposeDef is the op of [Transpose], as a step of a gradient.
func TransposeDef(axes ...int) Def {
	axes = append([]int{}, axes...)
	return Def{
		Name: "Transpose", Attrs: []any{axes}, ID: own{},
		Shape: func(in []tensor.Shape) (tensor.Shape, error) {
			if len(in) == 0 {
				return nil, errors.New("no inputs")
			}
			order, err := permutation(axes, in[0])
			if err != nil {
				return nil, err
			}
			out := in[0].Clone()
			for i, a := range order {
				out[i] = in[0][a]
			}
			return out, nil
		},
		Float32: func(c *Call[float32]) error { return transpose(c, axes) },
		Float64: func(c *Call[float64]) error { return transpose(c, axes) },
		Gradient: func() Gradient {
			return Gradient{Steps: []Step{{TransposeDef(undo(axes)...), []Arg{Upstream}}}, Of: []int{0}}
		},
	}
}

// permutation returns the axes of s in the order of the result.
func permutation(axes []int, s tensor.Shape) ([]int, error) {
	n := s.Dims()
	if len(axes) != 0 && len(axes) != n {
		return nil, errors.Errorf("axes %v, want all %d axes of shape %v", axes, n, s)
	}
	if _, err := Axes(axes, s); err != nil {
		return nil, err
	}
	order := make([]int, n)
	for i := range order {
		order[i] = n - 1 - i
	}
	for i, a := range axes {
		if a < 0 {
			a += n
		}
		order[i] = a
	}
	return order, nil
}

// undo returns the axes that undo a transposition.
func undo(axes []int) []int {
	out := make([]int, len(axes))
	for i, a := range axes {
		if a < 0 {
			a += len(axes)
		}
		if a >= 0 && a < len(axes) { // else the transposition is refused
			out[a] = i
		}
	}
	return out
}

func transpose[T kernel.Float](c *Call[T], axes []int) error {
	t, ok := c.State.(*kernel.Transpose[T])
	if !ok {
		order, err := permutation(axes, c.Shapes[0])
		if err != nil {
			return err
		}
		t = kernel.NewTranspose[T](c.Shapes[0], order)
		c.State = t
	}
	t.Run(c.Workers, c.Out, c.In[0])
	return nil
}
