package train

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// optimizerState is the small part of an optimizer's state.
type optimizerState struct {
	Optimizer  string `json:"optimizer"`
	Steps      int    `json:"steps"`
	Parameters []form `json:"parameters"`
}

// snapshot is the state of an optimizer of the given kind. The buffers are named kind.buffer.position of the parameter,
// for instance adam.m.0, and have its shape.
func (p *pace) snapshot(kind string) (Snapshot, error) {
	values, err := json.Marshal(optimizerState{kind, p.steps, p.params})
	if err != nil {
		return Snapshot{}, errors.Wrap(err, kind)
	}
	s := Snapshot{Values: values, Tensors: map[string]*tensor.Dense{}}
	for i, form := range p.params {
		for k, name := range p.names {
			shape := form.tensorShape()
			if form.Dtype == single {
				s.Tensors[bufferName(kind, name, i)] = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(p.state[i].f32[k]))
			} else {
				s.Tensors[bufferName(kind, name, i)] = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(p.state[i].f64[k]))
			}
		}
	}
	return s, nil
}

func bufferName(kind, name string, i int) string { return fmt.Sprintf("%s.%s.%d", kind, name, i) }

// tensorShape is the shape of a buffer: that of the parameter, and one element for a scalar.
func (f form) tensorShape() []int {
	if len(f.Shape) == 0 {
		return []int{1}
	}
	return f.Shape
}

// restore copies a state in, if it is one of the given kind with buffers of these names.
func (p *pace) restore(kind string, names []string, s Snapshot) error {
	var o optimizerState
	if err := json.Unmarshal(s.Values, &o); err != nil {
		return errors.Wrapf(err, "%s: reading the state", kind)
	}
	if o.Optimizer != kind {
		return errors.Errorf("%s: this is the state of %q", kind, o.Optimizer)
	}
	if o.Steps < 0 || o.Steps > 0 && len(o.Parameters) == 0 {
		return errors.Errorf("%s: a state after %d steps of %d parameters", kind, o.Steps, len(o.Parameters))
	}
	if err := p.sameForms(kind, o.Parameters); err != nil {
		return err
	}
	if err := checkBuffers(kind, names, o.Parameters, s.Tensors); err != nil {
		return err
	}
	p.steps, p.params, p.names, p.state = o.Steps, nil, nil, nil
	if len(o.Parameters) == 0 {
		return nil
	}
	p.params, p.names, p.state = o.Parameters, names, make([]buffers, len(o.Parameters))
	for i := range p.params {
		for _, name := range names {
			e, _ := elementsOf(s.Tensors[bufferName(kind, name, i)])
			if e.f32 != nil {
				p.state[i].f32 = append(p.state[i].f32, slices.Clone(e.f32))
			} else {
				p.state[i].f64 = append(p.state[i].f64, slices.Clone(e.f64))
			}
		}
	}
	return nil
}

// sameForms returns an error if the parameters of a state are not those that the optimizer has seen, if it has seen any.
func (p *pace) sameForms(kind string, forms []form) error {
	if p.params == nil || len(forms) == 0 {
		return nil
	}
	if len(forms) != len(p.params) {
		return errors.Errorf("%s: the state is of %d parameters, this optimizer has seen %d", kind, len(forms), len(p.params))
	}
	for i, f := range forms {
		if f.Dtype != p.params[i].Dtype || !slices.Equal(f.Shape, p.params[i].Shape) {
			return errors.Errorf("%s: in the state parameter %d is %v, this optimizer has seen %v", kind, i, f, p.params[i])
		}
	}
	return nil
}

// checkBuffers returns an error that lists all buffers that are missing, surplus or misshapen.
func checkBuffers(kind string, names []string, forms []form, tensors map[string]*tensor.Dense) error {
	var faults []string
	wanted := map[string]bool{}
	for i, f := range forms {
		for _, name := range names {
			name := bufferName(kind, name, i)
			wanted[name] = true
			if t := tensors[name]; t == nil {
				faults = append(faults, "no "+name)
			} else if got, ok := elementsOf(t); !ok || got.dtype() != f.Dtype || !slices.Equal(got.shape, f.tensorShape()) {
				faults = append(faults, fmt.Sprintf("%s is %v %v, want %v", name, t.Dtype(), t.Shape(), f))
			}
		}
		if f.Dtype != single && f.Dtype != double {
			faults = append(faults, fmt.Sprintf("parameter %d has dtype %q", i, f.Dtype))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		if !wanted[name] {
			faults = append(faults, "surplus "+name)
		}
	}
	if faults != nil {
		return errors.Errorf("%s: the state does not fit these settings: %s", kind, strings.Join(faults, "; "))
	}
	return nil
}
