package pipelines

import (
	"context"
	"runtime"
	"sync"
)

// slots bounds the processes that run at the same time on a worker, whatever the number of its bundles.
var slots struct {
	sync.Once
	free chan struct{}
}

// acquire waits for a slot, of n in this process; 0 means one for each core. The first call decides.
func acquire(ctx context.Context, n int) error {
	slots.Do(func() {
		if n <= 0 {
			n = runtime.NumCPU()
		}
		slots.free = make(chan struct{}, n)
	})
	select {
	case slots.free <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func release() { <-slots.free }
