package theory

import (
	"math"

	"github.com/pkg/errors"
)

// Correlation maps the correlation c of two rows, over the units that feed the layer, to that over its own units (Poole et al. 2016). m are the
// moments of the inputs, the same for both rows, and c is in [-1, 1]. The z of the rows have the correlation c, and if Pooled is set
// (c nu + mu^2)/(nu + mu^2); the rows have different dropout masks. For constant inputs or outputs the cause of the error is [ErrDomain].
func (l Layer) Correlation(m Moments, c float64) (float64, error) {
	p, err := l.pairOf(m, c)
	if err != nil {
		return 0, err
	}
	covariance := p.plain.Variance // of equal rows
	if p.c != 1 {
		if covariance, err = Covariance(l.activation(), p.z, p.c); err != nil {
			return 0, err
		}
	}
	return max(-1, min(1, l.Dropout.Covariance()*covariance/p.next.Variance)), nil
}

// CorrelationSlope is the derivative of Correlation with respect to c, for an activation that is [Differentiable]. At c = 1, and with moments
// that the layer keeps, it is chi_1 = tau E f'(z)^2: above 1, rows that hardly differ become less alike; below 1, more.
func (l Layer) CorrelationSlope(m Moments, c float64) (float64, error) {
	p, err := l.pairOf(m, c)
	if err != nil {
		return 0, err
	}
	slope, err := l.slopeProduct(p)
	return l.Dropout.Covariance() * l.Tau * m.Variance * slope / p.next.Variance, err
}

// GradientCorrelation is the factor by which the layer multiplies the correlation of the gradients of two rows on their way back, where m and c
// are the moments and the correlation of its inputs, as in Correlation: E[f'(z1) f'(z2)] / E f'(z)^2, times the part of the units that
// dropout leaves to both rows, given that it leaves one.
func (l Layer) GradientCorrelation(m Moments, c float64) (float64, error) {
	p, err := l.pairOf(m, c)
	if err != nil {
		return 0, err
	}
	slope, err := l.slopeProduct(p)
	if err != nil {
		return 0, err
	}
	s, err := l.slopes(m)
	if err != nil {
		return 0, err
	}
	if s.Second == 0 {
		return 0, errors.Wrap(ErrDomain, "theory: there are no gradients: the slope is 0")
	}
	return slope / s.Second * (1 - l.Dropout.Rate), nil
}

// twoRows are the moments and the correlation of the z of two rows, the moments of the activations, and those behind the dropout.
type twoRows struct {
	z, plain, next Moments
	c              float64
}

func (l Layer) pairOf(m Moments, c float64) (p twoRows, err error) {
	if p.z, err = l.input(m); err != nil {
		return p, err
	}
	if !(c >= -1 && c <= 1) {
		return p, errors.Wrapf(ErrDomain, "theory: a correlation of %v", c)
	}
	if p.c = c; l.Pooled && c != 1 {
		p.c = (c*m.Variance + m.Mean*m.Mean) / (m.Variance + m.Mean*m.Mean)
	}
	if p.plain, err = l.activation().Moments(p.z); err != nil {
		return p, err
	}
	if p.next, err = l.dropped(p.plain); err != nil {
		return p, err
	}
	if m.Variance == 0 || !(p.next.Variance > 0) || math.IsInf(p.next.Variance, 0) {
		return p, errors.Wrapf(ErrDomain, "theory: the correlation of rows of variance %v that become rows of variance %v", m.Variance, p.next.Variance)
	}
	return p, nil
}

// slopeProduct returns E[f'(z1) f'(z2)].
func (l Layer) slopeProduct(p twoRows) (float64, error) {
	f, ok := l.activation().(Differentiable)
	if !ok {
		return 0, errors.Wrapf(ErrDomain, "theory: a %T has no Slopes", l.activation())
	}
	return SlopeProductMean(f, p.z, p.c)
}

// CorrelationFixedPoint is where the correlation of two different rows settles in a deep network.
type CorrelationFixedPoint struct {
	// Correlation is the limit. If it is 1, all rows become alike, and if it is 0, and rows had anything in common, that is forgotten.
	Correlation float64
	// Rate is the slope of the map at Correlation: each layer multiplies a small distance to it by this factor.
	Rate float64
	// Chi is the slope of the map at correlation 1, chi_1 of Schoenholz et al. 2017. Above 1, rows that hardly differ become less alike from
	// layer to layer, and Correlation is below 1. With dropout it is not a fixed point, because masks differ.
	Chi float64
}

// Depth is the number of layers after which a small distance to the fixed point is e times smaller, -1/ln Rate: information about how alike rows
// were survives a few times that many layers (Schoenholz et al. 2017). It is infinite for Rate 1, to 1e-9: then
// the distance shrinks slowly, if at all.
func (f CorrelationFixedPoint) Depth() float64 {
	if f.Rate >= 1-neutral {
		return math.Inf(1)
	}
	return -1 / math.Log(f.Rate)
}

// CorrelationFixedPoint returns the limit of Correlation for rows whose moments are m in all layers, such as those of [Layer.FixedPoint], and
// whose correlation is at first below 1. On [0, 1] the map is a power series in c with positive coefficients, so it is convex there, and the
// limit is the smallest fixed point. It is found with Newton's method from 0. If m is not kept, at the precision of 1e-6, the cause of
// the error is [ErrNoFixedPoint].
func (l Layer) CorrelationFixedPoint(m Moments) (CorrelationFixedPoint, error) {
	next, err := l.Map(m)
	if err != nil {
		return CorrelationFixedPoint{}, err
	}
	if !(next.distance(m) <= 1e-6*(math.Abs(m.Mean)+m.Variance)) {
		return CorrelationFixedPoint{}, errors.Wrapf(ErrNoFixedPoint, "theory: the layer maps mean %v and variance %v to %v and %v", m.Mean, m.Variance, next.Mean, next.Variance)
	}
	chi, err := l.CorrelationSlope(m, 1)
	if err != nil {
		return CorrelationFixedPoint{}, err
	}
	const rounding = 1e-6 // for chi of 1, as that of ReLU, is the limit 1, which Newton's method approaches slowly
	if l.Dropout.none() && chi <= 1+rounding {
		return CorrelationFixedPoint{1, chi, chi}, nil
	}
	c, rate := 0.0, 0.0
	for range 200 {
		next, err := l.Correlation(m, c)
		if err != nil {
			return CorrelationFixedPoint{}, err
		}
		if rate, err = l.CorrelationSlope(m, c); err != nil {
			return CorrelationFixedPoint{}, err
		}
		if rate >= 1 { // beyond the minimum of the distance: the last step was only rounding
			break
		}
		step := (next - c) / (1 - rate)
		if c = max(0, min(1, c+step)); math.Abs(step) <= 1e-14 {
			break
		}
	}
	return CorrelationFixedPoint{c, rate, chi}, nil
}
