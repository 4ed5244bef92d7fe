package train

import (
	"log"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
)

// Config describes a training. Its zero value trains one epoch with Adam.
type Config struct {
	// Epochs is the number of passes over the data. 0 means 1.
	Epochs int
	// Batch is the number of rows of a batch. 0 means 128. The last batch of an epoch may be shorter; a single remaining row joins the
	// previous batch.
	Batch int
	// Accumulate is the number of batches whose gradients are averaged for one step, when larger batches do not fit into memory. 0 means 1.
	// The last step of an epoch averages the batches that are left.
	Accumulate int

	// Parallel divides the batches of each step among several processes, which train one network together: then Batch is the number of rows of a
	// virtual shard, and Accumulate that of the shards of a step, at least one for each process. The result does not depend on the number of
	// processes, bit for bit. Batch statistics are those of a shard, and running statistics move by the mean of the shards. All processes call Fit with
	// the same network, data and configuration, but for Callbacks that only report; rank 0 alone saves checkpoints. Nil means one process, whose
	// sums round differently. See package train/parallel.
	Parallel Processes

	// Optimizer updates the weights. It is a value without state, so runs can share it. Nil means optim.Adam{}.
	Optimizer optim.Rule
	// Solver is any Gorgonia solver, used instead of an Optimizer. Its rate follows no schedule, and its state cannot be saved.
	Solver G.Solver
	// Schedule changes the learning rate; it needs an Optimizer. Nil keeps it.
	Schedule optim.Schedule
	// Groups set rate factors, exempt parameters from weight decay, or freeze them, by name.
	Groups []optim.Group
	// Average is the decay of an exponential moving average of the weights, in (0, 1), such as 0.999 (Polyak and Juditsky 1992). If it is
	// not 0, Fit validates the average, and the network has the averaged weights in the end. The average starts at the initial weights.
	Average float64

	// ClassWeights are the weights of the classes in the loss; for graphs.BCE those of the positive labels of each output. They become
	// part of the network's loss, and of a network with several outputs they are for the first: give the losses of the others theirs with
	// Loss.WithClassWeights. Balanced computes them from the training rows, for all outputs with classes or binary labels: n/(k n_c) for
	// class c of k with n_c of n rows, and negatives/positives for each binary output. A class or output without both kinds of rows gets
	// the weight 1.
	ClassWeights []float64
	Balanced     bool

	// Seed is the seed of the order of the rows and of the random masks.
	Seed uint64
	// Threads is the number of threads of this run. 0 means all. The result does not depend on it.
	Threads int

	// Validation is evaluated after every ValidateEvery epochs, 0 meaning each, and after the last. Nil means no validation.
	Validation    Data
	ValidateEvery int
	// Metric judges the validation data. The zero value means metric.Loss, which is the sum over all outputs of a network with several.
	// Another metric is that of the first output, or of the one that it is for, such as metric.RMSE.For("price").
	Metric metric.Metric
	// Metrics are further metrics of the validation data, for the history.
	Metrics []metric.Metric
	// TrainingMetrics also computes all metrics for the training rows, without dropout.
	TrainingMetrics bool

	// Callbacks are called during training, in this order.
	Callbacks []Callback
	// Checkpoint saves the run and continues an interrupted one. Nil means neither.
	Checkpoint *Checkpoint
	// Warn is called once with each reason why a network of SELU units does not normalize itself; see callback.Probes.
	// Nil means log.Print; func(string) {} silences it. History.Warnings always holds the warnings.
	Warn func(warning string)
}

const (
	maxThreads = 1 << 12
	maxSteps   = math.MaxInt / 2
)

func (c Config) withDefaults() (Config, error) {
	for _, n := range []struct {
		name       string
		value, max int
	}{
		{"Epochs", c.Epochs, maxSteps}, {"Batch", c.Batch, maxSteps}, {"Accumulate", c.Accumulate, maxSteps},
		{"ValidateEvery", c.ValidateEvery, maxSteps}, {"Threads", c.Threads, maxThreads},
	} {
		if n.value < 0 || n.value > n.max {
			return c, errors.Errorf("Config.%s is %d, want 0 to %d", n.name, n.value, n.max)
		}
	}
	c.Epochs, c.Accumulate, c.ValidateEvery = max(1, c.Epochs), max(1, c.Accumulate), max(1, c.ValidateEvery)
	if c.Batch == 0 {
		c.Batch = 128
	}
	if c.Average < 0 || c.Average >= 1 || math.IsNaN(c.Average) {
		return c, errors.Errorf("Config.Average is %v, want a decay between 0 and 1", c.Average)
	}
	switch {
	case c.Solver != nil && c.Optimizer != nil:
		return c, errors.New("there are a Solver and an Optimizer; set one of them")
	case c.Solver != nil && (c.Schedule != nil || c.Checkpoint != nil || c.Groups != nil):
		return c, errors.Errorf("a %T follows no schedule, has no groups, and its state cannot be saved; use an Optimizer", c.Solver)
	case c.Solver == nil && c.Optimizer == nil:
		c.Optimizer = optim.Adam{}
	}
	if err := c.checkProcesses(); err != nil {
		return c, err
	}
	if c.Metric.Func == nil {
		if c.Metric.Name != "" {
			return c, errors.Errorf("the metric %q has no Func", c.Metric.Name)
		}
		c.Metric = metric.Loss
	}
	if c.Warn == nil {
		c.Warn = func(warning string) { log.Print("train: ", warning) }
	}
	for _, b := range c.Callbacks {
		if err := callback.Check(b); err != nil {
			return c, err
		}
	}
	c.Callbacks = callback.WithChecks(c.Callbacks)
	return c, nil
}
