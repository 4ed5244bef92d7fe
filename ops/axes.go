package ops

import (
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// Axis returns the index of an axis of shape s. A negative axis counts from the end: -1 is the last. It returns an error if s has no such
// axis.
func Axis(axis int, s tensor.Shape) (int, error) {
	n := s.Dims()
	if axis < -n || axis >= n {
		return 0, errors.Errorf("there is no axis %d in shape %v", axis, s)
	}
	if axis < 0 {
		axis += n
	}
	return axis, nil
}

// Axes is Axis for a list, which it returns in ascending order. No axes means all axes of s. It returns an error if two are the same.
func Axes(axes []int, s tensor.Shape) ([]int, error) {
	if len(axes) > s.Dims() {
		return nil, errors.Errorf("%d axes of shape %v", len(axes), s)
	}
	all := make([]int, 0, s.Dims())
	for _, a := range axes {
		a, err := Axis(a, s)
		if err != nil {
			return nil, err
		}
		if slices.Contains(all, a) {
			return nil, errors.Errorf("axis %d of shape %v twice", a, s)
		}
		all = append(all, a)
	}
	if len(axes) == 0 {
		for a := range s {
			all = append(all, a)
		}
	}
	slices.Sort(all)
	return all, nil
}

// CheckDims returns an error that names the input unless s has n dimensions.
func CheckDims(name string, s tensor.Shape, n int) error {
	if s.Dims() != n {
		return errors.Errorf("%s has shape %v, want %d dimensions", name, s, n)
	}
	return nil
}

// BroadcastShape is a Def.Shape for ops that repeat the inputs along axes of size 1 until all have one shape, which it returns. As in numpy,
// axes are counted from the last, and a missing axis has size 1: shapes (4, 3), (3) and (4, 1) give (4, 3).
func BroadcastShape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in) == 0 {
		return nil, errors.New("no inputs")
	}
	out := in[0].Clone()
	for _, s := range in[1:] {
		shape, ok := kernel.BroadcastShape(out, s)
		if !ok {
			return nil, errors.Errorf("shapes %v and %v cannot be broadcast: sizes must be equal or 1, counted from the last axis", out, s)
		}
		out = shape
	}
	return out, nil
}

// marked returns which axes of s are in the list.
func marked(axes []int, s tensor.Shape) []bool {
	marks := make([]bool, s.Dims())
	for _, a := range axes {
		marks[a] = true
	}
	return marks
}
