package optim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
	"gorgonia.org/tensor"
)

// stored is the small part of a memory in a snapshot.
type stored struct {
	Kind       string `json:"optimizer"`
	Steps      int    `json:"steps"`
	Parameters []form `json:"parameters"`
}

// snapshot returns the state. Its tensors are named kind.buffer.position of the parameter, such as adam.m.0, and have the shape of
// the parameter.
func (m *memory) snapshot() (Snapshot, error) {
	values, err := json.Marshal(stored{m.kind, m.count, m.forms})
	if err != nil {
		return Snapshot{}, errors.Wrap(err, m.kind)
	}
	s := Snapshot{Values: values, Tensors: map[string]*tensor.Dense{}}
	for i, f := range m.forms {
		for k, name := range m.names {
			var backing any = m.at(i, k).F64
			if f.Dtype == single {
				backing = m.at(i, k).F32
			}
			s.Tensors[m.tensorName(name, i)] = tensor.New(tensor.WithShape(f.tensorShape()...), tensor.WithBacking(backing))
		}
	}
	return s, nil
}

func (m *memory) tensorName(buffer string, i int) string {
	return fmt.Sprintf("%s.%s.%d", m.kind, buffer, i)
}

// restore copies a state in, if its kind and buffers match.
func (m *memory) restore(s Snapshot) error {
	var o stored
	if err := json.Unmarshal(s.Values, &o); err != nil {
		return errors.Wrapf(err, "%s: reading the state", m.kind)
	}
	if o.Kind != m.kind {
		return errors.Errorf("%s: this is the state of %q", m.kind, o.Kind)
	}
	if o.Steps < 0 || o.Steps > 0 && len(o.Parameters) == 0 {
		return errors.Errorf("%s: a state after %d steps with %d parameters", m.kind, o.Steps, len(o.Parameters))
	}
	if err := m.sameForms(o.Parameters); err != nil {
		return err
	}
	if err := m.checkTensors(o.Parameters, s.Tensors); err != nil {
		return err
	}
	m.count, m.forms, m.buffers = o.Steps, nil, nil
	if len(o.Parameters) == 0 {
		return nil
	}
	m.forms, m.buffers = o.Parameters, make([]buffers, len(o.Parameters))
	for i := range m.forms {
		for _, name := range m.names {
			x, err := dense.Elements(s.Tensors[m.tensorName(name, i)])
			if err != nil {
				return errors.Wrap(err, m.tensorName(name, i))
			}
			if x.F32 != nil {
				m.buffers[i].f32 = append(m.buffers[i].f32, slices.Clone(x.F32))
			} else {
				m.buffers[i].f64 = append(m.buffers[i].f64, slices.Clone(x.F64))
			}
		}
	}
	return nil
}

// sameForms returns an error if the parameters of a state differ from those seen so far, if any.
func (m *memory) sameForms(forms []form) error {
	if m.forms == nil || len(forms) == 0 {
		return nil
	}
	if len(forms) != len(m.forms) {
		return errors.Errorf("%s: the state has %d parameters, the network %d", m.kind, len(forms), len(m.forms))
	}
	for i, f := range forms {
		if !f.equal(m.forms[i]) {
			return errors.Errorf("%s: parameter %d is %v in the state, %v in the network", m.kind, i, f, m.forms[i])
		}
	}
	return nil
}

// checkTensors returns an error that lists all tensors of a state that are missing, surplus or misshapen.
func (m *memory) checkTensors(forms []form, tensors map[string]*tensor.Dense) error {
	var faults []string
	wanted := map[string]bool{}
	for i, f := range forms {
		if f.Dtype != single && f.Dtype != double {
			faults = append(faults, fmt.Sprintf("parameter %d has dtype %q", i, f.Dtype))
		}
		for _, name := range m.names {
			name := m.tensorName(name, i)
			wanted[name] = true
			if t := tensors[name]; t == nil {
				faults = append(faults, "no "+name)
			} else if x, err := dense.Elements(t); err != nil || !(form{f.Dtype, f.tensorShape()}).is(x) {
				faults = append(faults, fmt.Sprintf("%s is %s, want %v", name, dense.Describe(t), f))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		if !wanted[name] {
			faults = append(faults, "surplus "+name)
		}
	}
	if faults != nil {
		return errors.Errorf("%s: the state does not fit these settings: %s", m.kind, strings.Join(faults, "; "))
	}
	return nil
}
