package theory

import (
	"math"

	"github.com/pkg/errors"
)

// Params are the parameters of a scaled exponential linear unit, Lambda x for x > 0 and Lambda Alpha (e^x - 1) for x <= 0
// (Klambauer et al. 2017, Eq. 2), Lambda > 0. With Alpha = 0 it is ReLU.
type Params struct{ Lambda, Alpha float64 }

// Members of the family.
var (
	// SELU has lambda01 and alpha01 of the paper, for which mean 0 and variance 1 are a fixed point.
	SELU = Params{Lambda: 1.0507009873554804934193349852946, Alpha: 1.6732632423543772848170429916717}
	ELU  = Params{Lambda: 1, Alpha: 1}
	ReLU = Params{Lambda: 1, Alpha: 0}
)

// At returns the activation at x.
func (p Params) At(x float64) float64 {
	if x > 0 {
		return p.Lambda * x
	}
	return p.Lambda * p.Alpha * math.Expm1(x)
}

// function is p for quadrature.
func (p Params) function() Function { return Function{F: p.At, Kinks: []float64{0}} }

func (p Params) check() error {
	if !finite(p.Lambda, p.Alpha) || p.Lambda <= 0 {
		return errors.Wrapf(ErrDomain, "theory: SELU with lambda %v and alpha %v", p.Lambda, p.Alpha)
	}
	return nil
}

// Moments returns mean and variance of the activation at a normal z: Klambauer et al. 2017, Eq. 4 and 5, or quadrature where the closed
// form would lose digits to cancellation. The relative error of the variance is below 1e-12, unless z is so far from 0 that its own
// rounding matters more. The cause of its errors is [ErrDomain], including moments beyond the range of float64.
func (p Params) Moments(z Moments) (Moments, error) {
	if err := p.check(); err != nil {
		return Moments{}, err
	}
	if err := z.check("z"); err != nil {
		return Moments{}, err
	}
	m, err := p.moments(z)
	if err == nil && !finite(m.Mean, m.Variance) {
		err = errors.Wrapf(ErrDomain, "theory: the moments at mean %v and variance %v of z overflow", z.Mean, z.Variance)
	}
	return m, err
}

func (p Params) moments(z Moments) (Moments, error) {
	if z.Variance == 0 {
		return Moments{Mean: p.At(z.Mean)}, nil
	}
	if m, ok := p.oneSided(z); ok {
		return m, nil
	}
	h := halvesOf(z)
	m := Moments{Mean: h.mean(p)}
	// terms is the sum of the absolute terms: its roundings are the error.
	pa := p.Lambda * p.Alpha
	second := h.second(p)
	terms := second + m.Mean*m.Mean + 4*pa*pa*h.a[0]
	if m.Variance = second - m.Mean*m.Mean; accurate(m.Variance, terms) {
		return m, nil
	}
	if m.Variance, terms = h.variance(p); accurate(m.Variance, terms) {
		return m, nil
	}
	return p.function().Moments(z)
}

// accurate reports whether a difference of terms has enough digits. Below smallest the products lose digits to underflow.
func accurate(variance, terms float64) bool {
	const epsilon, smallest = 0x1p-52, 0x1p-960
	return variance >= smallest && 2*epsilon*terms <= 1e-12*variance
}

// oneSided returns the moments where z has the same sign out to 12 standard deviations, also under the weights e^z and e^(2z),
// which move its mean by v and 2v. Then the activation is linear or exponential, and nothing cancels.
func (p Params) oneSided(z Moments) (Moments, bool) {
	m, v := z.Mean, z.Variance
	pa := p.Lambda * p.Alpha
	switch s := reach * math.Sqrt(v); {
	case m > s:
		return Moments{Mean: p.Lambda * m, Variance: p.Lambda * p.Lambda * v}, true
	case m+2*v < -s:
		return Moments{Mean: pa * math.Expm1(m+v/2), Variance: pa * pa * math.Exp(2*(m+v)) * -math.Expm1(-v)}, true
	}
	return Moments{}, false
}

