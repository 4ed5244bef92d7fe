package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// ParametricSELU is x + (selu(x) - x) w, with one weight per column, which is learned: w = 0 is the identity, w = 1 is [SELU]. x is n x d, and w a vector
// of d. At x = 0 the slope is that of the negative branch. The gradient of w is the sum over the rows of g (selu(x) - x).
func ParametricSELU(x, w *G.Node) (*G.Node, error) {
	return Apply(Def{
		Name:    "ParametricSELU",
		ID:      own{},
		Shape:   columnwiseShape,
		Float32: parametricSELU[float32],
		Float64: parametricSELU[float64],
		Gradient: func() Gradient {
			return Gradient{
				Steps: []Step{
					{Def{
						Name: "ParametricSELUGrad", ID: own{}, Shape: ShapeOf(0), Float32: parametricSELUGrad[float32], Float64: parametricSELUGrad[float64],
					}, []Arg{Upstream, Input(0), Input(1)}},
					{Def{
						Name: "ParametricSELUGradWeight", ID: own{}, Shape: RowOf(0), Float32: parametricSELUGradWeight[float32], Float64: parametricSELUGradWeight[float64],
					}, []Arg{Upstream, Input(0)}},
				},
				Of: []int{0, 1},
			}
		},
	}, x, w)
}

func parametricSELU[T kernel.Float](c *Call[T]) error {
	kernel.ParametricSELU(c.Workers, c.Out, c.In[0], c.In[1])
	return nil
}

func parametricSELUGrad[T kernel.Float](c *Call[T]) error {
	kernel.ParametricSELUGrad(c.Workers, c.Out, c.In[0], c.In[1], c.In[2])
	return nil
}

func parametricSELUGradWeight[T kernel.Float](c *Call[T]) error {
	kernel.ParametricSELUGradWeight(c.Workers, c.Out, c.In[0], c.In[1])
	return nil
}
