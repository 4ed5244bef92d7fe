package train

import (
	"log"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	G "gorgonia.org/gorgonia"
)

// Config says how to train. Its zero value, with a loss, trains one epoch with Adam.
type Config struct {
	// Loss is what to minimize, such as graphs.BCE.
	Loss graphs.Loss
	// Epochs is the number of passes over the data. 0 means 1.
	Epochs int
	// Batch is the number of rows of a step. 0 means 128. The last batch of an epoch may be shorter; if a single row is
	// left it joins the batch before.
	Batch int
	// Optimizer updates the weights. Nil means &Adam{}. Any Gorgonia solver will do. One serves one run.
	Optimizer G.Solver
	// Schedule changes the learning rate; it needs an Optimizer of this package. Nil keeps it.
	Schedule Schedule
	// Seed determines the order of the rows and the random masks.
	Seed uint64
	// Threads is the number of threads of this run. 0 means all. The result does not depend on it.
	Threads int
	// Validation is evaluated after each epoch. Nil means that nothing is.
	Validation Data
	// Metric judges the validation data. Its zero value means Loss.
	Metric Metric
	// Metrics are further metrics of the validation data, for the history.
	Metrics []Metric
	// Callbacks are called during training, in this order.
	Callbacks []Callback
	// Resume continues a run of which there is a checkpoint: it is the path of one, or of a folder, for its newest one. A folder
	// without any, or none, starts from the beginning, so that the same program continues when it is started again. The result
	// is bit-equal to that of an uninterrupted run. It is an error if the configuration or the data are others, but Epochs may
	// change if the rates of the finished steps do not depend on it. A damaged newest checkpoint in a folder is passed over
	// with a warning. params, the optimizer and the callbacks are to be new. Empty means to start from the beginning.
	Resume string
	// Warn is told once of everything that keeps a network of SELU units from normalizing itself; see Probes.
	// Nil means log.Print; func(string) {} silences it. History.Warnings holds the warnings in any case.
	Warn func(warning string)
}

func (c Config) withDefaults() (Config, error) {
	if c.Loss.Apply == nil {
		return c, errors.New("no loss; set Config.Loss, for instance to graphs.BCE")
	}
	if c.Epochs < 0 || c.Batch < 0 || c.Threads < 0 {
		return c, errors.Errorf("%d epochs, batch of %d rows, %d threads", c.Epochs, c.Batch, c.Threads)
	}
	if c.Epochs == 0 {
		c.Epochs = 1
	}
	if c.Batch == 0 {
		c.Batch = 128
	}
	if c.Optimizer == nil {
		c.Optimizer = &Adam{}
	}
	if c.Metric.Of == nil {
		c.Metric = Loss
	}
	if c.Warn == nil {
		c.Warn = func(warning string) { log.Print("train: ", warning) }
	}
	c.Callbacks = withProbes(c.Callbacks)
	if _, ok := c.Optimizer.(Optimizer); !ok && c.Schedule != nil {
		return c, errors.Errorf("a schedule cannot set the rate of a %T; use an optimizer of package train", c.Optimizer)
	}
	return c, nil
}
