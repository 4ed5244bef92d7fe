package theory

import (
	"context"
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// mostCells ends the splitting of cells in a layer.
const mostCells = 1 << 18

// stays proves that the map takes the target into itself.
func (p Prover) stays(ctx context.Context, c *GlobalCertificate) error {
	g := c.Global
	target := Reached{Hull: g.Target, Regions: []Region{g.Target}}
	worst, margin := cell{}, interval.Point(math.Inf(1))
	next, err := p.next(ctx, g, target, func(c cell, r Region) {
		if m := r.margin(g.Target); m.Lo < margin.Lo {
			worst, margin = c, m
		}
	})
	c.Boxes += next.Boxes
	if err != nil {
		return err
	}
	c.Stays, c.Margin = next.Hull, margin.Lo
	if next.Hull.Within(g.Target) {
		return nil
	}
	// Does a single point leave the target? The corners of the worst cell are the first to do so.
	failed := &ProofError{Claim: fmt.Sprintf("next %s for %v", given(g.Target), g.arguments(g.Target)), Box: g.origin(target, worst), Margin: margin}
	for _, m := range []float64{worst.m.Lo, worst.m.Hi} {
		for _, v := range []float64{worst.v.Lo, worst.v.Hi} {
			at := g.origin(target, cell{interval.Point(m), interval.Point(v)})
			if x := p.moments(at).margin(g.Target); x.Hi < 0 && !(failed.Refuted && failed.Margin.Hi <= x.Hi) {
				failed.Box, failed.Margin, failed.Refuted = at, x, true
			}
		}
	}
	return failed
}

// moments encloses mean and variance of the next layer over a box.
func (p Prover) moments(b Box) Region {
	j := p.enclose(b)
	return Region{j.mean.V, j.variance.V}
}

// reaches follows the enclosure from layer to layer until it lies in the target.
func (p Prover) reaches(ctx context.Context, c *GlobalCertificate) error {
	g := c.Global
	set := newStrips(g)
	set.add(g.Start)
	at := set.reached()
	for c.Layers = append(c.Layers, at); !at.Hull.Within(g.Target); c.Layers = append(c.Layers, at) {
		if len(c.Layers) > g.Layers {
			return p.outside(c)
		}
		var err error
		at, err = p.next(ctx, g, at, func(cell, Region) {})
		c.Boxes += at.Boxes
		if err != nil {
			return err
		}
	}
	c.N = len(c.Layers) - 1
	if c.N > 0 {
		c.Counterexample = p.counterexample(g, c.N-1)
	}
	return nil
}

// next encloses the moments of the next layer and calls visit with cells that cover its arguments, and their images. Cells with coarse images
// are split, unless finer images cover theirs already. All cells of a generation are examined before any is split, which
// makes the result independent of the number of threads.
func (p Prover) next(ctx context.Context, g Global, from Reached, visit func(cell, Region)) (Reached, error) {
	set, boxes := newStrips(g), 0
	for cells := g.cells(from.Regions); len(cells) > 0; {
		images := make([]image, len(cells))
		if err := p.parallel(ctx, len(cells), func(i int) { images[i] = p.image(cells[i]) }); err != nil {
			return Reached{Boxes: boxes}, err
		}
		boxes += len(cells)
		enough := boxes > mostCells
		var coarse []int
		for i, x := range images {
			switch {
			case !x.corner.possible() || enough && !x.all.possible():
				return Reached{Boxes: boxes}, &ProofError{Claim: "next " + given(anything), Box: g.origin(from, cells[i]), Margin: x.all.margin(anything)}
			case !x.all.possible() || x.split >= 0 && !enough:
				coarse = append(coarse, i)
			default:
				set.add(x.all)
				visit(cells[i], x.all)
			}
		}
		var halves []cell
		for _, i := range coarse {
			if x := images[i].all; !x.possible() || !set.holds(x) {
				a, b := cells[i].halves(max(images[i].split, 0))
				halves = append(halves, a, b)
			}
		}
		cells = halves
	}
	x := set.reached()
	x.Boxes = boxes
	return x, nil
}
