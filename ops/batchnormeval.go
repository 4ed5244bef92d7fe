package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// BatchNormEval normalizes the columns of x, n x d, with given statistics: gamma (x - mean) / sqrt(variance + eps) + beta. gamma, beta,
// mean and variance are vectors of d. It has gradients for x, gamma and beta. Use it in evaluation graphs.
func BatchNormEval(x, gamma, beta, mean, variance *G.Node, eps float64) (*G.Node, error) {
	if !positive(eps) {
		return nil, errors.Errorf("BatchNormEval: eps %v is not a positive number", eps)
	}
	attrs := []any{eps}
	return applyBuiltin(Def{
		Name:    "BatchNormEval",
		Attrs:   attrs,
		Shape:   columnwiseShape,
		Float32: evalForward[float32](eps),
		Float64: evalForward[float64](eps),
		Gradient: func() Gradient {
			return Gradient{
				Steps: []Step{
					{ColumnSumsDef(), []Arg{Upstream}},
					{Def{
						Name: "BatchNormEvalGradGamma", Attrs: attrs, Shape: RowOf(0),
						Float32: evalGradGamma[float32](eps), Float64: evalGradGamma[float64](eps),
					}, []Arg{Upstream, Input(0), Input(3), Input(4)}},
					{Def{
						Name: "BatchNormEvalGradX", Attrs: attrs, Shape: ShapeOf(0),
						Float32: evalGradX[float32](eps), Float64: evalGradX[float64](eps),
					}, []Arg{Upstream, Input(1), Input(4)}},
				},
				Of: []int{2, 1, 0, NoGradient, NoGradient},
			}
		},
	}, x, gamma, beta, mean, variance)
}

// inverse computes 1 / sqrt(variance + eps) into a buffer that it keeps.
type inverse[T kernel.Float] struct{ std []T }

func (b *inverse[T]) of(variance []T, eps float64) []T {
	if b.std == nil {
		b.std = make([]T, len(variance))
	}
	kernel.InverseStd(b.std, variance, eps)
	return b.std
}

func evalForward[T kernel.Float](eps float64) func(*Call[T]) error {
	var inv inverse[T]
	return func(c *Call[T]) error {
		kernel.Normalize(c.Workers, c.Out, c.In[0], c.In[3], inv.of(c.In[4], eps), c.In[1], c.In[2])
		return nil
	}
}

func evalGradGamma[T kernel.Float](eps float64) func(*Call[T]) error {
	var inv inverse[T]
	return func(c *Call[T]) error {
		kernel.NormalizedSums(c.Workers, c.Out, c.In[0], c.In[1], c.In[2], inv.of(c.In[3], eps))
		return nil
	}
}

func evalGradX[T kernel.Float](eps float64) func(*Call[T]) error {
	var inv inverse[T]
	return func(c *Call[T]) error {
		kernel.ScaleColumns(c.Workers, c.Out, c.In[0], c.In[1], inv.of(c.In[2], eps))
		return nil
	}
}
