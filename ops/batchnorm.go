package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Running holds the running mean and variance of a batch normalization, which a training graph updates at each run and
// an evaluation graph reads. Use [NewRunning]: the zero value is not valid.
type Running struct {
	mean, variance *tensor.Dense
	momentum       float64
}

// NewRunning returns running statistics stored in the given tensors, two vectors with one element per column and the dtype of the graph.
// momentum is the weight of the newest batch, in (0, 1]: running = (1 - momentum) running + momentum batch. BatchNorm checks them.
func NewRunning(mean, variance *tensor.Dense, momentum float64) *Running {
	return &Running{mean: mean, variance: variance, momentum: momentum}
}

// check returns an error unless r suits x, a matrix.
func (r *Running) check(x *G.Node) error {
	switch {
	case r.mean == nil || r.variance == nil:
		return errors.New("running statistics without a tensor; use NewRunning")
	case r.mean == r.variance:
		return errors.New("running mean and running variance are the same tensor")
	case !(r.momentum > 0 && r.momentum <= 1):
		return errors.Errorf("momentum %v outside (0, 1]", r.momentum)
	case x == nil || x.Dims() != 2:
		return nil // the op itself reports this error
	}
	for name, t := range map[string]*tensor.Dense{"running mean": r.mean, "running variance": r.variance} {
		if err := CheckVector(name, t.Shape(), x.Shape()[1]); err != nil {
			return err
		}
		if t.Dtype() != x.Dtype() {
			return errors.Errorf("%s is %v, but x is %v", name, t.Dtype(), x.Dtype())
		}
	}
	return nil
}

// BatchNorm normalizes the columns of x, n x d, with the mean and the variance of the batch: gamma (x - mean) / sqrt(variance + eps) + beta
// (Ioffe and Szegedy 2015, algorithm 1). gamma and beta are vectors of d. As in PyTorch, the variance used to normalize is divided by n,
// and the one blended into running by n - 1. BatchNorm needs at least two rows, since one row has no variance. running may be nil. Use it
// in training graphs.
func BatchNorm(x, gamma, beta *G.Node, eps float64, running *Running) (*G.Node, error) {
	if !positive(eps) {
		return nil, errors.Errorf("BatchNorm: eps %v is not a positive number", eps)
	}
	if running != nil {
		if err := running.check(x); err != nil {
			return nil, errors.Wrap(err, "BatchNorm")
		}
	}
	s32, s64 := &batchStats[float32]{}, &batchStats[float64]{}
	attrs := []any{eps}
	return applyBuiltin(Def{
		Name:    "BatchNorm",
		Attrs:   attrs,
		ID:      running,
		Shape:   batchNormShape,
		Float32: func(c *Call[float32]) error { return s32.forward(c, eps, running) },
		Float64: func(c *Call[float64]) error { return s64.forward(c, eps, running) },
		Gradient: func() Gradient {
			// Each step that needs the statistics takes the output as an operand, so that the forward pass, which computes them, runs
			// first.
			return Gradient{
				Steps: []Step{
					{ColumnSumsDef(), []Arg{Upstream}},
					{Def{
						Name: "BatchNormGradGamma", Attrs: attrs, Shape: RowOf(0),
						Float32: s32.gradGamma, Float64: s64.gradGamma,
					}, []Arg{Upstream, Input(0), Output}},
					{Def{
						Name: "BatchNormGradX", Attrs: attrs, Shape: ShapeOf(0),
						Float32: s32.gradX, Float64: s64.gradX,
					}, []Arg{Upstream, Input(0), Input(1), Result(1), Result(0), Output}},
				},
				Of: []int{2, 1, 0},
			}
		},
	}, x, gamma, beta)
}

func batchNormShape(in []tensor.Shape) (tensor.Shape, error) {
	x := in[0]
	if err := CheckMatrix("x", x); err != nil {
		return nil, err
	}
	if x[0] < 2 {
		return nil, errors.New("training needs at least two rows, one row has no variance")
	}
	return x.Clone(), perColumn(x[1], in[1:])
}

// perColumn checks the vectors gamma, beta and so on.
func perColumn(cols int, in []tensor.Shape) error {
	for i, s := range in {
		if err := CheckVector([]string{"gamma", "beta", "mean", "variance"}[i], s, cols); err != nil {
			return err
		}
	}
	return nil
}

// batchStats holds the statistics of the last batch.
type batchStats[T kernel.Float] struct{ mean, variance, inverseStd, unbiased []T }

func (s *batchStats[T]) forward(c *Call[T], eps float64, running *Running) error {
	rows, cols := c.Shapes[0][0], c.Shapes[0][1]
	if s.mean == nil {
		s.mean, s.variance, s.inverseStd, s.unbiased = make([]T, cols), make([]T, cols), make([]T, cols), make([]T, cols)
	}
	kernel.ColumnMoments(c.Workers, s.mean, s.variance, c.In[0], cols)
	kernel.InverseStd(s.inverseStd, s.variance, eps)
	kernel.Normalize(c.Workers, c.Out, c.In[0], s.mean, s.inverseStd, c.In[1], c.In[2])
	if running == nil {
		return nil
	}
	for j, v := range s.variance {
		s.unbiased[j] = v * T(rows) / T(rows-1)
	}
	if err := blend(running.mean, s.mean, running.momentum); err != nil {
		return errors.Wrap(err, "running mean")
	}
	return errors.Wrap(blend(running.variance, s.unbiased, running.momentum), "running variance")
}

func blend[T kernel.Float](running *tensor.Dense, batch []T, momentum float64) error {
	var scratch [1]T
	r, err := elements(running, scratch[:])
	if err != nil {
		return err
	}
	if len(r) != len(batch) {
		return errors.Errorf("%d elements, want %d", len(r), len(batch))
	}
	kernel.Blend(r, batch, 1-momentum, momentum)
	return nil
}

func (s *batchStats[T]) gradGamma(c *Call[T]) error {
	kernel.NormalizedSums(c.Workers, c.Out, c.In[0], c.In[1], s.mean, s.inverseStd)
	return nil
}

func (s *batchStats[T]) gradX(c *Call[T]) error {
	kernel.BatchNormGrad(c.Workers, c.Out, c.In[0], c.In[1], s.mean, s.inverseStd, c.In[2], c.In[3], c.In[4])
	return nil
}
