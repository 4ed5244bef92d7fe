package search

import (
	"context"
	"sync"

	"github.com/pkg/errors"
)

// Local runs all trials in this process, Config.Parallel at a time. It is the default.
type Local struct{}

// Run implements Runner.
func (Local) Run(ctx context.Context, b *Batch) error {
	if b == nil || ctx == nil {
		return errors.New("search: no batch or no context")
	}
	slots := min(b.Parallel, len(b.Jobs))
	next := make(chan Job)
	var running sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for slot := range slots {
		running.Go(func() {
			for j := range next {
				t, err := b.Try(ctx, slot, threads(slots), j)
				if err == nil {
					err = b.Keep(slot, t)
				}
				mu.Lock()
				if failed == nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	for _, j := range b.Jobs {
		select {
		case next <- j:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	running.Wait()
	return failed
}

// Nowhere runs no trial, for a search whose trials have all run elsewhere. Those that have not are named by [Missing].
type Nowhere struct{}

// Run implements Runner.
func (Nowhere) Run(context.Context, *Batch) error { return nil }
