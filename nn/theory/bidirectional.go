package theory

import (
	"math"

	"github.com/pkg/errors"
)

// Bidirectional finds constants for which a f(x) + c keeps the size of activations and of gradients: E[f(z)^2] stays that of Options.Target, and
// the variance of gradients does not change from layer to layer. With the default options this is the Gaussian-Poincaré normalization of
// Lu et al. 2020, "Bidirectionally Self-Normalizing Neural Networks": E[f(z)^2] = E[f'(z)^2] = 1 for a standard normal z. The mean is then not 0, unless f
// is linear. Of the two shifts that do it, c is that whose fixed point has the lower rate, or else the smaller one. It need not attract: see
// the verdict, whose target is the fixed point.
//
// The errors are those of [Judge]; it also needs a slope, and weights with omega 0.
func Bidirectional(f, slope func(x float64) float64, o Options) (Rescaled, error) {
	if slope == nil {
		return Rescaled{}, errors.Wrap(ErrDomain, "theory: Bidirectional without a slope")
	}
	c, err := newCandidate(f, slope, o)
	if err != nil {
		return Rescaled{}, err
	}
	if c.o.Weights.Omega != 0 {
		return Rescaled{}, errors.Wrapf(ErrDomain, "theory: Bidirectional for weights with omega %v, want 0", c.o.Weights.Omega)
	}
	z, err := c.layer().input(c.o.Target)
	if err != nil {
		return Rescaled{}, err
	}
	m, err := c.f.Moments(z)
	if err != nil {
		return Rescaled{}, err
	}
	a := 1 / math.Sqrt(c.growth(c.o.Target))
	second := c.o.Target.Variance + c.o.Target.Mean*c.o.Target.Mean
	// By Poincaré's inequality Var f(z) <= Var(z) E f'(z)^2, so the root exists but for rounding.
	mean := math.Sqrt(math.Max(0, second-a*a*m.Variance))
	if !finite(a, mean) || !(m.Variance > 1e-24*(1+m.Mean*m.Mean)) {
		return Rescaled{}, errors.Wrapf(ErrNotNormalizable, "theory: it is constant, %.4g", m.Mean)
	}
	var best Rescaled
	for i, target := range []float64{mean, -mean} {
		shift := target - a*m.Mean
		s := c.scaled(a, 0, shift)
		s.o.Target = Moments{target, a * a * m.Variance}
		if o.Starts == nil {
			s.o.Starts = around(s.o.Target)
		}
		v := s.judge()
		if i == 0 || better(v, shift, best) {
			best = Rescaled{a, 0, shift, v}
		}
	}
	return best, nil
}

// better reports whether a verdict has a lower rate than that of best, or the same and a smaller shift.
func better(v Verdict, shift float64, best Rescaled) bool {
	if !v.HasFixed || !best.HasFixed {
		return v.HasFixed
	}
	d := v.Fixed[0].Rate - best.Fixed[0].Rate
	return d < -neutral || d <= neutral && math.Abs(shift) < math.Abs(best.C)
}
