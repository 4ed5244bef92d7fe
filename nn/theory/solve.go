package theory

import (
	"math"

	"github.com/pkg/errors"
)

// Solve returns the SELU for which the moments are a fixed point under the given weights (Klambauer et al. 2017, the equations for lambda01
// and alpha01). For moments (0, 1) and [LeCun] weights it is [SELU]. The variance is positive, and so is that of z.
//
// There is at most one solution with Alpha >= 0: the quotient of the mean and the root of the second moment falls with Alpha, from that of ReLU, 0.564
// for omega = 0, to that of e^x - 1 on the negative side alone. The cause of the error for moments outside these bounds is [ErrDomain].
func Solve(fixed Moments, w Weights) (Params, error) {
	return solve("SELU", math.Expm1, fixed, w)
}

// SolveBranch is [Solve] for another negative branch: it returns Lambda and Alpha of Lambda x for x > 0 and Lambda Alpha negative(x) for x <= 0. Its mean
// over negative inputs must be negative. SELU has e^x - 1, SERLU has x e^x (Zhang and Li 2018). The Params returned describe a SELU only for SELU's branch;
// use [Function] for the moments of others. The causes of its errors are those of Solve, and of a branch that is nil, not finite or too rough.
func SolveBranch(negative func(x float64) float64, fixed Moments, w Weights) (Params, error) {
	if negative == nil {
		return Params{}, errors.Wrap(ErrDomain, "theory: no negative branch")
	}
	return solve("activation with this branch", negative, fixed, w)
}

func solve(name string, negative func(x float64) float64, fixed Moments, w Weights) (Params, error) {
	z, err := Layer{Weights: w}.input(fixed)
	if err != nil {
		return Params{}, err
	}
	if fixed.Variance == 0 || z.Variance == 0 {
		return Params{}, errors.Wrapf(ErrDomain, "theory: variance %v and tau %v, want both positive", fixed.Variance, w.Tau)
	}
	h, err := partialMoments(z, negative)
	if err != nil {
		return Params{}, err
	}
	second := fixed.Variance + fixed.Mean*fixed.Mean
	quotient := fixed.Mean / math.Sqrt(second)
	highest, lowest := h[0]/math.Sqrt(h[1]), h[2]/math.Sqrt(h[3])
	if !(quotient > lowest && quotient <= highest && h[2] < 0) {
		return Params{}, errors.Wrapf(ErrDomain, "theory: no %s has mean %v and variance %v as a fixed point for omega %v and tau %v: mean / sqrt(mean^2 + variance) = %.4g, want more than %.4g and at most %.4g",
			name, fixed.Mean, fixed.Variance, w.Omega, w.Tau, quotient, lowest, highest)
	}
	p := Params{Alpha: slopeFor(quotient, h)}
	p.Lambda = math.Sqrt(second / (h[1] + p.Alpha*p.Alpha*h[3]))
	return p, p.check()
}

// slopeFor returns the alpha >= 0 with (h0 + alpha h2) / sqrt(h1 + alpha^2 h3) = q. Squared this is a alpha^2 + 2 b alpha + c = 0, with the
// discriminant b^2 - a c = q^2 (h3 h0^2 + h1 h2^2 - q^2 h1 h3). One of its two roots belongs to -q.
func slopeFor(q float64, h sums) float64 {
	a, b, c := h[2]*h[2]-q*q*h[3], h[0]*h[2], h[0]*h[0]-q*q*h[1]
	root := q * math.Sqrt(math.Max(0, h[3]*h[0]*h[0]+h[1]*h[2]*h[2]-q*q*h[1]*h[3]))
	if q < 0 {
		return (-b - root) / a
	}
	return math.Max(0, c/(root-b)) // the same without cancellation
}

// partialMoments returns E[z; z > 0], E[z^2; z > 0], E[n(z); z < 0] and E[n(z)^2; z < 0] for the negative branch n, by quadrature, as the closed forms for
// e^z - 1 cancel for small variances.
func partialMoments(z Moments, negative func(x float64) float64) (sums, error) {
	s := math.Sqrt(z.Variance)
	h, err := expect(Function{}.breakpoints(z.Mean, s), func(x float64) (value, size sums) {
		if y := z.Mean + s*x; y > 0 {
			value = sums{y, y * y}
		} else {
			e := negative(y)
			value = sums{2: e, 3: e * e}
		}
		for k, v := range value {
			size[k] = math.Abs(v)
		}
		return value, size
	})
	return h, errors.Wrapf(err, "theory: mean %v and variance %v of z", z.Mean, z.Variance)
}
