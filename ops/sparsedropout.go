package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SparseDropout is Dropout of a matrix whose elements are mostly zero, see [SparseAffine]: it leaves out each element of x with probability
// rate and divides the others by 1 - rate. Its value is sparse, so only ops that read sparse rows can follow. x has no gradient. For the same
// noise it drops what Dropout drops.
func SparseDropout(x *G.Node, rate float64, noise *Noise) (*G.Node, error) {
	if err := CheckRate(rate); err != nil {
		return nil, errors.Wrap(err, "SparseDropout")
	}
	switch {
	case x == nil:
		return nil, errors.New("SparseDropout: input 0 is nil")
	case rate == 0:
		return x, nil
	case noise == nil:
		return nil, errors.New("SparseDropout: no source of noise")
	}
	s := noise.stream()
	return Apply(Def{
		Name:         "SparseDropout",
		Attrs:        []any{rate, noise.seed},
		ID:           s,
		Sparse:       []int{0},
		SparseResult: true,
		Shape:        matrixShape,
		Float32:      sparseDrop[float32](rate, s),
		Float64:      sparseDrop[float64](rate, s),
	}, x)
}

// IsSparse reports whether the value of n is in sparse rows, because it is the result of an op with Def.SparseResult.
func IsSparse(n *G.Node) bool {
	def, ok := DefOf(n)
	return ok && def.SparseResult
}

func matrixShape(in []tensor.Shape) (tensor.Shape, error) {
	if err := CheckMatrix("x", in[0]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

func sparseDrop[T kernel.Float](rate float64, s *stream) func(*Call[T]) error {
	d := kernel.Dropping{Rate: rate, Scale: 1 / (1 - rate)}
	var nonzero kernel.CSR[T]
	return func(c *Call[T]) error {
		kernel.DropSparse(&c.Result, rowsOfInput(c, &nonzero), c.Shapes[0][1], d, s.next())
		return nil
	}
}
