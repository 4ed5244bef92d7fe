package theory

import (
	"strconv"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// SolveEnclosed is [Solve] in interval arithmetic: lambda and alpha certainly contain the constants of the SELU that has exactly these moments as
// its fixed point under the given weights. The float64 arguments stand for their shortest decimal numbers: 0.1 means one tenth.
// The cause of the error is [ErrDomain] for moments that Solve refuses, and for a variance of z so small or so large that the intervals are wider
// than 1e-9.
func SolveEnclosed(fixed Moments, w Weights) (lambda, alpha interval.Interval, err error) {
	if _, err := Solve(fixed, w); err != nil {
		return lambda, alpha, err
	}
	mean, variance := shortest(fixed.Mean), shortest(fixed.Variance)
	m, v := mean.Mul(shortest(w.Omega)), variance.Mul(shortest(w.Tau))
	phi, d, a := truncatedMoments(interval.Const(m), interval.Const(v))
	h0 := m.Mul(phi.V).Add(v.Mul(d.V)) // the sums of partialMoments
	h1 := m.Mul(h0).Add(v.Mul(phi.V))
	h2 := a[1].V.Sub(a[0].V)
	h3 := a[2].V.Sub(a[1].V).Sub(a[1].V.Sub(a[0].V))
	second := variance.Add(mean.Sqr())
	alpha = slopeEnclosed(fixed.Mean, mean.Div(second.Sqrt()), h0, h1, h2, h3)
	lambda = second.Div(h1.Add(alpha.Sqr().Mul(h3))).Sqrt()
	if !(lambda.Width() < 1e-9 && alpha.Width() < 1e-9) {
		return lambda, alpha, errors.Wrapf(ErrDomain, "theory: lambda in %v and alpha in %v for mean %v and variance %v are too vague", lambda, alpha, fixed.Mean, fixed.Variance)
	}
	return lambda, alpha, nil
}

// slopeEnclosed is slopeFor in interval arithmetic; sign has the sign of the quotient q.
func slopeEnclosed(sign float64, q, h0, h1, h2, h3 interval.Interval) interval.Interval {
	q2 := q.Sqr()
	a, b, c := h2.Sqr().Sub(q2.Mul(h3)), h0.Mul(h2), h0.Sqr().Sub(q2.Mul(h1))
	root := q.Mul(h3.Mul(h0.Sqr()).Add(h1.Mul(h2.Sqr())).Sub(q2.Mul(h1).Mul(h3)).Sqrt())
	if sign < 0 {
		return b.Neg().Sub(root).Div(a)
	}
	alpha := c.Div(root.Sub(b))
	alpha.Lo, alpha.Hi = max(alpha.Lo, 0), max(alpha.Hi, 0) // the true one is not negative
	return alpha
}

// shortest encloses the decimal number that x is printed as.
func shortest(x float64) interval.Interval { return decimal(strconv.FormatFloat(x, 'g', -1, 64)) }
