package theory

import (
	"context"
	"math"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

const (
	// marginTolerance is how closely the smallest margin of a claim is enclosed.
	marginTolerance = 1e-7
	// smallestSide and maxBoxes end a search that leads nowhere.
	smallestSide = 1e-9
	maxBoxes     = 1 << 21
)

// bounds are the results of an evaluation: bounds of the minimum of a margin over a box.
type bounds struct {
	// lo is a lower bound of the margin in the box.
	lo float64
	// at is a small part of the box, and margin the margin there: its upper end is an upper bound of the minimum.
	at     Box
	margin interval.Interval
	// longest is the side along which the margin varies most, or -1 if all sides are too short to be split.
	longest int
}

// search proves a claim by branch and bound. A box is done if its margin is certainly positive, and not much below the smallest known one or
// its own; the others are split. All boxes of a generation are examined before the next begins, which makes the result
// independent of the number of threads.
func (p Prover) search(ctx context.Context, c claim) (Claim, error) {
	result := Claim{Statement: c.String(), Beyond: c.beyond}
	fail := func(b Box, refuted bool, margin interval.Interval) (Claim, error) {
		result.At, result.Margin = b, margin
		return result, &ProofError{Claim: c.String(), Box: b, Refuted: refuted, Margin: margin}
	}
	lowest := math.Inf(1)
	best := bounds{margin: interval.Point(math.Inf(1))} // the evaluation with the smallest upper bound of the minimum
	boxes := c.worst(c.domain)
	if p.AllVariables {
		boxes = c.domain.all()
	}
	for len(boxes) > 0 {
		examined, err := p.examine(ctx, p.margin(c), boxes)
		if err != nil {
			return result, err
		}
		result.Boxes += len(boxes)
		for _, x := range examined {
			if x.margin.Hi < best.margin.Hi {
				best = x
			}
		}
		if best.margin.Hi <= 0 {
			return fail(best.at, true, best.margin)
		}
		var next []Box
		for i, x := range examined {
			stuck := x.longest < 0 || result.Boxes > maxBoxes
			switch {
			case !(x.margin.Lo > 0): // lambda or alpha is too vague, or too large for float64: splitting does not help
				return fail(x.at, false, x.margin)
			case x.lo > 0 && (x.lo >= min(best.margin.Hi, x.margin.Lo)-marginTolerance || stuck):
				lowest = min(lowest, x.lo)
			case stuck:
				return fail(boxes[i], false, interval.Interval{Lo: x.lo, Hi: p.over(c, boxes[i]).V.Hi})
			default:
				next = append(next, split(boxes[i], x.longest)...)
			}
		}
		boxes = next
	}
	result.At, result.Margin = best.at, interval.Interval{Lo: lowest, Hi: best.margin.Hi}
	return result, nil
}

// over encloses the margin of c and its gradient over a box.
func (p Prover) over(c claim, b Box) interval.Jet { return c.margin(p.enclose(b)) }

// objective encloses a function of the arguments of the map, and its gradient, over a box.
type objective func(Box) interval.Jet

// margin is the margin of a claim.
func (p Prover) margin(c claim) objective { return func(b Box) interval.Jet { return p.over(c, b) } }

// examine bounds f over each box, on p.Workers threads.
func (p Prover) examine(ctx context.Context, f objective, boxes []Box) ([]bounds, error) {
	out := make([]bounds, len(boxes))
	return out, p.parallel(ctx, len(boxes), func(i int) { out[i] = f.bound(boxes[i]) })
}

// bound encloses the minimum of f over a box in two ways, directly and by the mean value theorem, and takes the better. Along
// variables in which f is monotone over the box, the minimum lies at an end; along the others the gradient bounds
// how far f falls below its value in the middle.
func (f objective) bound(b Box) bounds {
	whole := f(b)
	sides := b.sides()
	at := sides
	var fall interval.Interval
	longest, most, vague := -1, 0.0, false
	for i, side := range sides {
		slope := whole.D[i]
		if side.AtLo() == side { // a number, or the two float64 around it
			continue
		}
		if varies := slope.Mag() * side.Width(); side.Width() > smallestSide && !(varies <= most) {
			longest, most = i, varies
		}
		if m := slope.Mag(); !(m <= math.MaxFloat64) {
			vague = true
		}
		switch {
		case slope.Lo >= 0:
			at[i] = side.AtLo()
		case slope.Hi <= 0:
			at[i] = side.AtHi()
		default:
			at[i] = interval.Point(side.Mid())
			fall = fall.Add(slope.Mul(side.Sub(at[i])))
		}
	}
	if vague { // as at the root of 0: no slope says where to split
		longest = widest(sides)
	}
	x := bounds{lo: whole.V.Lo, at: boxOf(at), longest: longest}
	x.margin = f(x.at).V
	if lo := x.margin.Add(fall).Lo; lo > x.lo {
		x.lo = lo
	}
	return x
}

// widest returns the widest side that can be split, or -1.
func widest(sides [interval.Vars]interval.Interval) int {
	longest, most := -1, smallestSide
	for i, s := range sides {
		if w := s.Width(); w > most && s.AtLo() != s {
			longest, most = i, w
		}
	}
	return longest
}

// split halves a box across side i.
func split(b Box, i int) []Box {
	lower, upper := b.sides(), b.sides()
	mid := lower[i].Mid()
	lower[i].Hi, upper[i].Lo = mid, mid
	return []Box{boxOf(lower), boxOf(upper)}
}
