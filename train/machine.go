package train

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// machine is a graph and the tape machine that runs it.
type machine struct {
	*graphs.Graph
	vm      G.VM
	inputs  // the tensors that the next run reads
	slots   [2]*inputs
	updates []G.ValueGrad
	eager   *eager
}

// inputs are the tensors of one batch; y and weights are nil where the graph has none.
type inputs struct{ x, y, weights *tensor.Dense }

// newMachine compiles a graph. Gorgonia panics on graphs that it cannot compile.
func newMachine(g *graphs.Graph) (m *machine, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Errorf("compiling the graph: %v", r)
		}
	}()
	m = &machine{Graph: g, vm: G.NewTapeMachine(g.G), inputs: inputs{x: valueOf(g.X), y: valueOf(g.Labels), weights: valueOf(g.Weights)}}
	m.slots[0] = &inputs{m.x, m.y, m.weights}
	for i, grad := range g.Grads {
		if grad != nil {
			m.updates = append(m.updates, &update{value: g.Params[i].Value, node: g.Params[i].Node, grad: grad})
		}
	}
	m.eager = newEager(m)
	return m, nil
}

func valueOf(n *G.Node) *tensor.Dense {
	if n == nil {
		return nil
	}
	return n.Value().(*tensor.Dense)
}

// slot returns one of the two sets of inputs.
func (m *machine) slot(i int) *inputs {
	if m.slots[i] == nil {
		like := func(t *tensor.Dense) *tensor.Dense {
			if t == nil {
				return nil
			}
			return tensor.New(tensor.Of(t.Dtype()), tensor.WithShape(t.Shape().Clone()...))
		}
		m.slots[i] = &inputs{like(m.x), like(m.y), like(m.weights)}
	}
	return m.slots[i]
}

// bind makes the next run read a set of inputs. Gorgonia keeps the old value and goes on if one does not fit, so every
// error counts.
func (m *machine) bind(slot int) error {
	m.inputs = *m.slot(slot)
	for _, pair := range []struct {
		node  *G.Node
		value *tensor.Dense
	}{{m.X, m.x}, {m.Labels, m.y}, {m.Weights, m.weights}} {
		if pair.node == nil {
			continue
		}
		if err := G.Let(pair.node, pair.value); err != nil {
			return errors.Wrapf(err, "input %s", pair.node.Name())
		}
	}
	return nil
}

// run runs the graph once on what its inputs hold.
func (m *machine) run() error {
	m.vm.Reset()
	return m.vm.RunAll()
}

// cost returns the loss of the last run.
func (m *machine) cost() float64 {
	switch v := m.Cost.Value().(type) {
	case *G.F32:
		return float64(*v)
	case *G.F64:
		return float64(*v)
	}
	return 0
}

// update is a parameter and its gradient node. Reading the gradient node's value saves two passes over all weights that
// Gorgonia's dual values cost.
type update struct {
	value      *tensor.Dense
	node, grad *G.Node
	now        G.Value // of the gradient, where it is known before the machine has bound it to its node
}

func (u *update) Value() G.Value { return u.value }

func (u *update) Grad() (G.Value, error) {
	if u.now != nil {
		return u.now, nil
	}
	return u.grad.Value(), nil
}

// machines compiles the graphs of a cache when they are first needed.
type machines struct {
	graphs.Cache
	made map[*graphs.Graph]*machine
}

func (m *machines) get(mode graphs.Mode, batch int) (*machine, error) {
	g, err := m.Get(mode, batch)
	if err != nil {
		return nil, err
	}
	if made := m.made[g]; made != nil {
		return made, nil
	}
	made, err := newMachine(g)
	if err != nil {
		return nil, err
	}
	if m.made == nil {
		m.made = map[*graphs.Graph]*machine{}
	}
	m.made[g] = made
	return made, nil
}

// close ends the machines.
func (m *machines) close() {
	for _, made := range m.made {
		made.vm.Close()
	}
}
