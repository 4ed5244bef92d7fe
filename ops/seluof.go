package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// SELUOf is [SELU] with other constants, elementwise: lambda x for x > 0, lambda alpha (e^x - 1) for x <= 0 (Klambauer et al. 2017, Eq. 2). theory.Solve
// gives the constants for which any mean and variance are the fixed point, not only 0 and 1. At x = 0 its slope is lambda alpha. x has any shape.
//
// lambda is positive, alpha is at least 0, and both, and their product, are finite in float32; others are an error. With the constants of SELU the
// results are those of SELU to the bit.
func SELUOf(x *G.Node, lambda, alpha float64) (*G.Node, error) {
	if !(lambda > 0 && alpha >= 0) || !representable(lambda) || !representable(lambda*alpha) {
		return nil, errors.Errorf("SELUOf: lambda %v and alpha %v, want lambda > 0, alpha >= 0, and finite numbers", lambda, alpha)
	}
	e := Elementwise{Name: "SELUOf", Attrs: []any{lambda, alpha}, ID: own{}, Fast32: seluOf[float32](lambda, alpha), Fast64: seluOf[float64](lambda, alpha)}
	return e.Apply(x)
}

func seluOf[T kernel.Float](lambda, alpha float64) *Loops[T] {
	return &Loops[T]{
		F:    func(w *kernel.Workers, dst, x []T) { kernel.SELUOf(w, dst, x, lambda, alpha) },
		Grad: func(w *kernel.Workers, dst, g, y []T) { kernel.SELUOfGrad(w, dst, g, y, lambda, alpha) },
	}
}
