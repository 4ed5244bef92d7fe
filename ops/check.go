package ops

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// positive reports whether x is positive and finite.
func positive(x float64) bool { return x > 0 && x <= math.MaxFloat64 }

// representable reports whether x is finite in float32, too.
func representable(x float64) bool { return math.Abs(x) <= math.MaxFloat32 }

// maxElements bounds the size of a tensor, far beyond any memory and far below an overflow.
const maxElements = 1 << (3*bits.UintSize/8 + 16)

// checkSize returns an error unless a tensor of shape s has elements, and not too many.
func checkSize(s tensor.Shape) error {
	n := 1
	for _, d := range s {
		if d <= 0 {
			return errors.Errorf("shape %v holds no elements", s)
		}
		if d > maxElements/n {
			return errors.Errorf("shape %v is too large", s)
		}
		n *= d
	}
	return nil
}

// outShape checks the definition for inputs of the given dtype and shapes, and returns the shape of its output.
func (d *Def) outShape(dtype tensor.Dtype, shapes []tensor.Shape) (tensor.Shape, error) {
	switch {
	case d.Shape == nil:
		return nil, errors.Errorf("%s: Def.Shape is nil", d.Name)
	case dtype != tensor.Float32 && dtype != tensor.Float64:
		return nil, errors.Errorf("%s: dtype %v, want float32 or float64", d.Name, dtype)
	case dtype == tensor.Float32 && d.Float32 == nil:
		return nil, errors.Errorf("%s: Def.Float32 is nil", d.Name)
	case dtype == tensor.Float64 && d.Float64 == nil:
		return nil, errors.Errorf("%s: Def.Float64 is nil", d.Name)
	}
	if err := d.checkSparse(shapes); err != nil {
		return nil, err
	}
	own := make([]tensor.Shape, len(shapes)) // d.Shape may change them
	for i, s := range shapes {
		own[i] = s.Clone()
	}
	out, err := d.Shape(own)
	if err == nil {
		err = checkSize(out)
	}
	if err == nil && d.RowSparse && (out.IsScalar() || out[0] > math.MaxInt32) {
		err = errors.Errorf("the result has shape %v, want 1 to %d rows for Def.RowSparse", out, math.MaxInt32)
	}
	if err == nil && d.SparseResult && (out.Dims() != 2 || d.RowSparse || d.Gradient != nil) {
		err = errors.Errorf("the result has shape %v; Def.SparseResult is for matrices, without Def.RowSparse and a gradient", out)
	}
	return out, errors.Wrapf(err, "%s of shapes %v", d.Name, shapes)
}

// check returns an error unless g is a backward pass of an op named name.
func (g *Gradient) check(name string, dtype tensor.Dtype, in []tensor.Shape, out tensor.Shape) error {
	if len(g.Of) != len(in) {
		guess := ""
		if len(g.Of) < len(in) {
			guess = fmt.Sprintf(": is input %d forgotten?", len(g.Of))
		}
		return errors.Errorf("%s: Gradient.Of has %d elements for %d inputs%s", name, len(g.Of), len(in), guess)
	}
	steps := make([]tensor.Shape, 0, len(g.Steps))
	for k, step := range g.Steps {
		shape, err := step.outShape(dtype, in, out, steps)
		if err != nil {
			return errors.Wrapf(err, "gradient of %s: step %d", name, k)
		}
		steps = append(steps, shape)
	}
	for i, k := range g.Of {
		shape := out
		switch {
		case k == NoGradient:
			continue
		case k == PassUpstream:
		case k < 0 || k >= len(steps):
			return errors.Errorf("%s: Gradient.Of[%d] is %d, but there are %d steps", name, i, k, len(steps))
		default:
			shape = steps[k]
		}
		if !shape.Eq(in[i]) {
			return errors.Errorf("%s: the gradient of input %d has shape %v, want %v%s", name, i, shape, in[i], g.slip(i, shape, in, steps))
		}
	}
	return nil
}

// slip guesses how the gradient of input i came to have the shape of another tensor.
func (g *Gradient) slip(i int, shape tensor.Shape, in, steps []tensor.Shape) string {
	if shape.Dims() == 2 && in[i].Dims() == 2 && shape[0] == in[i][1] && shape[1] == in[i][0] {
		return ": transposed?"
	}
	for j, k := range g.Of {
		if j == i || !shape.Eq(in[j]) {
			continue
		}
		if k >= 0 && k < len(steps) && steps[k].Eq(in[i]) {
			return fmt.Sprintf(": swapped with that of input %d?", j)
		}
		return fmt.Sprintf(": that of input %d?", j)
	}
	return ""
}

// outShape checks a step and returns the shape of its result, given those of its operands.
func (s *Step) outShape(dtype tensor.Dtype, in []tensor.Shape, out tensor.Shape, steps []tensor.Shape) (tensor.Shape, error) {
	if len(s.Args) == 0 {
		return nil, errors.Errorf("%s: no operands", s.Def.Name)
	}
	shapes := make([]tensor.Shape, len(s.Args))
	for i, a := range s.Args {
		switch {
		case a.kind == argInput && (a.index < 0 || a.index >= len(in)):
			return nil, errors.Errorf("%s: operand %d is input %d of %d", s.Def.Name, i, a.index, len(in))
		case a.kind == argStep && (a.index < 0 || a.index >= len(steps)):
			return nil, errors.Errorf("%s: operand %d is the result of step %d, which does not come before", s.Def.Name, i, a.index)
		}
		shapes[i] = pick(a, in, out, out, steps)
	}
	return s.Def.outShape(dtype, shapes)
}
