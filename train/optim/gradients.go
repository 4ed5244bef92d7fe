package optim

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// ErrNotFinite is the cause of the error for gradients whose norm is not finite.
var ErrNotFinite = errors.New("not finite")

// Gradients are the gradients of all parameters. A Preparer may change them in place.
type Gradients struct {
	workers *kernel.Workers
	list    []dense.Slices // empty for a frozen parameter
	rows    [][]int        // those of row-sparse gradients
	norm32  kernel.Norm[float32]
	norm64  kernel.Norm[float64]

	first    float64 // norm has been computed in this step
	measured bool
}

// prepare lets the rule work on all gradients.
func (o *Optimizer) prepare(model []G.ValueGrad) error {
	g := &o.gradients
	g.workers, g.list, g.rows = o.workers, g.list[:0], g.rows[:0]
	for i, m := range model {
		var grad dense.Slices
		var rows []int
		if !o.frozen(i) {
			value, found, err := o.operands(i, m)
			if err != nil {
				return err
			}
			grad, rows = found, o.rowsOf(m)
			grad.Shape = value.Shape
		}
		g.list, g.rows = append(g.list, grad), append(g.rows, rows)
	}
	err := o.preparer.Prepare(g)
	clear(g.list)
	clear(g.rows)
	return err
}

// Len returns the number of parameters.
func (g *Gradients) Len() int {
	if g == nil {
		return 0
	}
	return len(g.list)
}

// At returns the elements of the gradient of parameter i, in place. One of the two slices is nil; both are if the parameter is frozen or
// does not exist. Parameters may share a gradient. In a row-sparse gradient, change the elements of Rows only.
func (g *Gradients) At(i int) ([]float32, []float64) {
	if i < 0 || i >= g.Len() {
		return nil, nil
	}
	return g.list[i].F32, g.list[i].F64
}

// Rows returns the rows of the gradient of parameter i that may differ from zero. It is nil for a dense gradient.
func (g *Gradients) Rows(i int) []int {
	if i < 0 || i >= g.Len() {
		return nil
	}
	return g.rows[i]
}

// Norm returns the Euclidean norm of all gradients together, summed in float64. If it is not finite, the error has the cause ErrNotFinite.
func (g *Gradients) Norm() (float64, error) {
	if g == nil {
		return 0, nil
	}
	sum := 0.0
	for i, x := range g.list {
		squared := 0.0
		switch {
		case g.rows[i] != nil:
			squared = g.squaredRows(x, g.rows[i])
		case x.F32 != nil:
			squared = g.norm32.Squared(g.workers, x.F32)
		default:
			squared = g.norm64.Squared(g.workers, x.F64)
		}
		if !finite(squared) {
			return math.Sqrt(squared), errors.Wrapf(ErrNotFinite, "the norm of the gradient of parameter %d is %v", i, math.Sqrt(squared))
		}
		sum += squared
	}
	norm := math.Sqrt(sum)
	if !g.measured {
		g.first, g.measured = norm, true
	}
	if !finite(norm) {
		return norm, errors.Wrap(ErrNotFinite, "the norm of the gradients is infinite")
	}
	return norm, nil
}

// squaredRows returns the sum of the squares of some rows, in their order.
func (g *Gradients) squaredRows(x dense.Slices, rows []int) (sum float64) {
	width := x.Len() / x.Shape[0]
	for _, r := range rows {
		if x.F32 != nil {
			sum += g.norm32.Squared(nil, x.F32[r*width:(r+1)*width])
		} else {
			sum += g.norm64.Squared(nil, x.F64[r*width:(r+1)*width])
		}
	}
	return sum
}

// scaleRows multiplies some rows by a factor.
func (g *Gradients) scaleRows(x dense.Slices, rows []int, factor float64) {
	width := x.Len() / x.Shape[0]
	for _, r := range rows {
		if x.F32 != nil {
			g.norm32.Scale(nil, x.F32[r*width:(r+1)*width], factor)
		} else {
			g.norm64.Scale(nil, x.F64[r*width:(r+1)*width], factor)
		}
	}
}

// Scale multiplies each gradient by a factor, once even if parameters share it.
func (g *Gradients) Scale(factor float64) {
	if g == nil {
		return
	}
	for i, x := range g.list {
		switch {
		case x.Len() == 0 || slices.ContainsFunc(g.list[:i], x.SameMemory):
		case g.rows[i] != nil:
			g.scaleRows(x, g.rows[i], factor)
		case x.F32 != nil:
			g.norm32.Scale(g.workers, x.F32, factor)
		default:
			g.norm64.Scale(g.workers, x.F64, factor)
		}
	}
}
