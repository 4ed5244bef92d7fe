package graphs

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// Mode is the purpose of a graph: training or evaluation.
type Mode int

const (
	// Train graphs contain dropout, batch statistics, the loss and the gradients.
	Train Mode = iota
	// Evaluate graphs contain the network as it predicts, and the loss if the configuration has one.
	Evaluate
)

func (m Mode) String() string {
	if m == Train {
		return "train"
	}
	return "evaluate"
}

// Input describes an input of a network.
type Input = batch.Input

// Matrix returns the inputs of a network that reads one dense matrix with the given number of columns.
func Matrix(columns int) []Input { return batch.Matrix(columns) }

// Config describes the graph to build.
type Config struct {
	Mode Mode
	// Batch is the number of rows.
	Batch int
	// Inputs describes the inputs of the network. For now there must be one dense matrix; see Matrix.
	Inputs []Input
	// Loss is required for Train. For Evaluate, the zero Loss means none.
	Loss Loss
	// Seed seeds the random masks of a training graph.
	Seed uint64
	// Workers is the thread pool of the ops; see kernel.Shared. Nil means the caller's thread alone.
	Workers *kernel.Workers
	// Frozen reports whether the parameter of that name is frozen: a training graph has no gradient of it. Nil means that none is.
	Frozen func(name string) bool
}

// maxCells bounds the number of elements of a batch.
const maxCells = 1 << (26 + 7*(^uint(0)>>63)) // 2^33, and 2^26 on 32-bit systems

func (c *Config) check() error {
	switch {
	case c.Mode != Train && c.Mode != Evaluate:
		return errors.Errorf("mode %d, want Train or Evaluate", int(c.Mode))
	case len(c.Inputs) != 1:
		return errors.Errorf("%d inputs, want one; see graphs.Matrix", len(c.Inputs))
	case c.Inputs[0].Kind != batch.Dense:
		return errors.Errorf("input %q is %v, want a dense matrix", c.Inputs[0].Name, c.Inputs[0].Kind)
	case c.Batch < 1 || c.Inputs[0].Width < 1:
		return errors.Errorf("a batch of %d rows and %d columns, want at least one of each", c.Batch, c.Inputs[0].Width)
	case c.Batch > maxCells/c.Inputs[0].Width:
		return errors.Errorf("a batch of %d rows and %d columns is too large: more than %d elements", c.Batch, c.Inputs[0].Width, maxCells)
	}
	if c.Mode == Evaluate && c.Loss.Apply == nil {
		return nil
	}
	return c.Loss.check()
}
