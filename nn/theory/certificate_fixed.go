package theory

import (
	"fmt"
	"strings"
	"time"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// FixedPointCertificate holds what [Prover.ProveFixedPoint] has proven of a fixed point, and the amount of work that it took.
type FixedPointCertificate struct {
	// Fixed are the moments of the fixed point, under Weights.
	Fixed   Moments
	Weights Weights
	// Lambda and Alpha enclose the constants of the SELU.
	Lambda, Alpha interval.Interval
	// Domain is the domain of contraction, and Scale and WeightScale are s and w of [Prover.ProveFixedPoint].
	Domain             Box
	Scale, WeightScale float64
	// Claims are the five of the contraction, then the ranges in which the variance falls and rises.
	Claims []Claim
	// Boxes is the number of boxes of the proofs, without those of the search for the domains.
	Boxes int
	// Margin is a lower bound of the margins of all claims.
	Margin  float64
	Elapsed time.Duration
}

// String returns a line about the SELU, a line per claim and a line about the work.
func (c FixedPointCertificate) String() string {
	name := fmt.Sprintf("fixed point (%v, %v)", c.Fixed.Mean, c.Fixed.Variance)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: lambda %.12g, alpha %.12g, omega %v, tau %v\n", name, c.Lambda.Mid(), c.Alpha.Mid(), c.Weights.Omega, c.Weights.Tau)
	for _, x := range c.Claims {
		fmt.Fprintf(&b, "%s: %v\n", name, x)
	}
	fmt.Fprintf(&b, "%s: scale %v, of the weights %v; %d claims, %d boxes, smallest margin %.3g, %v\n",
		name, c.Scale, c.Scale*c.WeightScale, len(c.Claims), c.Boxes, c.Margin, c.Elapsed.Round(time.Millisecond))
	return b.String()
}
