package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// PReLU is x for x > 0 and slope x for x <= 0, with one slope per column, which is learned (He et al. 2015, "Delving deep into rectifiers", Eq. 1). x is
// n x d, and slope a vector of d. At x = 0 the slope is that of the negative branch. The gradient of slope is the sum over the rows of g x where x <= 0.
func PReLU(x, slope *G.Node) (*G.Node, error) {
	return Apply(Def{
		Name:    "PReLU",
		ID:      own{},
		Shape:   columnwiseShape,
		Float32: prelu[float32],
		Float64: prelu[float64],
		Gradient: func() Gradient {
			return Gradient{
				Steps: []Step{
					{Def{
						Name: "PReLUGrad", ID: own{}, Shape: ShapeOf(0), Float32: preluGrad[float32], Float64: preluGrad[float64],
					}, []Arg{Upstream, Input(0), Input(1)}},
					{Def{
						Name: "PReLUGradSlope", ID: own{}, Shape: RowOf(0), Float32: preluGradSlope[float32], Float64: preluGradSlope[float64],
					}, []Arg{Upstream, Input(0)}},
				},
				Of: []int{0, 1},
			}
		},
	}, x, slope)
}

func prelu[T kernel.Float](c *Call[T]) error {
	kernel.PReLU(c.Workers, c.Out, c.In[0], c.In[1])
	return nil
}

func preluGrad[T kernel.Float](c *Call[T]) error {
	kernel.PReLUGrad(c.Workers, c.Out, c.In[0], c.In[1], c.In[2])
	return nil
}

func preluGradSlope[T kernel.Float](c *Call[T]) error {
	kernel.PReLUGradSlope(c.Workers, c.Out, c.In[0], c.In[1])
	return nil
}
