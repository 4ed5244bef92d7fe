package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// LayerNorm normalizes each row of x, n x d, with its own mean and variance:
// gamma (x - mean) / sqrt(variance + eps) + beta (Ba et al. 2016). gamma and beta are vectors of d.
func LayerNorm(x, gamma, beta *G.Node, eps float64) (*G.Node, error) {
	if !positive(eps) {
		return nil, errors.Errorf("LayerNorm: eps %v is not a positive number", eps)
	}
	s32, s64 := &rowStats[float32]{eps: eps}, &rowStats[float64]{eps: eps}
	attrs := []any{eps}
	return applyBuiltin(Def{
		Name:    "LayerNorm",
		Attrs:   attrs,
		Shape:   columnwiseShape,
		Float32: s32.forward,
		Float64: s64.forward,
		Gradient: func() Gradient {
			// Each step that needs the statistics takes the output as an operand, so that the forward pass, which computes them, runs
			// first.
			return Gradient{
				Steps: []Step{
					{Def{
						Name: "LayerNormGradX", Attrs: attrs, Shape: ShapeOf(0), Float32: s32.gradX, Float64: s64.gradX,
					}, []Arg{Upstream, Input(0), Input(1), Output}},
					{Def{
						Name: "LayerNormGradGamma", Attrs: attrs, Shape: RowOf(0), Float32: s32.gradGamma, Float64: s64.gradGamma,
					}, []Arg{Upstream, Input(0), Output}},
					{ColumnSumsDef(), []Arg{Upstream}},
				},
				Of: []int{0, 1, 2},
			}
		},
	}, x, gamma, beta)
}

// columnwiseShape is the shape function for a matrix x and vectors with one element per column.
func columnwiseShape(in []tensor.Shape) (tensor.Shape, error) {
	if err := CheckMatrix("x", in[0]); err != nil {
		return nil, err
	}
	return in[0].Clone(), perColumn(in[0][1], in[1:])
}

// rowStats holds the statistics of the rows of the last batch.
type rowStats[T kernel.Float] struct {
	eps              float64
	mean, inverseStd []T
}

func (s *rowStats[T]) forward(c *Call[T]) error {
	if s.mean == nil {
		s.mean, s.inverseStd = make([]T, c.Shapes[0][0]), make([]T, c.Shapes[0][0])
	}
	kernel.LayerNorm(c.Workers, c.Out, s.mean, s.inverseStd, c.In[0], c.In[1], c.In[2], s.eps)
	return nil
}

func (s *rowStats[T]) gradX(c *Call[T]) error {
	kernel.LayerNormGrad(c.Workers, c.Out, c.In[0], c.In[1], s.mean, s.inverseStd, c.In[2])
	return nil
}

func (s *rowStats[T]) gradGamma(c *Call[T]) error {
	kernel.LayerNormGradGamma(c.Workers, c.Out, c.In[0], c.In[1], s.mean, s.inverseStd)
	return nil
}
