package tox21

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// parallel calls do(i) for 0 <= i < n from several goroutines (threads 0: one for each processor). It returns ctx's
// error, with some calls left out, if ctx is done before the end.
func parallel(ctx context.Context, n, threads int, do func(i int)) error {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(threads, n) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}
