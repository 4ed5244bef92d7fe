package theory

import (
	"slices"

	"github.com/pkg/errors"
)

// Weights describe the incoming weights of a unit: their sum omega and the sum of their squares tau.
type Weights struct{ Omega, Tau float64 }

// Weights that initializers draw, in expectation.
var (
	LeCun = Weights{Omega: 0, Tau: 1} // normal with variance 1/fan-in, for SELU
	He    = Weights{Omega: 0, Tau: 2} // normal with variance 2/fan-in, for ReLU
)

// Layer is the moment map of a layer: it maps mean and variance of the inputs to those of the outputs.
type Layer struct {
	// Activation is the activation of the units. Nil means [SELU].
	Activation Activation
	// Weights are the weights of a unit. The zero value is a unit whose weights are all 0, not LeCun.
	Weights
	// Pooled means that moments are taken over all units and rows of a batch together, for random weights whose expected sums are omega and
	// tau. Then the means of the z of different units differ, and z ~ N(mu omega, tau (nu + mu^2)) (Poole et al. 2016). Otherwise the
	// moments are those of a unit with given weights, z ~ N(mu omega, nu tau), as in the paper. The two agree where mu = 0, as at the fixed
	// point of SELU.
	Pooled bool
	// Dropout is the noise behind the activation, in training. The zero value is none.
	Dropout Dropout
}

func (l Layer) activation() Activation {
	if l.Activation == nil {
		return SELU
	}
	return l.Activation
}

// input returns the moments of z.
func (l Layer) input(m Moments) (Moments, error) {
	if err := m.check("the layer's input"); err != nil {
		return Moments{}, err
	}
	if l.Activation == (*Params)(nil) || l.Activation == (*Function)(nil) {
		return Moments{}, errors.Wrapf(ErrDomain, "theory: the activation is a nil %T", l.Activation)
	}
	if err := l.Dropout.check(); err != nil {
		return Moments{}, err
	}
	if !finite(l.Omega, l.Tau) || l.Tau < 0 {
		return Moments{}, errors.Wrapf(ErrDomain, "theory: weights with omega %v and tau %v", l.Omega, l.Tau)
	}
	z := Moments{m.Mean * l.Omega, m.Variance * l.Tau}
	if l.Pooled {
		z.Variance = l.Tau * (m.Variance + m.Mean*m.Mean)
	}
	return z, nil
}

// Map returns mean and variance of the layer's outputs: g of the paper (Klambauer et al. 2017, Eq. 3).
// The cause of the error for a negative variance or tau, and for NaN, is [ErrDomain].
func (l Layer) Map(m Moments) (Moments, error) {
	z, err := l.input(m)
	if err != nil {
		return Moments{}, err
	}
	next, err := l.activation().Moments(z)
	if err != nil {
		return Moments{}, err
	}
	return l.dropped(next)
}

// dropped returns the moments behind the dropout.
func (l Layer) dropped(m Moments) (Moments, error) {
	if l.Dropout.none() {
		return m, nil
	}
	m = l.Dropout.Map(m)
	return m, m.check("the layer's output")
}

// Jacobian returns the derivatives of Map. The variance of z must be positive.
func (l Layer) Jacobian(m Moments) (Jacobian, error) {
	z, err := l.input(m)
	if err != nil {
		return Jacobian{}, err
	}
	outer, err := l.activation().Jacobian(z)
	if err != nil {
		return Jacobian{}, err
	}
	var j Jacobian
	for i, d := range outer {
		j[i] = [2]float64{d[0] * l.Omega, d[1] * l.Tau}
		if l.Pooled {
			j[i][0] += d[1] * 2 * l.Tau * m.Mean
		}
	}
	if l.Dropout.none() {
		return j, nil
	}
	y, err := l.activation().Moments(z)
	return l.Dropout.Jacobian(y).times(j), err
}

// maxIterations bounds the layers of Iterate: a slip must not fill the memory.
const maxIterations = 1 << 16

// Iterate returns the moments after 0, 1, ... up to the given number of equal layers, at most 65,536.
// The cause of the error for more is [ErrDomain].
func (l Layer) Iterate(start Moments, layers int) ([]Moments, error) {
	if layers < 0 || layers > maxIterations {
		return nil, errors.Wrapf(ErrDomain, "theory: %d layers, want 0 to %d", layers, maxIterations)
	}
	if err := start.check("the network's input"); err != nil {
		return nil, err
	}
	out := []Moments{start}
	for i := range layers {
		next, err := l.Map(out[i])
		if err != nil {
			return nil, errors.Wrapf(err, "theory: layer %d", i+1)
		}
		if next == out[i] { // and so do all layers after it
			return append(out, slices.Repeat([]Moments{next}, layers-i)...), nil
		}
		out = append(out, next)
	}
	return out, nil
}
