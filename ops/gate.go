package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Gate mixes h and x with a gate t, elementwise: t h + (1 - t) x. All three have the same shape. It is the output of a highway layer, whose
// gate is a sigmoid (Srivastava et al. 2015, Eq. 3).
func Gate(t, h, x *G.Node) (*G.Node, error) { return applyBuiltin(gate, t, h, x) }

var gate = Def{
	Name:    "Gate",
	Shape:   SameShape,
	Float32: gateForward[float32],
	Float64: gateForward[float64],
	Gradient: func() Gradient {
		return Gradient{
			Steps: []Step{
				{Def{Name: "GateGradT", Shape: SameShape, Float32: gateGradT[float32], Float64: gateGradT[float64]},
					[]Arg{Upstream, Input(1), Input(2)}},
				{Def{Name: "GateGradH", Shape: SameShape, Float32: gateGradH[float32], Float64: gateGradH[float64]},
					[]Arg{Upstream, Input(0)}},
				{Def{Name: "GateGradX", Shape: SameShape, Float32: gateGradX[float32], Float64: gateGradX[float64]},
					[]Arg{Upstream, Input(0)}},
			},
			Of: []int{0, 1, 2},
		}
	},
}

func gateForward[T kernel.Float](c *Call[T]) error {
	kernel.Gate(c.Workers, c.Out, c.In[0], c.In[1], c.In[2])
	return nil
}

func gateGradT[T kernel.Float](c *Call[T]) error {
	kernel.GateGradT(c.Workers, c.Out, c.In[0], c.In[1], c.In[2])
	return nil
}

func gateGradH[T kernel.Float](c *Call[T]) error {
	kernel.Multiply(c.Workers, c.Out, c.In[0], c.In[1])
	return nil
}

func gateGradX[T kernel.Float](c *Call[T]) error {
	kernel.GateGradX(c.Workers, c.Out, c.In[0], c.In[1])
	return nil
}