// Jacobian returns the derivatives of Moments, in closed form.
func (p Params) Jacobian(z Moments) (Jacobian, error) {
	if err := p.check(); err != nil {
		return Jacobian{}, err
	}
	if err := checkPositive(z); err != nil {
		return Jacobian{}, err
	}
	h := halvesOf(z)
	// For any f, d/dm E f(z) = E f'(z) and d/dv E f(z) = E f''(z)/2, where the slope of f jumps by lambda (1 - alpha) at 0.
	alpha2 := p.Alpha * p.Alpha
	meanM := p.Lambda * (h.positive + p.Alpha*h.a[1])
	meanV := p.Lambda / 2 * (p.Alpha*h.a[1] + (1-p.Alpha)*h.density)
	secondM := 2 * p.Lambda * p.Lambda * (h.linear + alpha2*(h.a[2]-h.a[1]))
	secondV := p.Lambda * p.Lambda * (h.positive + alpha2*(2*h.a[2]-h.a[1]))
	mean := h.mean(p)
	j := Jacobian{{meanM, meanV}, {secondM - 2*mean*meanM, secondV - 2*mean*meanV}}
	if !finite(j[0][0], j[0][1], j[1][0], j[1][1]) {
		return Jacobian{}, errors.Wrapf(ErrDomain, "theory: derivatives at mean %v and variance %v of z overflow", z.Mean, z.Variance)
	}
	return j, nil
}

func checkPositive(z Moments) error {
	if err := z.check("z"); err != nil {
		return err
	}
	if z.Variance == 0 {
		return errors.Wrap(ErrDomain, "theory: derivatives at variance 0 of z")
	}
	return nil
}

// halves are the expectations over the positive and the negative z ~ N(m, s^2) that make up the moments.
type halves struct {
	m, v     float64
	positive float64    // P(z > 0)
	density  float64    // of z at 0
	linear   float64    // E[z; z > 0]
	square   float64    // E[z^2; z > 0]
	a        [3]float64 // a[k] = E[e^(kz); z < 0] = e^(km + k^2 s^2/2) Phi(-(m + k s^2)/s)
}

// halvesOf computes them for v > 0. With t = m/(s sqrt 2) and u = s/sqrt 2, a[k] = 1/2 e^(-t^2) erfcx(t + k u): large factors
// that cancel never arise. Where t + k u < 0 the exponent k m + k^2 v/2 is negative, and the definition is as good.
func halvesOf(z Moments) halves {
	m, v := z.Mean, z.Variance
	s := math.Sqrt(v)
	t, u := m/s/math.Sqrt2, s/math.Sqrt2
	e := math.Exp(-t * t)
	h := halves{m: m, v: v, positive: math.Erfc(-t) / 2, density: e / (s * math.Sqrt(2*math.Pi))}
	h.linear, h.square = upper(h, t, s)
	h.a[0] = math.Erfc(t) / 2
	for k := 1.0; k <= 2; k++ {
		if x := t + k*u; x >= 0 {
			h.a[int(k)] = e * erfcx(x) / 2
		} else {
			h.a[int(k)] = math.Exp(k*(m+k*v/2)) * math.Erfc(x) / 2
		}
	}
	return h
}

// upper returns E[z; z > 0] and E[z^2; z > 0]. Far below 0, where m P(z > 0) + v p(0) cancels, they are repeated integrals of
// erfc, whose ratios follow r[n-1] = 1/(2x + 2n r[n]) without subtraction (Abramowitz and Stegun 1964, 7.2.5).
func upper(h halves, t, s float64) (linear, square float64) {
	if t > -2 {
		linear = h.m*h.positive + h.v*h.density
		return linear, h.m*linear + h.v*h.positive
	}
	const terms = 80 // for 16 digits at x = 2; fewer are needed beyond
	var r [2]float64
	for n := terms; n > 1; n-- {
		r[1], r[0] = r[0], 1/(-2*t+2*float64(n)*r[0])
	}
	linear = math.Sqrt2 * s * r[0] * h.positive
	return linear, 2 * math.Sqrt2 * s * r[1] * linear
}

// mean is Eq. 4 and second, the second moment, Eq. 5 of the paper.
func (h halves) mean(p Params) float64 { return p.Lambda * (h.linear + p.Alpha*(h.a[1]-h.a[0])) }

func (h halves) second(p Params) float64 {
	return p.Lambda * p.Lambda * (h.square + p.Alpha*p.Alpha*(h.a[2]-2*h.a[1]+h.a[0]))
}

// variance is that of f + lambda alpha, which is exponential for z < 0: far below 0 nothing cancels.
func (h halves) variance(p Params) (variance, terms float64) {
	mean := p.Lambda * (h.linear + p.Alpha*(h.positive+h.a[1]))
	second := p.Lambda * p.Lambda * (h.square + 2*p.Alpha*h.linear + p.Alpha*p.Alpha*(h.positive+h.a[2]))
	terms = second + mean*mean
	if h.m > 0 {
		terms += p.Lambda * p.Lambda * h.m * h.m
	}
	return second - mean*mean, terms
}
