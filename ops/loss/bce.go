package loss

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// BCE is the binary cross-entropy on the logits of a classifier with one or more tasks: the weighted mean over the elements of
//
//	p y log(1 + e^-z) + (1 - y) log(1 + e^z)
//
// for logit z, target y and factor p of the positive class. logits, targets and weights have the same shape, which may be any; the result
// is a scalar. Targets are in [0, 1]. weights may be nil for weights of 1; the weight of a missing label is 0. posWeight holds p for each
// column, finite and >= 0, or is nil for factors of 1. It does not enter the divisor, which is the sum of the weights, as in PyTorch's
// BCEWithLogitsLoss. Only logits have a gradient. The loss is finite for every finite logit, unlike a sigmoid followed by a cross-entropy.
// A run with any other target, or with a weight that is not finite and >= 0, returns an error with a [LabelError] as its cause. Targets of
// weight 0 are ignored; if all are, loss and gradient are 0.
func BCE(logits, targets, weights *G.Node, posWeight []float64) (*G.Node, error) {
	l := &pairLoss{name: "BCE", lo: 0, hi: 1}
	if posWeight == nil {
		l.fast32, l.fast64 = fastBCE[float32](), fastBCE[float64]()
		return l.apply(logits, targets, weights)
	}
	p := slices.Clone(posWeight)
	if err := checkFactors(p); err != nil {
		return nil, errors.Wrap(err, "BCE: factors of the positive class")
	}
	l.attrs = []any{p}
	l.check = func(s tensor.Shape) error {
		if n := ops.Columns(s); n != len(p) {
			return errors.Errorf("%d factors of the positive class for %d columns of logits of shape %v", len(p), n, s)
		}
		return nil
	}
	l.value = func(z, y float64, column int) float64 { return p[column]*y*softplus(-z) + (1-y)*softplus(z) }
	l.slope = func(z, y float64, column int) float64 { return (1-y)*logistic(z) - p[column]*y*logistic(-z) }
	return l.apply(logits, targets, weights)
}

func fastBCE[T kernel.Float]() *fastLoss[T] {
	var buffer []T
	weighted := func(w []T, n int) []T {
		if w != nil {
			return w
		}
		if len(buffer) != n {
			buffer = slices.Repeat([]T{1}, n)
		}
		return buffer
	}
	return &fastLoss[T]{
		weighted: true,
		mean: func(z, y, w []T, _ float64) float64 {
			loss, total := kernel.BCE(z, y, weighted(w, len(z)))
			return loss / total
		},
		grad: func(dst, z, y, w []T, scale float64) { kernel.BCEGrad(dst, z, y, weighted(w, len(z)), scale) },
	}
}

// checkFactors returns an error unless all factors are finite and >= 0.
func checkFactors(x []float64) error {
	for i, v := range x {
		if !(v >= 0 && v <= math.MaxFloat64) {
			return errors.Errorf("element %d is %v, want a finite number >= 0", i, v)
		}
	}
	return nil
}

// softplus is log(1 + e^x), without overflow.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// logistic is 1 / (1 + e^-x).
func logistic(x float64) float64 {
	if x < 0 {
		e := math.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-x))
}
