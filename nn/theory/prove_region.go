package theory

import (
	"context"
	"fmt"
	"strconv"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// side is a range of an argument of the map, between two decimal numbers.
type side struct{ lo, hi string }

// sideOf rounds the ends to four digits.
func sideOf(lo, hi float64) side {
	round := func(x float64) string { return strconv.FormatFloat(roundTo4(x), 'g', -1, 64) }
	return side{round(lo), round(hi)}
}

func roundTo4(x float64) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64)
	return y
}

func (s side) String() string { return fmt.Sprintf("[%s, %s]", s.lo, s.hi) }

// region is a domain of the moment map with any sides.
type region struct{ mu, omega, nu, tau side }

func (r region) String() string {
	return fmt.Sprintf("mu in %v, omega in %v, nu in %v, tau in %v", r.mu, r.omega, r.nu, r.tau)
}

// box encloses the region.
func (r region) box() Box {
	enclose := func(s side) interval.Interval { return between(s.lo, s.hi) }
	return Box{enclose(r.mu), enclose(r.omega), enclose(r.nu), enclose(r.tau)}
}

// regionClaim is an inequality margin > 0 on a region. The margin, a function of mu omega, nu tau, |omega|, nu and tau, is monotone in the last
// three if the first two are held, so it suffices to search the rim.
type regionClaim struct {
	inequality string
	region     region
	margin     func(mapJets) interval.Jet
}

func (c regionClaim) String() string { return fmt.Sprintf("%s for %v", c.inequality, c.region) }

// contraction claims that the map is a contraction of r that stays in it.
func (r region) contraction() []regionClaim {
	at := func(s string) interval.Jet { return constant(s) }
	return []regionClaim{
		{"spectral norm of the Jacobian < 1", r, func(j mapJets) interval.Jet { return constant("1").Sub(j.norm()) }},
		{"next mu > " + r.mu.lo, r, func(j mapJets) interval.Jet { return j.mean.Sub(at(r.mu.lo)) }},
		{"next mu < " + r.mu.hi, r, func(j mapJets) interval.Jet { return at(r.mu.hi).Sub(j.mean) }},
		{"next nu > " + r.nu.lo, r, func(j mapJets) interval.Jet { return j.variance.Sub(at(r.nu.lo)) }},
		{"next nu < " + r.nu.hi, r, func(j mapJets) interval.Jet { return at(r.nu.hi).Sub(j.variance) }},
	}
}

func (r region) falls() regionClaim {
	return regionClaim{"next nu < nu", r, func(j mapJets) interval.Jet { return j.nu.Sub(j.variance) }}
}

func (r region) rises() regionClaim {
	return regionClaim{"next nu > nu", r, func(j mapJets) interval.Jet { return j.variance.Sub(j.nu) }}
}

// objective encloses the margin of the claim.
func (p Prover) objective(c regionClaim) objective {
	return func(b Box) interval.Jet { return c.margin(p.enclose(b)) }
}

// boxes are those to search for the worst point of a claim.
func (p Prover) boxes(c regionClaim) []Box {
	if p.AllVariables {
		return []Box{c.region.box()}
	}
	return c.region.box().rim()
}

// proveAll encloses the margins of all claims. The error is a [*ProofError] for the first that does not hold.
func (p Prover) proveAll(ctx context.Context, claims []regionClaim) (proven []Claim, err error) {
	for _, c := range claims {
		x, err := p.minimum(ctx, p.objective(c), p.boxes(c), marginTolerance)
		if err != nil {
			return proven, err
		}
		result := Claim{Statement: c.String(), Boxes: x.Boxes, Margin: x.Value, At: x.At}
		if !(x.Value.Lo > 0) {
			result.Failure = &ProofError{Claim: c.String(), Box: x.At, Refuted: x.Value.Hi <= 0, Margin: x.Value}
			return append(proven, result), errors.WithStack(result.Failure)
		}
		proven = append(proven, result)
	}
	return proven, nil
}

// holds reports whether all claims are proven, without enclosing their margins. Most of those that are false are so at a corner.
func (p Prover) holds(ctx context.Context, claims []regionClaim) (bool, error) {
	for _, c := range claims {
		f := p.objective(c)
		for _, corner := range c.region.box().corners() {
			if f(corner).V.Hi <= 0 {
				return false, nil
			}
		}
	}
	for _, c := range claims {
		if ok, err := p.positive(ctx, p.objective(c), p.boxes(c)); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// corners returns the 16 corners of a box.
func (b Box) corners() (all []Box) {
	for k := range 1 << interval.Vars {
		sides := b.sides()
		for i, s := range sides {
			if sides[i] = s.AtLo(); k>>i&1 == 1 {
				sides[i] = s.AtHi()
			}
		}
		all = append(all, boxOf(sides))
	}
	return all
}

// maxTrial is the number of boxes after which positive gives up.
const maxTrial = 1 << 14

// positive reports whether f is proven to be positive on all boxes.
func (p Prover) positive(ctx context.Context, f objective, boxes []Box) (bool, error) {
	for count := len(boxes); len(boxes) > 0; count += len(boxes) {
		examined, err := p.examine(ctx, f, boxes)
		if err != nil {
			return false, err
		}
		var next []Box
		for i, e := range examined {
			switch {
			case e.lo > 0:
			case !(e.margin.Lo > 0) || e.longest < 0 || count > maxTrial:
				return false, nil
			default:
				next = append(next, split(boxes[i], e.longest)...)
			}
		}
		boxes = next
	}
	return true, nil
}
