package training

import (
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
)

// config returns the configuration that the flags ask for, for member k counted from 0. Its callbacks are probes, progress and logs; more
// follow; those of the page come last. Each member has its own logs and folder of checkpoints.
func (o *Flags) config(k int) (c train.Config, err error) {
	if c, err = o.Plain(k); err != nil {
		return c, err
	}
	c.Callbacks = []train.Callback{&callback.Probes{}}
	if !o.Quiet {
		c.Callbacks = append(c.Callbacks, &callback.Progress{})
	}
	logs, err := o.logs(k)
	if err != nil {
		return c, err
	}
	c.Callbacks = append(c.Callbacks, logs...)
	if o.Checkpoint != "" {
		c.Checkpoint = &train.Checkpoint{Dir: memberFolder(o.Checkpoint, k), Resume: true, Failed: func(err error) error {
			o.onFailure("-checkpoint", err)
			return nil
		}}
	}
	return c, nil
}

// Plain returns the configuration that the flags ask for, for member k counted from 0, without callbacks and checkpoints.
func (o *Flags) Plain(k int) (c train.Config, err error) {
	c = train.Config{Epochs: o.Epochs, Batch: o.Batch, Seed: o.Seed + uint64(k), Threads: o.Threads}
	if c.Optimizer, err = optim.ByName(o.Optimizer, o.Rate, o.L2); err != nil {
		return c, err
	}
	c.Schedule, err = optim.ParseSchedule(o.Schedule)
	return c, err
}
