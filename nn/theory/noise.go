package theory

import "github.com/pkg/errors"

// Dropout is the noise that a dropout layer adds: independently for each element x, the result is Scale x + Shift, or Dropped with
// probability Rate. The zero value is no dropout.
type Dropout struct{ Rate, Scale, Shift, Dropped float64 }

// InvertedDropout is ordinary dropout (Srivastava et al. 2014): 0 with probability rate, else x/(1 - rate). It keeps the mean. For a rate outside
// [0, 1) the cause of the error is [ErrDomain].
func InvertedDropout(rate float64) (Dropout, error) {
	d := Dropout{Rate: rate, Scale: 1 / (1 - rate)}
	return d, d.check()
}

// Dropout returns the noise of the alpha dropout that keeps the given moments, with the a and b of AlphaDropout: a x + b, or
// -a Lambda Alpha + b with probability rate. The errors are those of AlphaDropout.
func (p Params) Dropout(rate float64, keep Moments) (Dropout, error) {
	a, b, err := p.AlphaDropout(rate, keep)
	if err != nil {
		return Dropout{}, err
	}
	d := Dropout{Rate: rate, Scale: a, Shift: b, Dropped: b - a*p.Lambda*p.Alpha}
	return d, d.check()
}

func (d Dropout) check() error {
	if !finite(d.Scale, d.Shift, d.Dropped) || !(d.Rate >= 0 && d.Rate < 1) {
		return errors.Wrapf(ErrDomain, "theory: dropout %+v", d)
	}
	return nil
}

// none reports whether there is no noise.
func (d Dropout) none() bool { return d == Dropout{} }

// Map returns the moments of the results for elements with the given moments: with q = 1 - Rate, p = Rate and y = Scale x + Shift, the mean is
// q E y + p Dropped, and the variance q Var y + p q (E y - Dropped)^2.
func (d Dropout) Map(m Moments) Moments {
	if d.none() {
		return m
	}
	q, mean := 1-d.Rate, d.Scale*m.Mean+d.Shift
	gap := mean - d.Dropped
	return Moments{q*mean + d.Rate*d.Dropped, q*d.Scale*d.Scale*m.Variance + d.Rate*q*gap*gap}
}

// Jacobian returns the derivatives of Map.
func (d Dropout) Jacobian(m Moments) Jacobian {
	if d.none() {
		return Jacobian{{1, 0}, {0, 1}}
	}
	q := 1 - d.Rate
	gap := d.Scale*m.Mean + d.Shift - d.Dropped
	return Jacobian{{q * d.Scale, 0}, {2 * d.Rate * q * gap * d.Scale, q * d.Scale * d.Scale}}
}

// Gradient is the factor by which the noise multiplies the mean square of gradients on their way back: an element passes its gradient on, times
// Scale, unless it was dropped.
func (d Dropout) Gradient() float64 {
	if d.none() {
		return 1
	}
	return (1 - d.Rate) * d.Scale * d.Scale
}

// Covariance is the factor by which the noise multiplies the covariance of two rows, and the mean product of their gradients. Their
// masks are independent.
func (d Dropout) Covariance() float64 {
	if d.none() {
		return 1
	}
	return (1 - d.Rate) * d.Scale * (1 - d.Rate) * d.Scale
}
