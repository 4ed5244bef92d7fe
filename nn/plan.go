package nn

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// NewPlan returns an open set of parameters that have names and shapes, but no values: with it a layer shows which parameters it needs,
// however large they are, without memory for them. Tensors that Binder.State returns have elements, but layers share them. Do not run or
// train a graph of such a set. The errors are those of NewParams.
func NewPlan(dtype tensor.Dtype) (*Params, error) {
	p, err := NewParams(dtype, 0)
	if err != nil {
		return nil, err
	}
	p.planned, p.states = true, map[string]*tensor.Dense{}
	return p, nil
}

// Declare adds a parameter to a set of NewPlan by its shape, such as one of a file that is not read yet. It returns an error for another
// set, if the set is sealed, if the name is empty or taken, and for a shape that no parameter can have.
func (p *Params) Declare(name string, shape []int, trainable bool) error {
	switch {
	case p == nil || !p.planned:
		return errors.New("nn: a set with values; use NewPlan")
	case p.sealed || name == "" || p.byName[name] != nil:
		return errors.Errorf("nn: parameter %q: the set is sealed, or the name is empty or taken", name)
	}
	size, err := checkedSize(name, shape)
	if err != nil {
		return errors.Wrap(err, "nn")
	}
	x := &Param{Name: name, Trainable: trainable, shape: tensor.Shape(shape).Clone()}
	if !trainable {
		if x.Value, err = p.placeholder(name, x.shape, size); err != nil {
			return errors.Wrap(err, "nn")
		}
	}
	p.add(x)
	return nil
}

// maxState bounds the elements of a tensor that stands for one that is missing or planned. Running statistics have one element per unit.
const maxState = 1 << 24

// placeholder returns a tensor for a state of a layer that is missing or planned. In a plan, states of the same name and shape share one.
func (p *Params) placeholder(name string, shape tensor.Shape, size int) (*tensor.Dense, error) {
	if size > maxState {
		return nil, errors.Errorf("parameter %q of shape %v has more than %d elements that no optimizer changes", name, shape, maxState)
	}
	_, last, _ := cutLast(name)
	key := fmt.Sprint(last, shape)
	if p.states[key] != nil {
		return p.states[key], nil
	}
	made := tensor.New(tensor.Of(p.Dtype()), tensor.WithShape(shape.Clone()...))
	if p.planned {
		p.states[key] = made
	}
	return made, nil
}

// noPlan returns an error if one of the sets has no values.
func noPlan(sets ...*Params) error {
	for _, p := range sets {
		if p != nil && p.planned {
			return errors.New("nn: the parameters of NewPlan have no values")
		}
	}
	return nil
}
