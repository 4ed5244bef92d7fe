package theory

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/pkg/errors"
)

// parallel calls f for 0 to n-1 on p.Workers threads.
func (p Prover) parallel(ctx context.Context, n int, f func(int)) error {
	var taken atomic.Int64
	var group sync.WaitGroup
	for range min(p.Workers, n) {
		group.Go(func() {
			for i := int(taken.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(taken.Add(1)) - 1 {
				f(i)
			}
		})
	}
	group.Wait()
	return errors.Wrap(ctx.Err(), "theory: proof interrupted")
}
