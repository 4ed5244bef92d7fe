package loss

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// MSE is the mean squared error, the weighted mean of (x - y)^2 over the elements. The predictions x, the labels y and the weights have the
// same shape, which may be any; weights may be nil for weights of 1. x and y have a gradient. The result is a scalar. A run with a label
// that is not finite, or a weight that is not finite and >= 0, returns an error with a [LabelError] as its cause. Labels of weight 0 are
// ignored; if all are, loss and gradient are 0.
func MSE(x, y, weights *G.Node) (*G.Node, error) { return mse.apply(x, y, weights) }

var mse = func() *pairLoss {
	l := regression("MSE", nil, func(r float64) float64 { return r * r }, func(r float64) float64 { return 2 * r })
	l.fast32, l.fast64 = fastMSE[float32](), fastMSE[float64]()
	return l
}()

func fastMSE[T kernel.Float]() *fastLoss[T] {
	return &fastLoss[T]{
		mean: func(x, y, _ []T, total float64) float64 { return kernel.SquaredError(x, y) / total },
		grad: func(dst, x, y, _ []T, scale float64) { kernel.ScaledDifference(dst, x, y, 2*scale) },
	}
}
