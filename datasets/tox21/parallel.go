package tox21

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"github.com/pkg/errors"
	"golang.org/x/sync/errgroup"
)

// parallel calls do(i) for 0 <= i < n from several goroutines (threads below 1: one for each processor). If ctx is done before the end, it
// skips the remaining calls and returns ctx's error. If do panics, it returns an error with the stack. A nil context is never done.
func parallel(ctx context.Context, n, threads int, do func(i int)) error {
	if ctx == nil {
		ctx = context.Background()
	}
	if threads < 1 {
		threads = runtime.GOMAXPROCS(0)
	}
	call := func(i int) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = errors.Errorf("item %d: panic: %v\n%s", i, r, debug.Stack())
			}
		}()
		do(i)
		return nil
	}
	group, inner := errgroup.WithContext(ctx)
	var next atomic.Int64
	worker := func() error {
		for inner.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return nil
			}
			if err := call(i); err != nil {
				return err
			}
		}
		return nil
	}
	for range min(threads, n) {
		group.Go(worker)
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}
