package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// MSE is the mean of the squares of x - y, which have one shape. The result is a scalar.
func MSE(x, y *G.Node) (*G.Node, error) { return applyBuiltin(mse, x, y) }

var mse = Def{
	Name:    "MSE",
	Shape:   scalarOf(sameShape),
	Float32: mseForward[float32],
	Float64: mseForward[float64],
	Gradient: func() Gradient {
		grad := Def{
			Name:    "MSEGrad",
			Shape:   shapeOf(1),
			Float32: mseBackward[float32],
			Float64: mseBackward[float64],
		}
		return Gradient{
			Steps: []Step{
				{grad, []Arg{Upstream, Input(0), Input(1)}},
				{grad, []Arg{Upstream, Input(1), Input(0)}},
			},
			Of: []int{0, 1},
		}
	},
}

func mseForward[T kernel.Float](c *Call[T]) error {
	c.Out[0] = T(kernel.SquaredError(c.In[0], c.In[1]) / float64(len(c.In[0])))
	return nil
}

func mseBackward[T kernel.Float](c *Call[T]) error {
	kernel.ScaledDifference(c.Out, c.In[1], c.In[2], 2*float64(c.In[0][0])/float64(len(c.In[1])))
	return nil
}
