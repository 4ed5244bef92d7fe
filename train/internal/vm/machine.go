// Package vm runs graphs on Gorgonia's tape machine.
package vm

import (
	"runtime/debug"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"

	"github.com/selfnorm/selfnorm/ops"

	"github.com/selfnorm/selfnorm/internal/dense"

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
	slots [2]*batch.Batch
}

// New compiles a graph. Gorgonia panics on graphs that it cannot compile.
func New(g *graphs.Graph) (m *Machine, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, errors.Errorf("compiling the graph: panic: %v\n%s", r, debug.Stack())
		}
	}()
	m = &Machine{Graph: g, vm: G.NewTapeMachine(g.G)}
	m.slots[0] = batch.Of(valueOf(g.X), valueOf(g.Labels), valueOf(g.Weights))
	m.slots[0].Inputs[0].Name = g.X.Name()
	m.Bound = m.slots[0]
	for i, grad := range g.Grads {
		if grad != nil {
			m.Updates = append(m.Updates, &Update{Node: g.Params[i].Node, Grads: grad, value: g.Params[i].Param.Value})
		}
	}
	return m, nil
}

func valueOf(n *G.Node) *tensor.Dense {
	if n == nil {
		return nil
	}
	return n.Value().(*tensor.Dense)
}

// Slot returns one of the two sets of inputs, 0 or 1.
func (m *Machine) Slot(i int) *batch.Batch {
	if m.slots[i] == nil {
		like := func(t *tensor.Dense) *tensor.Dense {
			if t == nil {
				return nil
			}
			return tensor.New(tensor.Of(t.Dtype()), tensor.WithShape(t.Shape().Clone()...))
		}
		first := m.slots[0]
		labels, weights := first.Labels(batch.Y)
		m.slots[i] = batch.Of(like(first.Inputs[0].Value), like(labels), like(weights))
		m.slots[i].Inputs[0].Name = first.Inputs[0].Name
	}
	return m.slots[i]
}

// Bind makes the next run read a set of inputs. Gorgonia keeps the old value and goes on if one does not fit, so every
// error counts.
func (m *Machine) Bind(slot int) error {
	m.Bound = m.Slot(slot)
	labels, weights := m.Bound.Labels(batch.Y)
	for _, pair := range []struct {
		node  *G.Node
		value *tensor.Dense
	}{{m.X, m.Bound.Inputs[0].Value}, {m.Labels, labels}, {m.Weights, weights}} {
		if pair.node == nil {
			continue
		}
		if err := G.Let(pair.node, pair.value); err != nil {
			return errors.Wrapf(err, "input %s", pair.node.Name())
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
	return ops.Cause(m.vm.RunAll())
}

// Loss returns the loss of the last run, 0 without one.
func (m *Machine) Loss() float64 {
	if m.Cost == nil {
		return 0
	}
	x, err := dense.Elements(m.Cost.Value())
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

	value *tensor.Dense
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
