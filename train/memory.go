package train

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/memory"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/predict"
)

// Memory holds the bytes that a training takes, without those of its data. It follows from the shapes alone.
type Memory struct {
	// Graph is the training graph of a batch, with the weights.
	Graph graphs.Memory
	// Optimizer is the state of the optimizer.
	Optimizer uint64
	// Copies are the average of the weights, accumulated gradients, and the weights that callback.EarlyStopping keeps.
	Copies uint64
	// Graphs are the other graphs: for the shorter last batch of an epoch, and for the validation.
	Graphs uint64
}

// Total returns the sum.
func (m Memory) Total() uint64 { return memory.Sum(m.Graph.Total(), m.Optimizer, m.Copies, m.Graphs) }

// String returns the sum and its parts.
func (m Memory) String() string {
	var parts []string
	for _, p := range []struct {
		name  string
		bytes uint64
	}{
		{"weights", m.Graph.Weights}, {"gradients", m.Graph.Gradients}, {"optimizer", m.Optimizer}, {"copies", m.Copies}, {"activations", m.Graph.Activations},
		{"inputs", m.Graph.Inputs}, {"buffers", m.Graph.Buffers}, {"other graphs", m.Graphs},
	} {
		if p.bytes > 0 {
			parts = append(parts, p.name+" "+memory.Format(p.bytes))
		}
	}
	return fmt.Sprintf("%s (%s)", memory.Format(m.Total()), strings.Join(parts, ", "))
}

// MemoryOf returns what a training of the network on a number of rows takes. It builds graphs, but runs none. The errors are those of
// Config, and those of Network.Build.
func MemoryOf(net *graphs.Network, rows int, c Config) (m Memory, err error) {
	if c, err = c.withDefaults(); err == nil && rows < 1 {
		err = errors.Errorf("%d rows", rows)
	}
	if err == nil && c.Optimizer != nil {
		_, err = optim.New(c.Optimizer)
	}
	if err == nil {
		err = net.Check()
	}
	if err != nil {
		return m, errors.Wrap(err, "train")
	}
	first, _, _ := extremes(rows, c.Batch)
	workers := kernel.Shared()
	if c.Threads > 0 {
		workers = kernel.NewWorkers(c.Threads)
		defer workers.Close()
	}
	config := net.Config(graphs.Train, first)
	config.Workers = workers
	g, err := net.Build(config)
	if err != nil {
		return m, errors.Wrap(err, "train")
	}
	m, err = memoryOf(net, g, workers, rows, c)
	return m, errors.Wrap(err, "train")
}

// memoryOf is MemoryOf for the training graph of the first batch.
func memoryOf(net *graphs.Network, g *graphs.Graph, w *kernel.Workers, rows int, c Config) (m Memory, err error) {
	m.Graph = g.Memory()
	trained := m.Graph.Gradients
	if c.Optimizer != nil {
		m.Optimizer = memory.Sum(repeat(trained, len(c.Optimizer.Buffers()))...)
	}
	if c.Average > 0 {
		m.Copies = memory.Sum(m.Copies, trained)
	}
	for _, b := range c.Callbacks {
		if _, ok := b.(*callback.EarlyStopping); ok {
			m.Copies = memory.Sum(m.Copies, m.Graph.Weights)
		}
	}
	_, last, number := extremes(rows, c.Batch)
	if c.Accumulate > 1 {
		m.Copies = memory.Sum(m.Copies, trained)
		if number%c.Accumulate > 1 {
			m.Copies = memory.Sum(m.Copies, trained)
		}
	}
	add := func(mode graphs.Mode, rows int) error {
		config := net.Config(mode, rows)
		config.Workers = w
		if mode == graphs.Evaluate {
			config = config.Unlabelled()
		}
		g, err := net.Build(config)
		if err == nil {
			more := g.Memory()
			more.Weights = 0
			m.Graphs = memory.Sum(m.Graphs, more.Total())
		}
		return err
	}
	if last != g.Batch() {
		if err := add(graphs.Train, last); err != nil {
			return m, err
		}
	}
	sizes := map[int]bool{}
	if c.Validation != nil {
		for _, size := range predict.Sizes(c.Validation.Len()) {
			sizes[size] = true
		}
	}
	if c.TrainingMetrics {
		for _, size := range predict.Sizes(rows) {
			sizes[size] = true
		}
	}
	for size := range sizes {
		if err := add(graphs.Evaluate, size); err != nil {
			return m, err
		}
	}
	return m, nil
}

// extremes returns the rows of the first and of the last batch of an epoch, and the number of batches.
func extremes(rows, batch int) (first, last, number int) {
	number = batches(rows, batch)
	_, first = span(rows, batch, 0)
	from, to := span(rows, batch, number-1)
	return first, to - from, number
}

func repeat(x uint64, n int) (out []uint64) {
	for range n {
		out = append(out, x)
	}
	return out
}

// affordable returns an error if there is no memory for the training.
func (r *run) affordable() (err error) {
	rows, _, _ := extremes(r.data.Len(), r.Batch)
	if r.first, err = r.build(rows); err != nil {
		return err
	}
	limit := memory.Current().Bytes
	// Far below the limit, the sizes of the other graphs need not be known exactly: they have at most predict.Block rows, in few sizes.
	const far = 100
	if rough := r.first.Memory().Total(); rough < limit/far/uint64(1+predict.Block/rows) {
		return nil
	}
	m, err := memoryOf(r.net, r.first, r.workers, r.data.Len(), r.Config)
	if err != nil || m.Total() <= limit {
		return err
	}
	return memory.Check(m.Total(), fmt.Sprintf("the training with batches of %d rows and %s, %v,", rows, optim.Describe(r.Optimizer), m))
}
