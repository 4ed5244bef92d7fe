package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// LogSoftmax is x - log(sum(e^x)) of each row, the logarithm of [Softmax], without overflow for large x and exact where the softmax is close
// to 0. A row lies along the last axis of x, which has any shape but that of a scalar. A row with NaN or +Inf gives NaN.
func LogSoftmax(x *G.Node) (*G.Node, error) { return Apply(LogSoftmaxDef(), x) }

// LogSoftmaxDef is the op of [LogSoftmax], as a step of a gradient.
func LogSoftmaxDef() Def {
	return rowFunction("LogSoftmax", logSoftmaxRow[float32], kernel.LogSoftmaxGrad[float32], logSoftmaxRow[float64], kernel.LogSoftmaxGrad[float64])
}

func logSoftmaxRow[T kernel.Float](dst, x, _ []T) { kernel.LogSoftmax(dst, x) }
