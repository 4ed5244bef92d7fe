package theory

import (
	"math"

	"github.com/pkg/errors"
)

// GaussPoincare returns scale and shift that make scale f(x) + shift Gaussian-Poincaré normalized (Lu et al. 2020, "Bidirectionally Self-Normalizing Neural
// Networks", arXiv 2006.12169): for a standard normal x, the mean of its square is 1, and so is the mean of the square of its slope,
//
//	scale = 1 / sqrt(E f'(x)²),  shift = -scale E f(x) + sqrt(1 - scale² Var f(x)).
//
// The root exists because Var f(x) <= E f'(x)², the Gaussian Poincaré inequality. The other sign of the root, which gives the shift
// -2 scale E f(x) - shift, is as good. In a wide network with weights of variance 1/fan-in, or orthogonal ones, such an activation keeps the mean square of
// activations, and of the gradients of the loss, from layer to layer.
//
// slope is f'. The cause of the error for a nil slope, one that is 0, and one that cannot be that of f is [ErrDomain].
func GaussPoincare(f Function, slope func(x float64) float64) (scale, shift float64, err error) {
	m, err := f.Moments(Normalized)
	if err != nil {
		return 0, 0, err
	}
	if slope == nil {
		return 0, 0, errors.Wrap(ErrDomain, "theory: no slope")
	}
	f.Slope = slope
	s, err := f.Slopes(Normalized)
	if err != nil {
		return 0, 0, err
	}
	scale = 1 / math.Sqrt(s.Second)
	rest := 1 - scale*scale*m.Variance
	const rounding = 1e-9
	if !finite(scale) || scale == 0 || rest < -rounding { // the slope is not that of f
		return 0, 0, errors.Wrapf(ErrDomain, "theory: an activation of variance %v with a slope of mean square %v", m.Variance, s.Second)
	}
	return scale, math.Sqrt(max(0, rest)) - scale*m.Mean, nil
}
