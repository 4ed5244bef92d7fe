package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Copy copies x into a buffer of its own. Each call adds a new node. The copy is intact after a run even if a Gorgonia op overwrites x. x
// has any shape.
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
