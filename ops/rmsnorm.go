package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// RMSNorm divides each row of x, n x d, by its root mean square: gain x / sqrt(mean(x^2) + eps), with one gain per column (Zhang and Sennrich 2019, Eq. 4).
// eps is inside the root, as in PyTorch; it is positive, others are an error. gain is a vector of d.
func RMSNorm(x, gain *G.Node, eps float64) (*G.Node, error) {
	if !positive(eps) {
		return nil, errors.Errorf("RMSNorm: eps %v is not a positive number", eps)
	}
	s32, s64 := &rowScales[float32]{eps: eps}, &rowScales[float64]{eps: eps}
	attrs := []any{eps}
	return Apply(Def{
		Name:    "RMSNorm",
		Attrs:   attrs,
		ID:      own{},
		Shape:   columnwiseShape,
		Float32: s32.forward,
		Float64: s64.forward,
		Gradient: func() Gradient {
			// The steps take the output as an operand, so that the forward pass, which computes the scales, runs first.
			return Gradient{
				Steps: []Step{
					{Def{
						Name: "RMSNormGrad", Attrs: attrs, ID: own{}, Shape: ShapeOf(0), Float32: s32.gradX, Float64: s64.gradX,
					}, []Arg{Upstream, Input(0), Input(1), Output}},
					{Def{
						Name: "RMSNormGradGain", Attrs: attrs, ID: own{}, Shape: RowOf(0), Float32: s32.gradGain, Float64: s64.gradGain,
					}, []Arg{Upstream, Input(0), Output}},
				},
				Of: []int{0, 1},
			}
		},
	}, x, gain)
}

// rowScales holds 1 / sqrt(mean(x^2) + eps) of the rows of the last batch.
type rowScales[T kernel.Float] struct {
	eps     float64
	inverse []T
}

func (s *rowScales[T]) forward(c *Call[T]) error {
	if s.inverse == nil {
		s.inverse = make([]T, c.Shapes[0][0])
	}
	kernel.RMSNorm(c.Workers, c.Out, s.inverse, c.In[0], c.In[1], s.eps)
	return nil
}

func (s *rowScales[T]) gradX(c *Call[T]) error {
	kernel.RMSNormGrad(c.Workers, c.Out, c.In[0], c.In[1], s.inverse, c.In[2])
	return nil
}

func (s *rowScales[T]) gradGain(c *Call[T]) error {
	kernel.RMSNormGradGain(c.Workers, c.Out, c.In[0], c.In[1], s.inverse)
	return nil
}
