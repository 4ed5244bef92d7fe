package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// SumLikeDef is the gradient of broadcasting, as a step of a gradient: input 0 is summed over the axes along which a tensor of the shape of
// input 1 was repeated. The result has the shape of input 1, whose elements do not matter.
func SumLikeDef() Def {
	return Def{Name: "SumLike", ID: own{}, Shape: sumLikeShape, Float32: sumLike[float32], Float64: sumLike[float64]}
}

func sumLikeShape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) != 2 {
		return nil, errors.Errorf("%d inputs, want 2", len(in))
	}
	if shape, ok := kernel.BroadcastShape(in[0], in[1]); !ok || !in[0].Eq(tensor.Shape(shape)) {
		return nil, errors.Errorf("shape %v is not shape %v repeated", in[0], in[1])
	}
	return in[1].Clone(), nil
}

func sumLike[T kernel.Float](c *Call[T]) error {
	s, ok := c.State.(*kernel.SumAxes[T])
	if !ok {
		long, short := c.Shapes[0], c.Shapes[1]
		summed := make([]bool, len(long))
		for i := range long {
			k := i - len(long) + len(short)
			summed[i] = k < 0 || short[k] != long[i]
		}
		s = kernel.NewSumAxes[T](long, summed)
		c.State = s
	}
	s.Run(c.Workers, c.Out, c.In[0], 1)
	return nil
}
