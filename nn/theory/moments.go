package theory

import (
	"math"

	"github.com/pkg/errors"
)

// ErrDomain is the cause of errors for arguments outside the domain, such as a negative variance or NaN.
var ErrDomain = errors.New("outside the domain")

// Moments are mean and variance of the activations of a layer, or of the input z of an activation.
type Moments struct{ Mean, Variance float64 }

// Normalized are the moments that SELU keeps under LeCun weights: mean 0, variance 1.
var Normalized = Moments{0, 1}

func (m Moments) check(name string) error {
	if !finite(m.Mean, m.Variance) || m.Variance < 0 {
		return errors.Wrapf(ErrDomain, "theory: %s has mean %v and variance %v", name, m.Mean, m.Variance)
	}
	return nil
}

// distance is the greatest difference of mean and variance.
func (m Moments) distance(o Moments) float64 {
	return math.Max(math.Abs(m.Mean-o.Mean), math.Abs(m.Variance-o.Variance))
}

// Activation describes the effect of an activation f on normal inputs z. [Params] and [Function] are activations.
type Activation interface {
	// Moments returns mean and variance of f(z). The variance of z is at least 0.
	Moments(z Moments) (Moments, error)
	// Jacobian returns the derivatives of Moments with respect to mean and variance of z, which is greater than 0.
	Jacobian(z Moments) (Jacobian, error)
}

// Jacobian holds derivatives of a map of moments: the rows belong to the resulting mean and variance, the columns to those that are mapped.
type Jacobian [2][2]float64

// Norm returns the spectral norm, the greatest singular value. A map is a contraction where it is below 1.
func (j Jacobian) Norm() float64 {
	a, b, c, d := j[0][0], j[0][1], j[1][0], j[1][1]
	return (math.Hypot(a+d, b-c) + math.Hypot(a-d, b+c)) / 2
}

// Radius returns the spectral radius, the greatest absolute eigenvalue: close to a fixed point, each layer multiplies the distance to it by
// this factor in the long run. It is never above Norm.
func (j Jacobian) Radius() float64 {
	a, b, c, d := j[0][0], j[0][1], j[1][0], j[1][1]
	half, gap := (a+d)/2, (a-d)/2
	if root := gap*gap + b*c; root >= 0 {
		return math.Abs(half) + math.Sqrt(root)
	}
	return math.Sqrt(a*d - b*c)
}

func finite(xs ...float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
