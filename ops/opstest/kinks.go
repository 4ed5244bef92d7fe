package opstest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gorgonia.org/tensor"
)

// checkKinks looks for jumps of the slope, and of the output, that Case.Kinks does not list.
func checkKinks(k *kit) *fault {
	k.kinks = slices.Clone(k.c.Kinks)
	if k.c.Random {
		return nil
	}
	if !k.unary() {
		return k.fixedKinks()
	}
	lo, hi := k.span()
	n := max(64, min(640, int((hi-lo)*32)))
	if k.slow {
		n = 64
	}
	cells, f := k.cells(lo, hi, n)
	if f != nil {
		return f
	}
	scale := usualSlope(cells)
	var jumps []cell
	for _, c := range suspects(cells) {
		j, found, f := k.refine(c, scale)
		if f != nil {
			return f
		}
		if found && !k.isKink(j.lo) {
			jumps = append(jumps, j)
			k.kinks = append(k.kinks, roundPoint(j.lo))
		}
	}
	if len(jumps) == 0 {
		return nil
	}
	slices.SortFunc(jumps, func(a, b cell) int { return cmp.Compare(a.lo, b.lo) })
	var at []string
	for i, j := range jumps {
		if i == 4 {
			at = append(at, fmt.Sprintf("and %d others", len(jumps)-i))
			break
		}
		at = append(at, num(roundPoint(j.lo)))
	}
	j := jumps[0]
	if j.isStep(scale) {
		return faultf("the output jumps at x = %s, where it has no slope; if that is right, list it in Case.Kinks", strings.Join(at, ", "))
	}
	return faultf("the slope jumps at x = %s (from %s to %s); list it in Case.Kinks", strings.Join(at, ", "), short(j.left), short(j.right))
}

// span is the range of numbers in which an elementwise op is looked at.
func (k *kit) span() (lo, hi float64) {
	if v := k.c.Inputs[0].Values; v != nil {
		return slices.Min(v), slices.Max(v) + 1e-6
	}
	r := math.Min(10, k.c.Extreme)
	return -r, r
}

// cell is an interval with the values of the op and its slopes to the right at both ends.
type cell struct{ lo, hi, y, z, left, right float64 }

// residual is how far the op is from a smooth curve between the ends.
func (c cell) residual() float64 { return c.z - c.y - (c.hi-c.lo)*(c.left+c.right)/2 }

func (c cell) jump() float64 { return math.Abs(c.right - c.left) }

// isStep reports whether the op itself jumps, not its slope alone.
func (c cell) isStep(scale float64) bool {
	return math.Abs(c.z-c.y) > 10*(c.hi-c.lo)*scale+1e-9
}

// usualSlope is the largest slope of almost all cells: a step may make some of them huge.
func usualSlope(cells []cell) float64 {
	slopes := []float64{1e-3}
	for _, c := range cells {
		slopes = append(slopes, math.Abs(c.left))
	}
	slices.Sort(slopes)
	return slopes[len(slopes)-1-len(slopes)/50]
}

// cells divides an interval.
func (k *kit) cells(lo, hi float64, n int) ([]cell, *fault) {
	width := (hi - lo) / float64(n)
	h := width / 100
	var xs []float64
	for i := range n + 1 {
		x := lo + float64(i)*width
		xs = append(xs, x, x+h)
	}
	y, f := k.curve(tensor.Float64, xs)
	if f != nil {
		return nil, f
	}
	var cells []cell
	for i := range n {
		a, b := 2*i, 2*i+2
		c := cell{xs[a], xs[b], y[a], y[b], (y[a+1] - y[a]) / (xs[a+1] - xs[a]), (y[b+1] - y[b]) / (xs[b+1] - xs[b])}
		if finite(c.left) && finite(c.right) {
			cells = append(cells, c)
		}
	}
	return cells, nil
}

