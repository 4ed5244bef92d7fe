package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Scale is x times a constant. x has any shape and the result has the same.
func Scale(x *G.Node, factor float64) (*G.Node, error) { return Apply(ScaleDef(factor), x) }

// ScaleDef is the op of [Scale], as a step of a gradient.
func ScaleDef(factor float64) Def {
	return Def{
		Name:    "Scale",
		Attrs:   []any{factor},
		ID:      own{},
		Shape:   SameShape,
		Float32: scaleLoop[float32](factor),
		Float64: scaleLoop[float64](factor),
		Gradient: func() Gradient {
			return Gradient{Steps: []Step{{ScaleDef(factor), []Arg{Upstream}}}, Of: []int{0}}
		},
	}
}

func scaleLoop[T kernel.Float](factor float64) func(*Call[T]) error {
	return func(c *Call[T]) error {
		for i, x := range c.In[0] {
			c.Out[i] = x * T(factor)
		}
		return nil
	}
}
