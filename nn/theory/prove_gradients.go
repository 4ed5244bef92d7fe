package theory

import (
	"context"
	"fmt"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// GradientBounds enclose what a layer of SELU units does to the gradients, over the domain of a theorem.
type GradientBounds struct {
	Theorem Theorem
	// Domain is that of the theorem, in words.
	Domain string
	// Slope encloses E selu'(z)^2 for all z of the domain, and Growth tau E selu'(z)^2, the factor by which a layer multiplies the mean square of
	// the gradients on their way back. There tau is the sum of the squares of the weights that leave a unit, with the same bounds as those
	// that enter one.
	Slope, Growth interval.Interval
	// Least and Most are places where the bounds of Slope are attained, to 1e-7.
	Least, Most Box
	// Boxes is the number of boxes examined.
	Boxes int
}

// Over returns the bounds of the factor of so many layers whose inputs are in the domain.
func (b GradientBounds) Over(layers int) interval.Interval {
	power := interval.Point(1)
	for range min(layers, maxIterations) {
		power = power.Mul(b.Growth)
	}
	return power
}

// String returns the bounds in a line.
func (b GradientBounds) String() string {
	return fmt.Sprintf("%v: a layer multiplies the mean square of gradients by %.7g to %.7g; E selu'(z)^2 is %.7g, at %v, to %.7g, at %v, %d boxes; %s",
		b.Theorem, b.Growth.Lo, b.Growth.Hi, b.Slope.Lo, b.Least, b.Slope.Hi, b.Most, b.Boxes, b.Domain)
}

// gradientDomains are the domains of the theorems, in the order of the main text.
var gradientDomains = map[Theorem][]domain{
	Theorem1: {{"0.1", "0.1", "0.8", "1.5", "0.95", "1.1"}},
	Theorem2: {{"1", "0.1", "3", "16", "0.8", "1.25"}},
	Theorem3: {{"0.1", "0.1", "0.02", "0.16", "0.8", "1.25"}, {"0.1", "0.1", "0.02", "0.24", "0.9", "1.25"}},
}

// Gradients encloses the growth of gradients over each domain of a theorem, by the same search as Prove: the bounds are proven, and attained to
// 1e-7. The errors are those of Prove.
func (p Prover) Gradients(ctx context.Context, t Theorem) ([]GradientBounds, error) {
	if ctx == nil {
		return nil, errors.New("theory: the context is nil")
	}
	p, err := p.withDefaults()
	if err != nil {
		return nil, err
	}
	domains, ok := gradientDomains[t]
	if !ok {
		return nil, errors.Errorf("theory: there is no theorem %d", t)
	}
	var all []GradientBounds
	for _, d := range domains {
		b, err := p.gradients(ctx, d)
		if failed := (*ProofError)(nil); errors.As(err, &failed) {
			failed.Theorem = t
		}
		if err != nil {
			return all, errors.WithStack(err)
		}
		b.Theorem = t
		all = append(all, b)
	}
	return all, nil
}

// gradients encloses the growth over a domain. The second moment of the slope depends on m = mu omega and v = nu tau alone.
func (p Prover) gradients(ctx context.Context, d domain) (GradientBounds, error) {
	b := GradientBounds{Domain: d.String()}
	least, err := p.search(ctx, claim{
		inequality: "the slope is not 0", domain: d, worst: domain.largestTau,
		margin: func(j mapJets) interval.Jet { return j.slope },
	})
	if err != nil {
		return b, err
	}
	// A slope is at most lambda max(1, |alpha|).
	bound := p.Lambda.Sqr().Mul(interval.Point(1).Add(p.Alpha.Sqr()))
	most, err := p.search(ctx, claim{
		inequality: "the slope is bounded", domain: d, worst: domain.largestTau,
		margin: func(j mapJets) interval.Jet { return interval.Const(bound).Sub(j.slope) },
	})
	if err != nil {
		return b, err
	}
	b.Slope = interval.Interval{Lo: least.Margin.Lo, Hi: bound.Sub(interval.Point(most.Margin.Lo)).Hi}
	b.Growth = b.Slope.Mul(between(d.tauLo, d.tauHi))
	b.Least, b.Most, b.Boxes = least.At, most.At, least.Boxes+most.Boxes
	if !(b.Growth.Lo > 0 && b.Growth.Hi < math.Inf(1)) {
		return b, errors.Errorf("theory: no bounds of the slope for %s: %v", d, b.Slope)
	}
	return b, nil
}
