package train

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Adam is the optimizer of Kingma and Ba 2015, algorithm 1. Order of operations and results are PyTorch's.
type Adam struct {
	// Rate is the learning rate. 0 means 0.001.
	Rate float64
	// Beta1 and Beta2 are the decay rates of the moments, in [0, 1). 0 means 0.9 and 0.999.
	Beta1, Beta2 float64
	// Eps is added to the root of the second moment. 0 means 1e-8.
	Eps float64
	// L2 is the weight decay >= 0 added to the gradient.
	L2 float64

	pace
	m32, v32 moments[float32]
	m64, v64 moments[float64]
}

var _ Optimizer = (*Adam)(nil)

// Step updates the parameters in place.
func (a *Adam) Step(model []G.ValueGrad) error {
	k := kernel.Adam{
		Rate: orDefault(a.Rate, 1e-3), Beta1: orDefault(a.Beta1, 0.9), Beta2: orDefault(a.Beta2, 0.999),
		Eps: orDefault(a.Eps, 1e-8), L2: a.L2, T: a.steps + 1,
	}
	if !(k.Rate > 0) || !(k.Beta1 >= 0 && k.Beta1 < 1) || !(k.Beta2 >= 0 && k.Beta2 < 1) || !(k.Eps > 0) || !(k.L2 >= 0) {
		return errors.Errorf("Adam: rate %v, betas %v and %v, eps %v, L2 %v", k.Rate, k.Beta1, k.Beta2, k.Eps, k.L2)
	}
	k.Rate = a.rate(k.Rate)
	return a.each(model,
		func(i int, x pair[float32]) {
			kernel.AdamStep(k, a.workers, x.value, x.grad, a.m32.at(i, len(x.value)), a.v32.at(i, len(x.value)))
		},
		func(i int, x pair[float64]) {
			kernel.AdamStep(k, a.workers, x.value, x.grad, a.m64.at(i, len(x.value)), a.v64.at(i, len(x.value)))
		})
}

func orDefault(x, fallback float64) float64 {
	if x == 0 {
		return fallback
	}
	return x
}
