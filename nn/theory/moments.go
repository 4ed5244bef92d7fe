package theory

import (
	"math"

	"github.com/pkg/errors"
)

// ErrDomain is the cause of errors for arguments outside the domain, such as a negative variance or NaN.
var ErrDomain = errors.New("outside the domain")

// Moments holds mean and variance of the activations of a layer, or of the input z of an activation.
type Moments struct{ Mean, Variance float64 }

// Normalized are the moments that SELU keeps under LeCun weights: mean 0, variance 1.
var Normalized = Moments{0, 1}

func (m Moments) check(name string) error {
	if !finite(m.Mean, m.Variance) || m.Variance < 0 {
		return errors.Wrapf(ErrDomain, "theory: %s has mean %v and variance %v", name, m.Mean, m.Variance)
	}
	return nil
}

// distance returns the larger of the differences in mean and variance.
func (m Moments) distance(o Moments) float64 {
	return math.Max(math.Abs(m.Mean-o.Mean), math.Abs(m.Variance-o.Variance))
}

// Activation maps the moments of a normal input z to those of f(z). [Params] and [Function] implement it.
type Activation interface {
	// Moments returns mean and variance of f(z). The variance of z is at least 0.
	Moments(z Moments) (Moments, error)
	// Jacobian returns the derivatives of Moments with respect to mean and variance of z, which is greater than 0.
	Jacobian(z Moments) (Jacobian, error)
}

// Jacobian holds derivatives of a map of moments: the rows belong to mean and variance of the result, the columns to those of the argument.
type Jacobian [2][2]float64

// Norm returns the spectral norm, the greatest singular value. A map is a contraction where it is below 1.
func (j Jacobian) Norm() float64 {
	a, b, c, d, unit := j.scaled()
	return (math.Hypot(a+d, b-c) + math.Hypot(a-d, b+c)) / 2 * unit
}

// Radius returns the spectral radius, the greatest absolute eigenvalue: close to a fixed point, each layer multiplies
// the distance to it by this factor in the long run. It is never above Norm.
func (j Jacobian) Radius() float64 {
	a, b, c, d, unit := j.scaled()
	half, gap := (a+d)/2, (a-d)/2
	if root := gap*gap + b*c; root >= 0 {
		return (math.Abs(half) + math.Sqrt(root)) * unit
	}
	return math.Sqrt(a*d-b*c) * unit
}

// times returns the matrix product j k: the Jacobian of a map after another.
func (j Jacobian) times(k Jacobian) (out Jacobian) {
	for i := range out {
		for l := range out[i] {
			out[i][l] = j[i][0]*k[0][l] + j[i][1]*k[1][l]
		}
	}
	return out
}

// scaled returns the elements divided by a power of 2 that brings the greatest of them near 1, so that their squares neither
// overflow nor vanish. The division rounds nothing.
func (j Jacobian) scaled() (a, b, c, d, unit float64) {
	a, b, c, d, unit = j[0][0], j[0][1], j[1][0], j[1][1], 1
	if most := max(math.Abs(a), math.Abs(b), math.Abs(c), math.Abs(d)); most > 1e100 && finite(most) || most < 1e-100 && most > 0 {
		exponent := math.Ilogb(most)
		unit = math.Ldexp(1, exponent)
		a, b, c, d = math.Ldexp(a, -exponent), math.Ldexp(b, -exponent), math.Ldexp(c, -exponent), math.Ldexp(d, -exponent)
	}
	return a, b, c, d, unit
}

func finite(xs ...float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
