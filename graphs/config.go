package graphs

import (
	"cmp"
	"math"
	"slices"

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
	// Inputs describes the inputs of the network. The first is the one that its layer receives; a layer gets the others by
	// Binder.Input.
	Inputs []Input
	// Loss is the loss of a network with one output. It is required for Train. For Evaluate, the zero Loss means none.
	Loss Loss
	// Outputs describes the outputs of a network with several; then leave Loss empty. The first is the one that the layer returns, the
	// others are those of Binder.Output. An output without a loss is allowed for Evaluate. Nil means one output with Loss.
	Outputs []Output
	// Seed seeds the random masks of a training graph.
	Seed uint64
	// Workers is the thread pool of the ops; see kernel.Shared. Nil means the caller's thread alone.
	Workers *kernel.Workers
	// LayerGradients keeps the gradients at the layers of a training graph until they are read; see GradientProbe. It costs memory only
	// where Gorgonia adds up gradients, as in residual networks.
	LayerGradients bool
	// InputGradients adds to an evaluation graph with a loss the gradients of the loss with respect to the inputs; see Graph.InputGrads.
	InputGradients bool
	// Frozen reports whether the parameter of that name is frozen: a training graph has no gradient of it. Nil means that none is.
	Frozen func(name string) bool
}

// Unlabelled returns the configuration without losses, for an evaluation graph that reads no labels.
func (c Config) Unlabelled() Config {
	c.Loss = Loss{}
	c.Outputs = slices.Clone(c.Outputs)
	for i := range c.Outputs {
		c.Outputs[i].Loss = Loss{}
	}
	return c
}

// maxCells bounds the number of elements of a batch.
const maxCells = 1 << (26 + 7*(^uint(0)>>63)) // 2^33, and 2^26 on 32-bit systems

func (c *Config) check() error {
	switch {
	case c.Mode != Train && c.Mode != Evaluate:
		return errors.Errorf("mode %d, want Train or Evaluate", int(c.Mode))
	case len(c.Inputs) == 0:
		return errors.New("there are no inputs; see graphs.Matrix")
	case c.InputGradients && c.Mode != Evaluate:
		return errors.New("gradients of inputs are for evaluation graphs")
	case c.Outputs != nil && c.Loss.Apply != nil:
		return errors.New("set the loss of each of Outputs, or Loss for a single output, not both")
	}
	names := map[string]bool{}
	for i, in := range c.Inputs {
		name := cmp.Or(in.Name, batch.X)
		if names[name] {
			return errors.Errorf("there are two inputs %q", name)
		}
		names[name] = true
		if err := c.checkInput(name, in); err != nil {
			return errors.Wrapf(err, "input %d", i)
		}
	}
	if c.Outputs == nil {
		if c.Mode == Evaluate && c.Loss.Apply == nil {
			return nil
		}
		return c.Loss.check()
	}
	return c.checkOutputs()
}

// checkInput returns an error for an input that no graph can have.
func (c *Config) checkInput(name string, in Input) error {
	switch {
	case in.Kind < batch.Dense || in.Kind > batch.Image:
		return errors.Errorf("%q is of %v", name, in.Kind)
	case c.Batch < 1 || in.Width < 1:
		return errors.Errorf("a batch of %d rows and %d columns, want at least one of each", c.Batch, in.Width)
	case in.Kind == batch.Image && !isImage(in):
		return errors.Errorf("%q is an image of shape %v with %d elements, want channels, height and width whose product is Width", name, in.Shape, in.Width)
	case (in.Kind == batch.Dense || in.Kind == batch.Image) && c.Batch > maxCells/in.Width:
		return errors.Errorf("a batch of %d rows and %d columns is too large: more than %d elements", c.Batch, in.Width, maxCells)
	}
	return nil
}

// isImage reports whether the shape of an image has its width.
func isImage(in Input) bool {
	if len(in.Shape) != 3 {
		return false
	}
	size := 1
	for _, d := range in.Shape {
		if d < 1 || d > maxCells/size {
			return false
		}
		size *= d
	}
	return size == in.Width
}

func (c *Config) checkOutputs() error {
	if len(c.Outputs) == 0 {
		return errors.New("there are no outputs")
	}
	names := map[string]bool{}
	for _, o := range c.Outputs {
		name := cmp.Or(o.Name, batch.Y)
		switch {
		case names[name]:
			return errors.Errorf("there are two outputs %q", name)
		case !(o.Weight >= 0) || math.IsInf(o.Weight, 0):
			return errors.Errorf("output %q has the weight %v, want a positive number, or 0 for 1", name, o.Weight)
		}
		names[name] = true
		if c.Mode == Evaluate && o.Loss.Apply == nil {
			continue
		}
		if err := o.Loss.check(); err != nil {
			return errors.Wrapf(err, "output %q", name)
		}
	}
	return nil
}

// named returns the configuration with the names of inputs and outputs that are empty filled in.
func (c Config) named() Config {
	c.Inputs, c.Outputs = slices.Clone(c.Inputs), slices.Clone(c.Outputs)
	for i := range c.Inputs {
		c.Inputs[i].Name = cmp.Or(c.Inputs[i].Name, batch.X)
	}
	for i := range c.Outputs {
		c.Outputs[i].Name = cmp.Or(c.Outputs[i].Name, batch.Y)
	}
	return c
}

// outputs returns the outputs, of which a configuration with Loss has one.
func (c *Config) outputs() []Output {
	if c.Outputs != nil {
		return c.Outputs
	}
	return []Output{{Name: batch.Y, Loss: c.Loss}}
}
