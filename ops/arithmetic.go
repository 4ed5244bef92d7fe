package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// broadcasting reports which of two inputs are repeated.
type broadcasting [2]bool

// broadcastingOf returns which of the nodes are repeated. For nodes that do not fit, whose op Apply refuses, the result does not matter.
func broadcastingOf(x, y *G.Node) broadcasting {
	if x == nil || y == nil || x.Type() == nil || y.Type() == nil {
		return broadcasting{true, true}
	}
	out, ok := kernel.BroadcastShape(x.Shape(), y.Shape())
	return broadcasting{!ok || !x.Shape().Eq(out), !ok || !y.Shape().Eq(out)}
}

// arithmetic is an op of two inputs that are broadcast.
func arithmetic(name string, f kernel.Arithmetic, gradient func() Gradient) Def {
	return Def{
		Name: name, ID: own{}, Shape: BroadcastShape, Gradient: gradient,
		Float32: func(c *Call[float32]) error { combine(c, f); return nil },
		Float64: func(c *Call[float64]) error { combine(c, f); return nil },
	}
}

func combine[T kernel.Float](c *Call[T], f kernel.Arithmetic) {
	b, ok := c.State.(*kernel.Broadcast[T])
	if !ok {
		b = kernel.NewBroadcast[T](f, c.Shapes[0], c.Shapes[1])
		c.State = b
	}
	b.Run(c.Workers, c.Out, c.In[0], c.In[1])
}

// sumLike adds a step that sums the result of step k to the shape of input i, if that is repeated. It returns the index of the step whose
// result has that shape.
func (g *Gradient) sumLike(repeated broadcasting, k, i int) int {
	if !repeated[i] {
		return k
	}
	operand := Upstream
	if k != PassUpstream {
		operand = Result(k)
	}
	return g.add(SumLikeDef(), operand, Input(i))
}

// add adds a step and returns its index.
func (g *Gradient) add(def Def, args ...Arg) int {
	g.Steps = append(g.Steps, Step{def, args})
	return len(g.Steps) - 1
}
