package theory

import (
	"math"

	"github.com/pkg/errors"
)

// Slopes holds the mean and the second moment of the slope f'(z) of an activation at a normal z. A gradient that flows back through the
// activation has its mean square multiplied by Second.
type Slopes struct{ Mean, Second float64 }

// Differentiable is an [Activation] with a slope. [Params] and a [Function] with Slope implement it. Gradients need one.
type Differentiable interface {
	Activation
	// Slopes returns mean and second moment of f'(z). The variance of z is at least 0.
	Slopes(z Moments) (Slopes, error)
}

// slopeAt is the slope of the activation at x, on the left of the kink for x = 0.
func (p Params) slopeAt(x float64) float64 {
	if x > 0 {
		return p.Lambda
	}
	return p.Lambda * p.Alpha * math.Exp(x)
}

// Slopes returns mean and second moment of the slope, in closed form: with A(k) = E[e^(kz); z < 0],
//
//	E f'(z) = lambda (P(z > 0) + alpha A(1)),  E f'(z)^2 = lambda^2 (P(z > 0) + alpha^2 A(2)).
//
// At (0, 1) the second moment of SELU is 1.0716. The cause of its errors is [ErrDomain], including moments beyond the range of float64.
func (p Params) Slopes(z Moments) (Slopes, error) {
	if err := p.check(); err != nil {
		return Slopes{}, err
	}
	if err := z.check("z"); err != nil {
		return Slopes{}, err
	}
	var s Slopes
	if z.Variance == 0 {
		d := p.slopeAt(z.Mean)
		s = Slopes{d, d * d}
	} else {
		h := halvesOf(z)
		s = Slopes{p.Lambda * (h.positive + p.Alpha*h.a[1]), p.Lambda * p.Lambda * (h.positive + p.Alpha*p.Alpha*h.a[2])}
	}
	if !finite(s.Mean, s.Second) {
		return Slopes{}, errors.Wrapf(ErrDomain, "theory: the slope at mean %v and variance %v of z overflows", z.Mean, z.Variance)
	}
	return s, nil
}

// Slopes returns mean and second moment of Slope(z), by quadrature. The errors are those of Moments; without Slope the cause
// is [ErrDomain].
func (f Function) Slopes(z Moments) (Slopes, error) {
	s, err := f.slopeSums(z)
	if err == nil && !finite(s[1]) {
		err = errors.Wrapf(ErrDomain, "theory: the square of the slope at mean %v and variance %v of z overflows", z.Mean, z.Variance)
	}
	return Slopes{s[0], s[1]}, err
}

// slopeSums returns E f'(z), E f'(z)^2 and E |f'(z)|.
func (f Function) slopeSums(z Moments) (sums, error) {
	if err := f.checkSlope(z); err != nil {
		return sums{}, err
	}
	s := math.Sqrt(z.Variance)
	value := func(x float64) (v, size sums) {
		d := f.Slope(z.Mean + s*x)
		v[0], v[1], v[2] = d, d*d, math.Abs(d)
		return v, sums{v[2] + slopeNoise, v[1] + 2*slopeNoise*v[2], v[2] + slopeNoise}
	}
	if s == 0 {
		v, _ := value(0)
		if !finite(v[0]) {
			return sums{}, errors.Wrapf(ErrDomain, "theory: the slope at %v is %v", z.Mean, v[0])
		}
		return v, nil
	}
	v, err := expect(f.breakpoints(z.Mean, s), value)
	return v, errors.Wrapf(err, "theory: the slope at mean %v and variance %v", z.Mean, z.Variance)
}

// slopeNoise keeps the tolerance above the rounding of a slope, 2e-16 of 1.
const slopeNoise = 0.02

func (f Function) checkSlope(z Moments) error {
	if f.Slope == nil {
		return errors.Wrap(ErrDomain, "theory: Function without Slope")
	}
	return f.checkKinks(z)
}

// slopesOf returns those of any activation.
func slopesOf(a Activation, z Moments) (Slopes, error) {
	d, ok := a.(Differentiable)
	if !ok {
		return Slopes{}, errors.Wrapf(ErrDomain, "theory: a %T has no Slopes", a)
	}
	s, err := d.Slopes(z)
	if err == nil && !(finite(s.Mean, s.Second) && s.Second >= 0) {
		err = errors.Wrapf(ErrDomain, "theory: a slope of mean %v and second moment %v", s.Mean, s.Second)
	}
	return s, err
}
