package theory

import (
	"math"

	"github.com/pkg/errors"
)

// AlphaDropout returns a and b of the alpha dropout that preserves the given mean and variance of the activations x,
//
//	a (x d + alpha' (1 - d)) + b,  d = 1 with probability 1 - rate, else 0,  alpha' = -Lambda Alpha
//
// (Klambauer et al. 2017, section "New Dropout Technique"): with q = 1 - rate, a = sqrt(nu / (q nu + rate q (alpha' - mu)^2)) and
// b = mu - a (q mu + rate alpha'). For a rate outside [0, 1) the cause of the error is [ErrDomain].
func (p Params) AlphaDropout(rate float64, keep Moments) (a, b float64, err error) {
	if err := p.check(); err != nil {
		return 0, 0, err
	}
	if err := keep.check("the activations"); err != nil {
		return 0, 0, err
	}
	if !(rate >= 0 && rate < 1) || keep.Variance == 0 {
		return 0, 0, errors.Wrapf(ErrDomain, "theory: alpha dropout at rate %v of variance %v", rate, keep.Variance)
	}
	q, dropped := 1-rate, -p.Lambda*p.Alpha
	gap := dropped - keep.Mean
	a = math.Sqrt(keep.Variance / (q * (keep.Variance + rate*gap*gap)))
	if b = keep.Mean - a*(q*keep.Mean+rate*dropped); !finite(a, b) || a == 0 {
		return 0, 0, errors.Wrapf(ErrDomain, "theory: alpha dropout of %v for mean %v and variance %v overflows", p, keep.Mean, keep.Variance)
	}
	return a, b, nil
}
