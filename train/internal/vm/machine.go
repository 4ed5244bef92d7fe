// Package vm runs graphs on Gorgonia's tape machine.
package vm

import (
	"runtime/debug"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Machine is a graph and the tape machine that runs it.
type Machine struct {
	*graphs.Graph
	// Bound are the tensors that the next run reads.
	Bound *batch.Batch
	// Updates are the parameters that have gradients.
	Updates []G.ValueGrad

	vm    G.VM
	run   func() error
	slots [2]*batch.Batch
}

// New compiles a graph. Gorgonia panics on graphs that it cannot compile.
func New(g *graphs.Graph) (m *Machine, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, errors.Errorf("compiling the graph: panic: %v\n%s", r, debug.Stack())
		}
	}()
	tape := G.NewTapeMachine(g.G)
	m = &Machine{Graph: g, vm: tape, run: runner(tape)}
	if m.slots[0], err = m.batch(valueOf); err != nil {
		return nil, err
	}
	m.Bound = m.slots[0]
	for i, grad := range g.Grads {
		if grad != nil {
			m.Updates = append(m.Updates, &Update{Node: g.Params[i].Node, Grads: grad, value: g.Params[i].Param.Value})
		}
	}
	return m, nil
}

// batch returns a batch of the graph. tensorOf returns the tensor for a node.
func (m *Machine) batch(tensorOf func(n *G.Node) *tensor.Dense) (*batch.Batch, error) {
	b := &batch.Batch{Rows: m.Graph.Batch()}
	for i, in := range m.Config().Inputs {
		t := batch.Tensor{Name: in.Name}
		if in.Kind == batch.Sparse {
			var err error
			if t.Sparse, err = batch.NewCSR(m.Inputs[i].Dtype(), in.Width); err != nil {
				return nil, err
			}
		} else {
			t.Value = tensorOf(m.Inputs[i])
		}
		b.Inputs = append(b.Inputs, t)
	}
	for _, o := range m.Outputs {
		if o.Cost != nil {
			b.Outputs = append(b.Outputs, batch.Labels{Output: o.Name, Value: tensorOf(o.Labels), Weights: tensorOf(o.Weights)})
		}
	}
	return b, nil
}

func valueOf(n *G.Node) *tensor.Dense { return n.Value().(*tensor.Dense) }

// like returns a new tensor for a node.
func like(n *G.Node) *tensor.Dense {
	return tensor.New(tensor.Of(n.Dtype()), tensor.WithShape(n.Shape().Clone()...))
}

// Slot returns one of the two sets of inputs, 0 or 1. The second is made when it is first asked for.
func (m *Machine) Slot(i int) *batch.Batch {
	if m.slots[i] == nil {
		m.slots[i], _ = m.batch(like) // New has made one of this form
	}
	return m.slots[i]
}

// Bind makes the next run read a set of inputs, with the sparse rows that it holds now. Gorgonia keeps the old value and goes on if one does
// not fit, so every error counts.
func (m *Machine) Bind(slot int) error {
	m.Bound = m.Slot(slot)
	for i := range m.Bound.Inputs {
		in := &m.Bound.Inputs[i]
		var err error
		if in.Sparse == nil {
			err = G.Let(m.Inputs[i], in.Value)
		} else {
			err = bindSparse(m.Inputs[i], in.Sparse)
		}
		if err != nil {
			return errors.Wrapf(err, "input %s", in.Name)
		}
	}
	k := 0
	for i := range m.Outputs {
		o := &m.Outputs[i]
		if o.Cost == nil {
			continue
		}
		labels := &m.Bound.Outputs[k]
		k++
		if err := G.Let(o.Labels, labels.Value); err != nil {
			return errors.Wrapf(err, "labels of output %s", o.Name)
		}
		if err := G.Let(o.Weights, labels.Weights); err != nil {
			return errors.Wrapf(err, "weights of output %s", o.Name)
		}
	}
	return nil
}

func bindSparse(n *G.Node, rows *batch.CSR) error {
	x, err := rows.Tensor()
	if err != nil {
		return err
	}
	return G.Let(n, x)
}

// Rebind binds the sparse rows of the bound set again, after they have changed.
func (m *Machine) Rebind() error {
	for i := range m.Bound.Inputs {
		if in := &m.Bound.Inputs[i]; in.Sparse != nil {
			if err := bindSparse(m.Inputs[i], in.Sparse); err != nil {
				return errors.Wrapf(err, "input %s", in.Name)
			}
		}
	}
	return nil
}

// Run runs the graph once on what its inputs hold.
func (m *Machine) Run() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Errorf("running the graph: panic: %v\n%s", r, debug.Stack())
		}
	}()
	m.vm.Reset()
	return ops.Cause(m.run())
}

// Loss returns the loss of the last run, 0 without one.
func (m *Machine) Loss() float64 {
	if m.Cost == nil {
		return 0
	}
	return scalar(m.Cost)
}

// OutputLoss returns the loss of output i in the last run, 0 without one.
func (m *Machine) OutputLoss(i int) float64 {
	if m.Outputs[i].Cost == nil {
		return 0
	}
	return scalar(m.Outputs[i].Cost)
}

func scalar(n *G.Node) float64 {
	x, err := dense.Elements(n.Value())
	if err != nil {
		return 0
	}
	return x.At(0)
}

// Close ends the machine.
func (m *Machine) Close() { m.vm.Close() }

// Update is a parameter and its gradient node. Reading the gradient node's value saves two passes over all weights that
// Gorgonia's dual values cost.
type Update struct {
	Node, Grads *G.Node
	// Now is the gradient where it is known before the machine has bound it to its node.
	Now G.Value
	// AllRows hides the rows of a row-sparse gradient.
	AllRows bool

	value *tensor.Dense
}

// Rows returns the rows of a row-sparse gradient that the last run has written, nil for a dense one.
func (u *Update) Rows() []int {
	if u.AllRows {
		return nil
	}
	rows, _ := ops.RowsOf(u.Grads)
	return rows
}

// Value returns the parameter.
func (u *Update) Value() G.Value { return u.value }

// Grad returns the gradient of the last run.
func (u *Update) Grad() (G.Value, error) {
	if u.Now != nil {
		return u.Now, nil
	}
	return u.Grads.Value(), nil
}
