package program

import "github.com/selfnorm/selfnorm/train"

// Config is the configuration of member k, counted from 0, but for loss and data. Its callbacks are probes, progress, logs,
// more, checkpoints, and the page. Each member has its own logs and folder of checkpoints.
func (o *Flags) Config(k int, page *Page, more ...train.Callback) (c train.Config, err error) {
	c = train.Config{
		Epochs: o.Epochs, Batch: o.Batch, Seed: o.Seed + uint64(k), Threads: o.Threads, Callbacks: []train.Callback{&train.Probes{}},
	}
	if c.Optimizer, err = train.NewOptimizer(o.Optimizer, o.Rate, o.L2); err != nil {
		return c, err
	}
	if c.Schedule, err = train.ParseSchedule(o.Schedule); err != nil {
		return c, err
	}
	if !o.Quiet {
		c.Callbacks = append(c.Callbacks, &train.Progress{})
	}
	logs, err := o.logs(k)
	if err != nil {
		return c, err
	}
	c.Callbacks = append(append(c.Callbacks, logs...), more...)
	if o.Checkpoint != "" {
		c.Resume = memberFolder(o.Checkpoint, k)
		c.Callbacks = append(c.Callbacks, &train.Checkpoint{Dir: c.Resume})
	}
	if page != nil {
		c.Callbacks = append(c.Callbacks, &page.recorder)
	}
	return c, nil
}