// suspects are the cells whose change of slope, or of value, stands out from that of their neighbours.
func suspects(cells []cell) []cell {
	if len(cells) < 3 {
		return cells
	}
	rough := func(f func(c cell) float64) []cell {
		type ranked struct {
			c    cell
			rank float64
		}
		var all []ranked
		for i, c := range cells {
			before, after := cells[max(0, i-1)], cells[min(len(cells)-1, i+1)]
			all = append(all, ranked{c, math.Abs(f(c) - (f(before)+f(after))/2)})
		}
		slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(b.rank, a.rank) })
		var top []cell
		for _, r := range all[:min(8, len(all))] {
			top = append(top, r.c)
		}
		return top
	}
	return append(rough(func(c cell) float64 { return c.right - c.left }), rough(cell.residual)...)
}

// refine narrows a cell down to a jump. The change of a smooth slope shrinks with the cell; a jump stays.
func (k *kit) refine(c cell, scale float64) (cell, bool, *fault) {
	last, lastResidual := c.jump(), math.Abs(c.residual())
	for range 4 {
		parts, f := k.cells(c.lo, c.hi, 8)
		if f != nil || len(parts) == 0 {
			return c, false, f
		}
		last, lastResidual = c.jump(), math.Abs(c.residual())
		c = slices.MaxFunc(parts, func(a, b cell) int {
			return cmp.Compare(a.jump()+math.Abs(a.residual())/(a.hi-a.lo), b.jump()+math.Abs(b.residual())/(b.hi-b.lo))
		})
	}
	kink := c.jump() > last/2 && c.jump() > 1e-5*scale
	jump := math.Abs(c.residual()) > lastResidual/2 && c.isStep(scale)
	return c, kink || jump, nil
}

// isKink reports whether x is at a kink that is known.
func (k *kit) isKink(x float64) bool {
	return slices.ContainsFunc(k.kinks, func(at float64) bool { return math.Abs(x-at) <= 3e-3*math.Max(1, math.Abs(x)) })
}

// roundPoint returns the round number next to x, if there is one.
func roundPoint(x float64) float64 {
	if r := math.Round(x*1e4) / 1e4; math.Abs(r-x) < 2e-5 {
		return r + 0
	}
	return x
}

// fixedKinks looks for kinks of an op that is not a function of one number, at -1, 0 and 1. A point counts if the slope with respect to
// each element of an input jumps there, whatever the other elements are.
func (k *kit) fixedKinks() *fault {
	shapes := k.c.shapes()
	for i, in := range k.c.Inputs {
		e := k.jacobian.inputs[i]
		if in.Constant || in.Values != nil || len(e.elems) < 4 {
			continue
		}
		for _, x := range []float64{0, 1, -1} {
			if k.isKink(x) {
				continue
			}
			all, tried := true, 0
			for n := 0; n < len(e.elems) && all && tried < 12; n += max(1, len(e.elems)/12) {
				values := k.c.values(shapes, 0)
				values[i][e.elems[n]] = x
				jumps, f := k.jumps(shapes, values, i, e.elems[n])
				if f != nil {
					return f
				}
				all, tried = all && jumps, tried+1
			}
			if all && tried >= 4 {
				return faultf("the slope jumps at %s = %s; list it in Case.Kinks", "input "+num(float64(i)), num(x))
			}
		}
	}
	return nil
}

// jumps reports whether the slopes on the two sides of an element differ.
func (k *kit) jumps(shapes []tensor.Shape, values [][]float64, i, e int) (bool, *fault) {
	x := values[i][e]
	h := 1e-6 * math.Max(1, math.Abs(x))
	base, f := k.forward(tensor.Float64, shapes, values)
	if f != nil {
		return false, f
	}
	var gap [2]float64 // for h and h/10: that of a smooth op shrinks with h
	for n, h := range []float64{h, h / 10} {
		var outs [2][]float64
		for s, step := range []float64{h, -h} {
			values[i][e] = x + step
			if outs[s], f = k.forward(tensor.Float64, shapes, values); f != nil {
				return false, f
			}
		}
		for o, y := range base {
			right, left := (outs[0][o]-y)/h, (y-outs[1][o])/h
			gap[n] = math.Max(gap[n], math.Abs(right-left))
		}
	}
	values[i][e] = x
	return gap[0] > 1e-4*math.Max(1, largest(base)) && gap[1] > gap[0]/2, nil
}
