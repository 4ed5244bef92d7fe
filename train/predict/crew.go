package predict

import (
	"context"
	"slices"
	"sync"

	"github.com/selfnorm/selfnorm/ops/kernel"
)

// crew divides the rows of a call among the threads of the pool: each takes blocks of rows through all layers. Nobody waits for others between two
// layers, and what a layer computes stays in the cache of its thread. One call at a time has the crew, the one that has the pool.
type crew struct {
	call  *slot // whose rows are divided
	ctx   context.Context
	spans []span
	run   func(part int) // the method part

	slots  slots
	mu     sync.Mutex
	made   []int // numbers of rows for which a program was compiled
	failed int   // the first span that failed, if err is not nil
	err    error
	gather sync.Mutex // data are read by one goroutine at a time
}

// newCrew returns a crew of nobody.
func newCrew() *crew {
	c := &crew{}
	c.run = c.part
	return c
}

// predict computes all outputs for the rows of a call, in blocks.
func (c *crew) predict(ctx context.Context, s *slot, rows, block int, w *kernel.Workers) error {
	c.call, c.ctx, c.spans, c.made, c.err = s, ctx, c.spans[:0], c.made[:0], nil
	for x := (span{}); x.hi < rows; {
		x = spanAt(x.hi, rows, block)
		c.spans = append(c.spans, x)
	}
	w.Run(len(c.spans), c.run)
	if c.err == nil && len(c.made) > 0 {
		c.err = c.compile(w.Threads())
	}
	c.call, c.ctx = nil, nil
	return c.err
}

// compile gives everybody the programs that somebody has needed, so that the next call of this kind compiles nothing.
func (c *crew) compile(threads int) error {
	for len(c.slots.idle) < threads {
		c.slots.put(&slot{})
	}
	for _, s := range c.slots.idle {
		s.use(c.call.model)
		for _, size := range c.made {
			if _, err := s.program(size); err != nil {
				return err
			}
		}
	}
	return nil
}

// part predicts one block.
func (c *crew) part(i int) {
	s := c.slots.take()
	defer func() {
		s.logits = nil // those of the call
		c.slots.put(s)
	}()
	s.use(c.call.model)
	s.source, s.logits = c.call.source, c.call.logits
	size := c.spans[i].size
	missing := s.programs[size] == nil
	err := c.ctx.Err()
	if err == nil {
		err = s.span(c.spans[i], nil, &c.gather)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil && (c.err == nil || i < c.failed) {
		c.failed, c.err = i, err
	}
	if missing && !slices.Contains(c.made, size) {
		c.made = append(c.made, size)
	}
}

// Limits at which a call is divided in another way, measured with networks of 64 to 1,024 units.
const (
	// blockRows is the number of rows that a thread takes through all layers at a time.
	blockRows = 128
	// hidingRows is the number of rows whose products take as long as reading their weights from main memory, if these lie in the order of the products.
	hidingRows = 16
	// cachedWeights is the number of weights up to which they stay in the cache of a thread.
	cachedWeights = 1 << 17
	// worthwhile is the number of multiplications that are worth waking another thread for.
	worthwhile = 1 << 18
)

// blockOf returns the number of rows of a block if threads divide the rows of a call, or 0 if they divide each layer: for few rows, where each thread
// should read a part of the weights only.
func blockOf(rows, threads, weights int, packed bool) int {
	each, hiding := rows/threads, hidingRows
	if !packed {
		hiding *= 2 // each thread has to pack them
	}
	if threads == 1 || each == 0 || each < hiding && weights > cachedWeights || each*weights < worthwhile {
		return 0
	}
	if each >= blockRows {
		return blockRows
	}
	below, above := sizes[0], sizes[0]
	for _, s := range sizes {
		if above = s; s > each {
			break
		}
		below = s
	}
	if longest(rows, threads, below) <= longest(rows, threads, above) {
		return below
	}
	return above
}

// longest returns the number of rows of the thread that has most, if each thread takes the next block once it is free, for few blocks.
func longest(rows, threads, block int) int {
	var loads [64]int
	busy := loads[:min(threads, len(loads))]
	for x := (span{}); x.hi < rows; {
		x = spanAt(x.hi, rows, block)
		first := 0
		for t := range busy {
			if busy[t] < busy[first] {
				first = t
			}
		}
		busy[first] += x.size
	}
	most := 0
	for _, n := range busy {
		most = max(most, n)
	}
	return most
}
