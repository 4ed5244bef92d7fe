package graphs

import (
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// Cache builds graphs of one model when they are first asked for, and keeps them.
// It must not be used by several goroutines at a time.
type Cache struct {
	Model   nn.Layer
	Params  *nn.Params
	Inputs  int
	Loss    Loss
	Seed    uint64
	Workers *kernel.Workers

	graphs map[cacheKey]*Graph
}

type cacheKey struct {
	mode  Mode
	batch int
}

// Get returns the graph for a mode and a number of rows.
func (c *Cache) Get(mode Mode, batch int) (*Graph, error) {
	key := cacheKey{mode, batch}
	if g := c.graphs[key]; g != nil {
		return g, nil
	}
	g, err := Build(c.Model, c.Params, Config{
		Mode: mode, Batch: batch, Inputs: c.Inputs, Loss: c.Loss, Seed: c.Seed, Workers: c.Workers,
	})
	if err != nil {
		return nil, err
	}
	if c.graphs == nil {
		c.graphs = map[cacheKey]*Graph{}
	}
	c.graphs[key] = g
	return g, nil
}
