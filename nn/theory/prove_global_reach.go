package theory

import (
	"context"
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// mostCells ends the splitting of cells in a layer.
const mostCells = 1 << 18

// coarse is the roughness of an image above which its cell is halved.
const coarse = 0.01

// stays proves that the map takes the target into itself, with finer images where coarse ones are not enough.
func (p Prover) stays(ctx context.Context, c *GlobalCertificate) error {
	g := c.Global
	target := Reached{Hull: g.Target, Regions: []Region{g.Target}}
	var failed error
	for fine := coarse; fine > coarse/2000; fine /= 10 {
		worst, margin := cell{}, interval.Point(math.Inf(1))
		next, err := p.next(ctx, g, target, fine, func(c cell, r Region) {
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
		x := p.leaves(g, target, worst, margin)
		if failed = x; x.Refuted {
			break
		}
	}
	return failed
}

// leaves returns the error of a cell whose image is not in the target. Its corners are the first to leave.
func (p Prover) leaves(g Global, target Reached, worst cell, margin interval.Interval) *ProofError {
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
		at, err = p.next(ctx, g, at, coarse, func(cell, Region) {})
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

// next encloses the moments of the next layer and calls visit with cells that cover its arguments, and their images. Cells with images rougher than
// fine are halved, unless finer images cover theirs already. All cells of a generation are examined before any is halved, which
// makes the result independent of the number of threads.
func (p Prover) next(ctx context.Context, g Global, from Reached, fine float64, visit func(cell, Region)) (Reached, error) {
	set, boxes := newStrips(g), 0
	for cells := g.cells(from.Regions); len(cells) > 0; {
		images := make([]image, len(cells))
		if err := p.parallel(ctx, len(cells), func(i int) { images[i] = p.image(cells[i]) }); err != nil {
			return Reached{Boxes: boxes}, err
		}
		boxes += len(cells)
		enough := boxes > mostCells
		var rough []int
		for i, x := range images {
			switch {
			case !x.corner.possible() || enough && !x.all.possible():
				return Reached{Boxes: boxes}, &ProofError{Claim: "next " + given(anything), Box: g.origin(from, cells[i]), Margin: x.all.margin(anything)}
			case !x.all.possible() || !(x.rough <= fine) && !enough:
				rough = append(rough, i)
			default:
				set.add(x.all)
				visit(cells[i], x.all)
			}
		}
		var halves []cell
		for _, i := range rough {
			if x := images[i].all; !x.possible() || !set.holds(x) {
				a, b := cells[i].halves(images[i].side)
				halves = append(halves, a, b)
			}
		}
		cells = halves
	}
	x := set.reached()
	x.Boxes = boxes
	return x, nil
}
