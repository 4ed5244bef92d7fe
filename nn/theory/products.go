package theory

import (
	"math"

	"github.com/pkg/errors"
)

// ProductMean returns E[f(z1) f(z2)] for two normal numbers with the given moments and correlation, which is in [-1, 1]: what two rows have
// in common after an activation. Nil means [SELU]. The error is below 1e-12 of the second moment of f, apart from roundings of f.
//
// With c = |correlation| the two are m + s (sqrt(c) u + sqrt(1-c) w) and m + s (+-sqrt(c) u + sqrt(1-c) w') with independent u, w and w'. Given u,
// they are independent, and the mean g of f over w is that of [Activation.Moments] at a variance of (1-c) s^2: in closed form for
// SELU. What remains is one integral, E[g(u) g(+-u)], by quadrature. The cause of the error for a bad argument is [ErrDomain].
func ProductMean(f Activation, z Moments, correlation float64) (float64, error) {
	mean, covariance, err := productOf(f, z, correlation)
	if err == nil && !finite(mean*mean+covariance) {
		err = errors.Wrapf(ErrDomain, "theory: the product at mean %v and variance %v of z overflows", z.Mean, z.Variance)
	}
	return mean*mean + covariance, err
}

// Covariance returns that of f(z1) and f(z2), ProductMean - (E f(z))^2, without cancellation.
func Covariance(f Activation, z Moments, correlation float64) (float64, error) {
	_, covariance, err := productOf(f, z, correlation)
	return covariance, err
}

// SlopeProductMean returns E[f'(z1) f'(z2)] for two normal numbers with the given moments and correlation. It is the derivative of the
// covariance of f(z1) and f(z2) with respect to that of z1 and z2 (Price's theorem), and the part of a gradient that two rows have in common.
func SlopeProductMean(f Differentiable, z Moments, correlation float64) (float64, error) {
	p, err := newPair(f, z, correlation)
	if err != nil {
		return 0, err
	}
	if correlation == 0 || correlation == 1 || z.Variance == 0 {
		s, err := slopesOf(p.f, z)
		if correlation == 1 {
			return s.Second, err
		}
		return s.Mean * s.Mean, err
	}
	value, err := p.expect(p.smoothSlope, slopeNoise)
	return value, errors.Wrap(err, "theory: the slopes of two rows")
}

func productOf(f Activation, z Moments, correlation float64) (mean, covariance float64, err error) {
	p, err := newPair(f, z, correlation)
	if err != nil {
		return 0, 0, err
	}
	m, err := p.f.Moments(z)
	if err == nil {
		err = m.check("the activation")
	}
	switch {
	case err != nil || correlation == 0 || z.Variance == 0:
		return m.Mean, 0, err
	case correlation == 1:
		return m.Mean, m.Variance, nil
	}
	centred := func(z Moments) (float64, error) {
		y, err := p.smooth(z)
		return y - m.Mean, err
	}
	covariance, err = p.expect(centred, 0.02+0.04*math.Abs(m.Mean))
	return m.Mean, covariance, errors.Wrap(err, "theory: two rows")
}

// pair is an activation at two normal numbers of equal moments.
type pair struct {
	f           Activation
	z           Moments
	shared, own float64 // standard deviations of z's common and separate parts
	mirrored    bool    // the common parts have opposite signs
}

func newPair(f Activation, z Moments, correlation float64) (pair, error) {
	if err := z.check("z"); err != nil {
		return pair{}, err
	}
	if !(correlation >= -1 && correlation <= 1) {
		return pair{}, errors.Wrapf(ErrDomain, "theory: a correlation of %v", correlation)
	}
	if f == nil {
		f = SELU
	}
	switch a := f.(type) {
	case *Params:
		if a == nil {
			return pair{}, errors.Wrap(ErrDomain, "theory: a nil *Params")
		}
		f = *a
	case *Function:
		if a == nil {
			return pair{}, errors.Wrap(ErrDomain, "theory: a nil *Function")
		}
		f = *a
	}
	c, s := math.Abs(correlation), math.Sqrt(z.Variance)
	return pair{f, z, s * math.Sqrt(c), s * math.Sqrt(1-c), correlation < 0}, nil
}

// expect returns E[g(u) g(u)], or E[g(u) g(-u)], where g is the given mean at z's common part. Roundings of g are of the size 1e-14 noise.
func (p pair) expect(g func(Moments) (float64, error), noise float64) (float64, error) {
	var failure error
	known := map[float64]float64{} // each x of a mirrored pair occurs twice
	at := func(x float64) float64 {
		if y, ok := known[x]; ok {
			return y
		}
		y, err := g(Moments{p.z.Mean + p.shared*x, p.own * p.own})
		if p.mirrored {
			known[x] = y
		}
		if err != nil && failure == nil {
			failure = err
		}
		return y
	}
	total, err := expect(p.breakpoints(), func(u float64) (value, size sums) {
		if failure != nil {
			return value, size // the end is near
		}
		a := at(u)
		b := a
		if p.mirrored {
			b = at(-u)
		}
		value[0] = a * b
		size[0] = math.Abs(a*b) + noise*(math.Abs(a)+math.Abs(b))
		return value, size
	})
	if failure != nil {
		return 0, failure
	}
	return total[0], err
}

// smooth returns the mean of f(z).
func (p pair) smooth(z Moments) (float64, error) {
	switch f := p.f.(type) {
	case Params:
		if p.z.Variance < 1e-4 { // the closed form has errors of 1e-16, not relative to the standard deviation
			return f.function().smooth(z)
		}
		return f.smooth(z), nil
	case Function:
		return f.smooth(z)
	}
	m, err := p.f.Moments(z)
	return m.Mean, err
}

// smoothSlope returns the mean of f'(z).
func (p pair) smoothSlope(z Moments) (float64, error) {
	s, err := slopesOf(p.f, z)
	return s.Mean, err
}

// breakpoints are where g changes on the scale on which it is smoothed, in standard deviations of the common part.
func (p pair) breakpoints() []float64 {
	kinks := []float64{0}
	if f, ok := p.f.(Function); ok {
		kinks = append(kinks, f.Kinks...)
	}
	var out []float64
	for _, k := range kinks {
		for _, d := range []float64{-6, -1.5, 0, 1.5, 6} {
			u := (k + d*p.own - p.z.Mean) / p.shared
			out = append(out, u)
			if p.mirrored {
				out = append(out, -u)
			}
		}
	}
	return out
}

// smooth returns the mean of p at z, in closed form.
func (p Params) smooth(z Moments) float64 {
	if z.Variance == 0 {
		return p.At(z.Mean)
	}
	if m, ok := p.oneSided(z); ok {
		return m.Mean
	}
	return halvesOf(z).mean(p)
}

// smooth returns the mean of f at z.
func (f Function) smooth(z Moments) (float64, error) {
	s, origin := math.Sqrt(z.Variance), f.F(z.Mean)
	if s == 0 {
		return origin, nil
	}
	noise := 0.02 + 0.04*math.Abs(origin)
	total, err := expect(f.breakpoints(z.Mean, s), func(x float64) (value, size sums) {
		d := f.F(z.Mean+s*x) - origin
		value[0], size[0] = d, math.Abs(d)+noise
		return value, size
	})
	return origin + total[0], err
}
