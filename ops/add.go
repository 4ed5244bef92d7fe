package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Add is the elementwise sum x + y of two inputs of the same shape, as in a residual connection. Unlike Gorgonia's Add it never overwrites
// an input, and it does not broadcast.
func Add(x, y *G.Node) (*G.Node, error) { return applyBuiltin(add, x, y) }

var add = Def{
	Name:     "Add",
	Shape:    SameShape,
	Float32:  addForward[float32],
	Float64:  addForward[float64],
	Gradient: func() Gradient { return Gradient{Of: []int{PassUpstream, PassUpstream}} },
}

func addForward[T kernel.Float](c *Call[T]) error {
	kernel.Add(c.Workers, c.Out, c.In[0], c.In[1])
	return nil
}
