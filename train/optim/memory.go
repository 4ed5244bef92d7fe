package optim

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
)

// memory is the state that grows with the network: named buffers for each of a list of parameters, and a count. Snapshots of it
// are in store.go.
type memory struct {
	kind    string
	names   []string // of the buffers
	count   int      // of steps
	forms   []form   // nil before the first use
	buffers []buffers
}

// buffers are those of one parameter, in the order of their names and of its dtype.
type buffers struct {
	f32 [][]float32
	f64 [][]float64
}

// at returns buffer k of parameter i.
func (m *memory) at(i, k int) dense.Slices {
	if m.forms[i].Dtype == single {
		return dense.Slices{F32: m.buffers[i].f32[k]}
	}
	return dense.Slices{F64: m.buffers[i].f64[k]}
}

// length returns an error unless a list is as long as the first one.
func (m *memory) length(n int) error {
	if m.forms != nil && n != len(m.forms) {
		return errors.Errorf("%d parameters, %d before; use one state per network", n, len(m.forms))
	}
	return nil
}

// fits returns an error unless parameter i has the same dtype and shape as at first.
func (m *memory) fits(i int, x dense.Slices) error {
	if m.forms != nil && !m.forms[i].is(x) {
		return errors.Errorf("parameter %d is %v, %v before; use one state per network", i, formOf(x), m.forms[i])
	}
	return nil
}

// make makes the buffers, filled with zeros.
func (m *memory) make(forms []form) {
	m.forms, m.buffers = forms, make([]buffers, len(forms))
	for i, f := range forms {
		for range m.names {
			if f.Dtype == single {
				m.buffers[i].f32 = append(m.buffers[i].f32, make([]float32, f.size()))
			} else {
				m.buffers[i].f64 = append(m.buffers[i].f64, make([]float64, f.size()))
			}
		}
	}
}
