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
	vm            G.VM
	x, y, weights *tensor.Dense
	updates       []G.ValueGrad
}

// newMachine compiles a graph. Gorgonia panics on graphs that it cannot compile.
func newMachine(g *graphs.Graph) (m *machine, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Errorf("compiling the graph: %v", r)
		}
	}()
	m = &machine{Graph: g, vm: G.NewTapeMachine(g.G), x: g.X.Value().(*tensor.Dense)}
	if g.Labels != nil {
		m.y = g.Labels.Value().(*tensor.Dense)
	}
	if g.Weights != nil {
		m.weights = g.Weights.Value().(*tensor.Dense)
	}
	for i, grad := range g.Grads {
		if grad != nil {
			m.updates = append(m.updates, update{g.Params[i].Value, grad})
		}
	}
	return m, nil
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
	value *tensor.Dense
	grad  *G.Node
}

func (u update) Value() G.Value         { return u.value }
func (u update) Grad() (G.Value, error) { return u.grad.Value(), nil }

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
