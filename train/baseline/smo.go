package baseline

import (
	"context"
	"math"

	"github.com/pkg/errors"
)

// smo solves the dual problem of a support vector machine by sequential minimal optimization: min 1/2 a'Qa - sum(a) for 0 <= a <= C, times a factor
// for y > 0 and one for y < 0, and y'a = 0, where Q[i,j] = y[i] y[j] kernel(i, j). Pairs are chosen by second-order information (Fan, Chen and Lin 2005).
type smo struct {
	c, tolerance    float64
	iterations      int
	y               []float64
	alpha, gradient []float64
	cache           *cache
	factors         [2]float64
}

func newSMO(x Matrix, rows []int, first int, s SVM) *smo {
	p := &smo{c: s.C, tolerance: s.Tolerance, iterations: s.Iterations, alpha: make([]float64, len(rows)), gradient: make([]float64, len(rows))}
	part := Matrix{Rows: len(rows), Columns: x.Columns}
	for i, r := range rows {
		part.Values = append(part.Values, x.row(r)...)
		y := 1.0
		if i >= first {
			y = -1
		}
		p.y = append(p.y, y)
		p.gradient[i] = -1
	}
	p.cache = newCache(newKernelRows(part, s.Gamma))
	return p
}

func (p *smo) solve(ctx context.Context) error {
	for step := range p.iterations {
		if step%1000 == 0 && ctx.Err() != nil {
			return errors.WithStack(ctx.Err())
		}
		i, j := p.choose()
		if j < 0 {
			return nil
		}
		p.step(i, j)
	}
	return errors.Errorf("no solution after %d steps", p.iterations)
}

// bound returns the upper bound of a[t].
func (p *smo) bound(t int) float64 {
	if p.y[t] > 0 {
		return p.c * p.factors[0]
	}
	return p.c * p.factors[1]
}

// mayGrow and mayShrink report whether y a may grow or shrink.
func (p *smo) mayGrow(t int) bool {
	return p.y[t] > 0 && p.alpha[t] < p.bound(t) || p.y[t] < 0 && p.alpha[t] > 0
}
func (p *smo) mayShrink(t int) bool {
	return p.y[t] > 0 && p.alpha[t] > 0 || p.y[t] < 0 && p.alpha[t] < p.bound(t)
}

// least replaces a curvature that is not positive.
const least = 1e-12

// choose returns the pair that violates the optimality conditions; j is -1 if there is none.
func (p *smo) choose() (i, j int) {
	i, j = -1, -1
	top := math.Inf(-1)
	for t, y := range p.y {
		if v := -y * p.gradient[t]; v > top && p.mayGrow(t) {
			i, top = t, v
		}
	}
	if i < 0 {
		return i, -1
	}
	row := p.cache.row(i)
	bottom, best := math.Inf(1), math.Inf(1)
	for t, y := range p.y {
		if !p.mayShrink(t) {
			continue
		}
		v := -y * p.gradient[t]
		bottom = min(bottom, v)
		if b := top - v; b > 0 {
			if gain := -b * b / max(least, 2-2*row[t]); gain < best {
				best, j = gain, t
			}
		}
	}
	if top-bottom < p.tolerance {
		return i, -1
	}
	return i, j
}

// step solves the problem in a[i] and a[j] alone.
func (p *smo) step(i, j int) {
	rowI, rowJ := p.cache.row(i), p.cache.row(j)
	curvature := max(least, 2-2*rowI[j])
	oldI, oldJ := p.alpha[i], p.alpha[j]
	// y[i] a[i] grows by d and y[j] a[j] shrinks by d.
	d := (-p.y[i]*p.gradient[i] + p.y[j]*p.gradient[j]) / curvature
	d = min(d, p.room(i, p.y[i] > 0), p.room(j, p.y[j] < 0))
	p.alpha[i] = p.clamp(i, oldI+p.y[i]*d)
	p.alpha[j] = p.clamp(j, oldJ-p.y[j]*d)
	changeI, changeJ := (p.alpha[i]-oldI)*p.y[i], (p.alpha[j]-oldJ)*p.y[j]
	for t, y := range p.y {
		p.gradient[t] += y * (changeI*rowI[t] + changeJ*rowJ[t])
	}
}

// room returns how far a[t] may move up or down.
func (p *smo) room(t int, up bool) float64 {
	if up {
		return p.bound(t) - p.alpha[t]
	}
	return p.alpha[t]
}

// clamp returns a as a value of a[t], moved to a bound that it misses by rounding.
func (p *smo) clamp(t int, a float64) float64 {
	c := p.bound(t)
	switch {
	case a < c*1e-15:
		return 0
	case a > c*(1-1e-15):
		return c
	}
	return a
}

// bias returns the constant of the decision function: the mean over free support vectors, or the middle of its bounds.
func (p *smo) bias() float64 {
	low, high, sum, free := math.Inf(-1), math.Inf(1), 0.0, 0
	for t, y := range p.y {
		v := -y * p.gradient[t]
		switch {
		case p.alpha[t] > 0 && p.alpha[t] < p.bound(t):
			sum += v
			free++
		case p.mayGrow(t):
			low = max(low, v)
		default:
			high = min(high, v)
		}
	}
	switch {
	case free > 0:
		return sum / float64(free)
	case math.IsInf(low, 0):
		return high
	case math.IsInf(high, 0):
		return low
	}
	return (low + high) / 2
}
