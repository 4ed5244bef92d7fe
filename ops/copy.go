package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Copy is x with a buffer of its own, and a node of its own at each call. Its value is right after a run even if an op of
// Gorgonia overwrites x. x has any shape.
func Copy(x *G.Node) (*G.Node, error) {
	return applyBuiltin(Def{
		Name:     "Copy",
		ID:       newSerial(),
		Shape:    SameShape,
		Float32:  copyForward[float32],
		Float64:  copyForward[float64],
		Gradient: func() Gradient { return Gradient{Of: []int{PassUpstream}} },
	}, x)
}

func copyForward[T kernel.Float](c *Call[T]) error {
	copy(c.Out, c.In[0])
	return nil
}
