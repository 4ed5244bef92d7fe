package theory

import (
	"context"
	"math"
	"time"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// ErrNoDomain is the cause of the error of [Prover.ProveFixedPoint] for a fixed point around which no domain of contraction is proven.
var ErrNoDomain = errors.New("no domain of contraction is found")

// ProveFixedPoint proves, for the SELU that has the given fixed point, what the paper's theorems state about (0, 1), on all cores; see [Prover.ProveFixedPoint].
func ProveFixedPoint(fixed Moments, w Weights) (FixedPointCertificate, error) {
	return Prover{}.ProveFixedPoint(context.Background(), fixed, w)
}

// ProveFixedPoint finds domains around the fixed point (mu*, nu*) of a SELU, under weights (omega*, tau*), and proves on them the analogues of the theorems
// of Klambauer et al. 2017. The paper names other fixed points in its appendix A5, without theorems. With sd = sqrt(nu*):
//
//   - As Theorem 1: the map is a contraction that stays in the domain mu in mu* +- 0.1 s sd, nu in [nu*/(1 + s/4), nu* (1 + s/2)], omega in
//     omega* +- 0.1 s w, tau in [tau*/(1 + s w/19), tau* (1 + 0.1 s w)]. For (0, 1) and s = w = 1 this is the paper's domain. w is the
//     first of 1, 1/2, 1/4, ... 1/64 for which s >= 1 is possible, or else the one with the largest s, and s the greatest multiple of 0.01 that is proven.
//   - As Theorem 2: the variance falls for mu in mu* +- sd, omega in omega* +- 0.1, tau in [0.8 tau*, 1.25 tau*] and nu in [c nu*, 16 nu*].
//   - As Theorem 3: it rises for mu in mu* +- 0.1 sd, omega in omega* +- 0.1, and nu in [0.02 nu*, c nu*], for tau in [0.8 tau*, 1.25 tau*] and again for
//     tau in [0.9 tau*, 1.25 tau*]. Each c is the best multiple of 0.01 that is proven; a claim without any is left out.
//
// All bounds are rounded to four digits, and proven as rounded. Lambda and Alpha of p, if they are not 0, replace the constants of [SolveEnclosed]. The cause
// of the error is [ErrDomain] for moments that no SELU has as its fixed point, [ErrNoDomain], or that of ctx.
func (p Prover) ProveFixedPoint(ctx context.Context, fixed Moments, w Weights) (FixedPointCertificate, error) {
	begin := time.Now()
	if ctx == nil {
		return FixedPointCertificate{}, errors.New("theory: the context is nil")
	}
	if p.Lambda == (interval.Interval{}) && p.Alpha == (interval.Interval{}) {
		var err error
		if p.Lambda, p.Alpha, err = SolveEnclosed(fixed, w); err != nil {
			return FixedPointCertificate{}, err
		}
	} else if _, err := Solve(fixed, w); err != nil {
		return FixedPointCertificate{}, err
	}
	p, err := p.withDefaults()
	if err != nil {
		return FixedPointCertificate{}, err
	}
	c := FixedPointCertificate{Fixed: fixed, Weights: w, Lambda: p.Lambda, Alpha: p.Alpha, Margin: math.Inf(1)}
	a := surroundings{p, fixed, w}
	claims, err := a.find(ctx, &c)
	if err != nil {
		return FixedPointCertificate{}, err
	}
	proven, err := p.proveAll(ctx, claims)
	for _, x := range proven {
		c.Claims, c.Boxes, c.Margin = append(c.Claims, x), c.Boxes+x.Boxes, min(c.Margin, x.Margin.Lo)
	}
	c.Elapsed = time.Since(begin)
	return c, err
}

// surroundings are those of a fixed point.
type surroundings struct {
	Prover
	fixed Moments
	w     Weights
}

// find returns the claims that hold in the largest domains.
func (a surroundings) find(ctx context.Context, c *FixedPointCertificate) ([]regionClaim, error) {
	if err := a.findContraction(ctx, c); err != nil {
		return nil, err
	}
	claims := a.domain(c.Scale, c.WeightScale).contraction()
	c.Domain = claims[0].region.box()
	limit := func(lo, hi int, claim func(k int) regionClaim) error {
		k, ok, err := a.last(ctx, lo, hi, func(k int) []regionClaim { return []regionClaim{claim(k)} })
		if ok {
			claims = append(claims, claim(k))
		}
		return err
	}
	const highest = 1600 // hundredths of nu*
	if err := limit(-highest+1, -2, func(k int) regionClaim { return a.wide(1, 0.8, -k, highest).falls() }); err != nil {
		return nil, err
	}
	for _, tau := range []float64{0.8, 0.9} {
		if err := limit(3, highest, func(k int) regionClaim { return a.wide(0.1, tau, 2, k).rises() }); err != nil {
			return nil, err
		}
	}
	return claims, nil
}

// findContraction sets the scales of the domain of contraction.
func (a surroundings) findContraction(ctx context.Context, c *FixedPointCertificate) error {
	for weights := 1.0; weights >= 1.0/64; weights /= 2 {
		s, err := a.scale(ctx, weights)
		if err != nil {
			return err
		}
		if s > c.Scale {
			c.Scale, c.WeightScale = s, weights
		}
		if s >= 1 {
			break
		}
	}
	box := a.domain(c.Scale, c.WeightScale).box()
	inside := shortest(a.fixed.Mean).Within(box.Mu) && shortest(a.fixed.Variance).Within(box.Nu) && shortest(a.w.Omega).Within(box.Omega) && shortest(a.w.Tau).Within(box.Tau)
	if c.Scale == 0 || !inside { // four digits are too few for a tiny domain far from 0
		return errors.Wrapf(ErrNoDomain, "theory: around mean %v and variance %v, for omega %v and tau %v", a.fixed.Mean, a.fixed.Variance, a.w.Omega, a.w.Tau)
	}
	return nil
}

// scale returns the largest scale of the domain, at most 100, that is proven for a scale of the weights, or 0. A domain that is too small can
// fail where larger ones hold: the mean of a small one may leave it, as the map bends only farther out.
func (a surroundings) scale(ctx context.Context, weights float64) (float64, error) {
	for _, start := range []int{1, 50, 100, 200} {
		k, ok, err := a.last(ctx, start, 10000, func(k int) []regionClaim { return a.domain(float64(k)/100, weights).contraction() })
		if ok || err != nil {
			return float64(k) / 100, err
		}
	}
	return 0, nil
}

// last returns the greatest k from lo to hi for which the claims hold, if they hold for lo: by doubling steps, then by halving them. It assumes that
// claims that hold for k hold for smaller ones; if not, k is smaller than it could be.
func (a surroundings) last(ctx context.Context, lo, hi int, claims func(k int) []regionClaim) (k int, ok bool, err error) {
	good, bad, step := lo-1, hi+1, 1
	for good+1 < bad {
		try := min(good+step, bad-1)
		if bad <= hi {
			try = (good + bad) / 2
		}
		holds, err := a.holds(ctx, claims(try))
		switch {
		case err != nil:
			return 0, false, err
		case holds:
			good, step = try, 2*step
		case good < lo: // not even the first holds
			return 0, false, nil
		default:
			bad = try
		}
	}
	return good, good >= lo, nil
}

// domain is the domain of contraction.
func (a surroundings) domain(s, weights float64) region {
	sd, sw := math.Sqrt(a.fixed.Variance), s*weights
	return region{
		mu:    sideOf(a.fixed.Mean-0.1*s*sd, a.fixed.Mean+0.1*s*sd),
		omega: sideOf(a.w.Omega-0.1*sw, a.w.Omega+0.1*sw),
		nu:    sideOf(a.fixed.Variance/(1+s/4), a.fixed.Variance*(1+s/2)),
		tau:   sideOf(a.w.Tau/(1+sw/19), a.w.Tau*(1+0.1*sw)),
	}
}

// wide is a domain like those of Theorems 2 and 3: mu up to so many standard deviations away, nu between hundredths of nu*, and tau from a part of tau*.
func (a surroundings) wide(deviations, tau float64, nuLo, nuHi int) region {
	sd := deviations * math.Sqrt(a.fixed.Variance)
	return region{
		mu: sideOf(a.fixed.Mean-sd, a.fixed.Mean+sd), omega: sideOf(a.w.Omega-0.1, a.w.Omega+0.1),
		nu:  sideOf(float64(nuLo)*a.fixed.Variance/100, float64(nuHi)*a.fixed.Variance/100),
		tau: sideOf(tau*a.w.Tau, 1.25*a.w.Tau),
	}
}
