package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// WeightNorm scales each column j of v to the norm gain[j], so that the direction and the length of the incoming weights of unit j are
// learned separately (Salimans and Kingma 2016, Eq. 2). v is k x m, gain a vector of m. A column of zeros in v gives NaN.
func WeightNorm(v, gain *G.Node) (*G.Node, error) {
	s32, s64 := &columnNorms[float32]{}, &columnNorms[float64]{}
	return applyBuiltin(Def{
		Name:    "WeightNorm",
		Shape:   weightNormShape,
		Float32: s32.forward,
		Float64: s64.forward,
		Gradient: func() Gradient {
			// The output is an operand so that the forward pass, which computes the norms, runs first.
			return Gradient{
				Steps: []Step{
					{Def{
						Name: "WeightNormGradGain", Shape: RowOf(0), Float32: s32.gradGain, Float64: s64.gradGain,
					}, []Arg{Upstream, Input(0), Output}},
					{Def{
						Name: "WeightNormGradV", Shape: ShapeOf(0), Float32: s32.gradV, Float64: s64.gradV,
					}, []Arg{Upstream, Input(0), Input(1), Result(0), Output}},
				},
				Of: []int{1, 0},
			}
		},
	}, v, gain)
}

func weightNormShape(in []tensor.Shape) (tensor.Shape, error) {
	if err := CheckMatrix("v", in[0]); err != nil {
		return nil, err
	}
	if err := CheckVector("gain", in[1], in[0][1]); err != nil {
		return nil, errors.Wrap(err, "one gain per column of v")
	}
	return in[0].Clone(), nil
}

// columnNorms holds the column norms of v from the last forward pass.
type columnNorms[T kernel.Float] struct{ norms []T }

func (s *columnNorms[T]) forward(c *Call[T]) error {
	if s.norms == nil {
		s.norms = make([]T, c.Shapes[0][1])
	}
	kernel.ColumnNorms(c.Workers, s.norms, c.In[0])
	kernel.WeightNorm(c.Workers, c.Out, c.In[0], s.norms, c.In[1])
	return nil
}

func (s *columnNorms[T]) gradGain(c *Call[T]) error {
	kernel.WeightNormGradGain(c.Workers, c.Out, c.In[0], c.In[1], s.norms)
	return nil
}

func (s *columnNorms[T]) gradV(c *Call[T]) error {
	kernel.WeightNormGrad(c.Workers, c.Out, c.In[0], c.In[1], s.norms, c.In[2], c.In[3])
	return nil
}
