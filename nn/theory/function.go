package theory

import (
	"math"

	"github.com/pkg/errors"
)

// Function is an arbitrary activation. Its moments are computed by adaptive quadrature.
type Function struct {
	// F is the activation, such as math.Tanh.
	F func(x float64) float64
	// Kinks are points where F or its slope jumps, such as 0. Missing ones only cost time, unless F changes
	// on a scale below 0.1 far away from 0 and from all kinks: the quadrature could miss that.
	Kinks []float64
	// Slope is the derivative of F. Only what concerns gradients needs it.
	Slope func(x float64) float64
}

// Moments returns mean and variance of F(z) for a normal z. The error is below 1e-13 of E|F(z) - F(m)| for the mean, where m is the mean
// of z, and of itself for the variance, not counting the effect of a rounding of F by 2e-16 (1 + |F|).
// It returns an error if F is nil, not finite, too rough, or grows too fast; for a bad z its cause is [ErrDomain].
func (f Function) Moments(z Moments) (Moments, error) {
	if err := f.check(z); err != nil {
		return Moments{}, err
	}
	if z.Variance == 0 {
		m := Moments{Mean: f.F(z.Mean)}
		return m, m.check("the activation")
	}
	m, _, err := f.evaluate(z)
	return m, err
}

// Jacobian returns the derivatives of Moments without derivatives of F: with x = (z - m)/s, d/dm E h(z) = E[h(z) x]/s and
// d/dv E h(z) = E[h(z) (x^2 - 1)]/(2v) for any h.
func (f Function) Jacobian(z Moments) (Jacobian, error) {
	if err := f.check(z); err != nil {
		return Jacobian{}, err
	}
	if err := checkPositive(z); err != nil {
		return Jacobian{}, err
	}
	_, j, err := f.evaluate(z)
	return j, err
}

func (f Function) check(z Moments) error {
	if f.F == nil {
		return errors.Wrap(ErrDomain, "theory: Function without F")
	}
	return f.checkKinks(z)
}

func (f Function) checkKinks(z Moments) error {
	for _, k := range f.Kinks {
		if !finite(k) {
			return errors.Wrapf(ErrDomain, "theory: kink at %v", k)
		}
	}
	return z.check("z")
}

// evaluate computes the mean first and then the centred moments, so that nothing cancels.
func (f Function) evaluate(z Moments) (Moments, Jacobian, error) {
	s := math.Sqrt(z.Variance)
	breaks := f.breakpoints(z.Mean, s)
	origin := f.F(z.Mean)
	// So that the tolerance is not below the rounding of F, 2e-16 of 1 and of F.
	noise := 0.02 + 0.04*math.Abs(origin)
	first, err := expect(breaks, func(x float64) (value, size sums) {
		d := f.F(z.Mean+s*x) - origin
		value[0], size[0] = d, math.Abs(d)+noise
		return value, size
	})
	if err != nil {
		return Moments{}, Jacobian{}, errors.Wrapf(err, "theory: activation at mean %v and variance %v", z.Mean, z.Variance)
	}
	mean := origin + first[0]
	c, err := expect(breaks, func(x float64) (value, size sums) {
		d := f.F(z.Mean+s*x) - mean
		h := x*x - 1
		value = sums{d * d, d * x, d * h, d * d * x, d * d * h}
		a := math.Abs(d) + noise
		a2 := math.Abs(d) * (a + noise)
		size = sums{a2, a * math.Abs(x), a * math.Abs(h), a2 * math.Abs(x), a2 * math.Abs(h)}
		return value, size
	})
	if err != nil {
		return Moments{}, Jacobian{}, errors.Wrapf(err, "theory: activation at mean %v and variance %v", z.Mean, z.Variance)
	}
	m := Moments{Mean: mean, Variance: c[0]}
	return m, Jacobian{{c[1] / s, c[2] / (2 * z.Variance)}, {c[3] / s, c[4] / (2 * z.Variance)}}, nil
}

// breakpoints are the kinks and, as activations change on a scale of 1 about them and about 0, points at some distance, in standard
// deviations from the mean.
func (f Function) breakpoints(mean, s float64) []float64 {
	var out []float64
	for _, k := range append([]float64{0}, f.Kinks...) {
		for _, d := range []float64{-20, -2, 0, 2, 20} {
			out = append(out, (k+d-mean)/s)
		}
	}
	return out
}
