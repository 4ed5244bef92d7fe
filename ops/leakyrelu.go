package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// LeakyReLU is x for x > 0 and slope x for x <= 0, elementwise (Maas et al. 2013, Eq. 2). At x = 0 its slope is that of the negative branch. x has any
// shape. slope is a finite number, also 0 or negative; others are an error.
func LeakyReLU(x *G.Node, slope float64) (*G.Node, error) {
	if !representable(slope) {
		return nil, errors.Errorf("LeakyReLU: slope %v is not a finite float32", slope)
	}
	e := Elementwise{Name: "LeakyReLU", Attrs: []any{slope}, ID: own{}, Fast32: leaky[float32](slope), Fast64: leaky[float64](slope)}
	return e.Apply(x)
}

func leaky[T kernel.Float](slope float64) *Loops[T] {
	return &Loops[T]{
		F:      func(w *kernel.Workers, dst, x []T) { kernel.LeakyReLU(w, dst, x, slope) },
		GradAt: func(w *kernel.Workers, dst, g, x []T) { kernel.LeakyReLUGrad(w, dst, g, x, slope) },
	}
}
