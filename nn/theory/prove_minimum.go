package theory

import (
	"context"
	"math"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// Extreme encloses the smallest or the largest value of a function over a domain.
type Extreme struct {
	// Value encloses it.
	Value interval.Interval
	// At is a small box that holds a point with a value in Value.
	At Box
	// Boxes is the number of boxes examined.
	Boxes int
}

// minimum encloses the smallest value of f over the boxes, by branch and bound as [Prover.search]: to within tolerance, if the rounding of
// f allows it and a few million boxes suffice. Otherwise Value is wider, and still encloses it.
func (p Prover) minimum(ctx context.Context, f objective, boxes []Box, tolerance float64) (Extreme, error) {
	x := Extreme{Value: interval.Interval{Lo: math.Inf(1), Hi: math.Inf(1)}}
	for len(boxes) > 0 {
		examined, err := p.examine(ctx, f, boxes)
		if err != nil {
			return x, err
		}
		x.Boxes += len(boxes)
		for _, e := range examined {
			if e.margin.Hi < x.Value.Hi {
				x.Value.Hi, x.At = e.margin.Hi, e.at
			}
		}
		var next []Box
		for i, e := range examined {
			if e.lo >= min(x.Value.Hi, e.margin.Lo)-tolerance || e.longest < 0 || x.Boxes > maxBoxes || e.lo != e.lo {
				x.Value.Lo = lower(x.Value.Lo, e.lo)
			} else {
				next = append(next, split(boxes[i], e.longest)...)
			}
		}
		boxes = next
	}
	return x, nil
}

// lower returns the smaller of two lower bounds; NaN bounds nothing.
func lower(x, y float64) float64 {
	if x != x || y != y {
		return math.Inf(-1)
	}
	return min(x, y)
}

// maximum encloses the largest value of f.
func (p Prover) maximum(ctx context.Context, f objective, boxes []Box, tolerance float64) (Extreme, error) {
	minus := func(b Box) interval.Jet { return f(b).Scale(interval.Point(-1)) }
	x, err := p.minimum(ctx, minus, boxes, tolerance)
	x.Value = x.Value.Neg()
	return x, err
}
