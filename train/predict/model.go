package predict

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/memory"
	"github.com/selfnorm/selfnorm/train/internal/linear"
	"gorgonia.org/tensor"
)

// model is a network that a predictor has used, and the graphs of its losses.
type model struct {
	net      *graphs.Network
	snapshot *linear.Snapshot // of the parameters of net, or nil
	weights  int

	mu     sync.Mutex
	losses []lossGraphs // by output
}

func newModel(net *graphs.Network, snapshot bool) (*model, error) {
	if err := net.Check(); err != nil {
		return nil, err
	}
	m := &model{net: net, weights: net.Size()}
	if snapshot {
		if err := m.copyParameters(); err != nil {
			return nil, err
		}
	}
	for _, o := range net.Outputs {
		m.losses = append(m.losses, lossGraphs{output: o})
	}
	return m, nil
}

// copyParameters makes the snapshot, or copies the whole network if Gorgonia's machine must predict with it.
func (m *model) copyParameters() error {
	var bytes uint64
	for _, p := range m.net.Params.All() {
		bytes = memory.Sum(bytes, memory.Product(p.Shape().TotalSize(), 8))
	}
	if m.net.Params.Dtype() == tensor.Float32 {
		bytes /= 2
	}
	if err := memory.Check(memory.Sum(bytes, bytes), fmt.Sprintf("a network of %d weights with a snapshot", m.weights)); err != nil {
		return err
	}
	m.snapshot = new(linear.Snapshot)
	p, reason, err := m.compile(1, new(linear.Memory)) // programs of any number of rows read the same parameters
	if err == nil && reason != nil {
		p.(*tape).Close()
		m.net, m.snapshot = m.net.Clone(), nil
	}
	return err
}

// close ends the machines of the losses.
func (m *model) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.losses {
		m.losses[i].close()
	}
}

// replaces returns an error unless the network reads and predicts the same as the one of m.
func (m *model) replaces(old *model) error {
	a, b := old.net, m.net
	if !slices.EqualFunc(a.Inputs, b.Inputs, sameInput) {
		return errors.Errorf("the new network reads %v, the old one %v", b.Inputs, a.Inputs)
	}
	if len(a.Outputs) != len(b.Outputs) {
		return errors.Errorf("the new network has %d outputs, the old one %d", len(b.Outputs), len(a.Outputs))
	}
	for i, x := range a.Outputs {
		y := b.Outputs[i]
		if cmp.Or(x.Name, batch.Y) != cmp.Or(y.Name, batch.Y) || x.Width != y.Width || !slices.Equal(x.Columns, y.Columns) || x.Loss.Name != y.Loss.Name {
			return errors.Errorf("output %d of the new network is %q of %d columns with the loss %s, that of the old one %q of %d columns with the loss %s",
				i, cmp.Or(y.Name, batch.Y), y.Width, y.Loss.Name, cmp.Or(x.Name, batch.Y), x.Width, x.Loss.Name)
		}
	}
	return nil
}

func sameInput(a, b batch.Input) bool {
	return cmp.Or(a.Name, batch.X) == cmp.Or(b.Name, batch.X) && a.Kind == b.Kind && a.Width == b.Width && slices.Equal(a.Shape, b.Shape) && slices.Equal(a.Columns, b.Columns)
}
