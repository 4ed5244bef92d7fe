package main

import (
	"context"
	"os"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/parallel"
)

// virtualShards is the number of virtual shards of a step, and so the greatest number of processes.
const virtualShards = 8

// secretVariable is the environment variable with the secret of the processes.
const secretVariable = "SELFNORM_SECRET"

// join makes this process one of several, if the flags ask for that.
func (o *options) join(ctx context.Context, c *train.Config) (err error) {
	if o.processes == 0 {
		return nil
	}
	c.Batch, c.Accumulate = o.batch/virtualShards, virtualShards
	var group *parallel.Group
	switch options := (parallel.Options{Secret: os.Getenv(secretVariable)}); {
	case o.processes == 1:
		groups, err := parallel.Local(1)
		if err != nil {
			return err
		}
		group = groups[0]
	case o.rank == 0:
		group, err = parallel.Listen(ctx, o.address, o.processes, options)
	default:
		group, err = parallel.Join(ctx, o.address, o.rank, o.processes, options)
	}
	if err != nil {
		return err
	}
	c.Parallel = group
	return nil
}
