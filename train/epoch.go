package train

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/data"
)

// epoch makes one pass over the data, or the rest of one.
func (r *run) epoch(ctx context.Context) error {
	rows := r.order()
	spans := batches(len(rows), r.Batch)
	next := &prefetcher{run: r}
	defer next.stop()
	start := func(k int) {
		if k < len(spans) {
			next.start(rows[spans[k][0]:spans[k][1]])
		}
	}
	start(r.batch)
	for r.batch < len(spans) {
		if err := ctx.Err(); err != nil {
			return r.interrupted(errors.Wrapf(err, "stopped before step %d of %d", r.state.Step+1, r.state.Steps))
		}
		n := min(r.Accumulate, len(spans)-r.batch)
		err := r.step(ctx, n, func() batchOf {
			now := next.wait()
			start(r.batch + 1)
			return now
		})
		if err == nil {
			err = r.afterStep(ctx)
		}
		if errors.Is(err, ErrStop) && r.batch > 0 && r.batch < len(spans) { // what there is of the epoch counts
			return errors.Wrap(orStop(r.endEpoch(ctx, r.batch)), "in the middle of an epoch")
		}
		if err != nil {
			if !errors.Is(err, ErrStop) {
				err = errors.Wrapf(err, "epoch %d, step %d", r.state.Epoch, r.state.Step)
			} else if r.batch == len(spans) {
				return orStop(r.endEpoch(ctx, len(spans)))
			}
			return err
		}
		if err := r.saveAfterStep(len(spans)); err != nil {
			return err
		}
	}
	return r.endEpoch(ctx, len(spans))
}

// orStop returns ErrStop for no error.
func orStop(err error) error {
	if err == nil {
		return ErrStop
	}
	return err
}

// endEpoch validates after an epoch of n batches, and calls the callbacks.
func (r *run) endEpoch(ctx context.Context, n int) error {
	e := Epoch{Number: r.state.Epoch, Step: r.state.Step, Loss: r.sum / float64(n), Rate: r.scale(r.state.Step - 1)}
	if err := r.average.swap(); err != nil {
		return err
	}
	stop, err := r.judge(ctx, &e)
	if swapped := r.average.swap(); err == nil {
		err = swapped
	}
	if err != nil {
		return err
	}
	r.stopped = stop != nil
	if err := r.saveAfterEpoch(); err != nil {
		return err
	}
	return stop
}

// judge evaluates the epoch and calls the callbacks; stop is ErrStop if one of them asks for it.
func (r *run) judge(ctx context.Context, e *Epoch) (stop, err error) {
	if err := r.validate(ctx, e); err != nil {
		err = errors.Wrapf(err, "epoch %d", r.state.Epoch)
		if ctx.Err() != nil {
			if swapped := r.average.swap(); swapped != nil {
				return nil, swapped
			}
			err = r.interrupted(err)
			if swapped := r.average.swap(); swapped != nil {
				return nil, swapped
			}
		}
		return nil, err
	}
	e.Seconds = time.Since(r.begin).Seconds()
	r.state.History.Epochs = append(r.state.History.Epochs, *e)
	r.batch, r.sum = 0, 0
	if err := r.neverValid(); err != nil {
		return nil, err
	}
	stop = r.afterEpoch(ctx)
	if stop != nil && !errors.Is(stop, ErrStop) {
		return nil, stop
	}
	return stop, nil
}

// step makes one update of the weights from the next n batches.
func (r *run) step(ctx context.Context, n int, next func() batchOf) error {
	r.state.Rate = r.scale(r.state.Step)
	if r.optimizer != nil {
		r.optimizer.SetScale(r.state.Rate)
	}
	r.state.Step++
	if n == 1 && r.accumulator == nil {
		return r.plainStep(ctx, next())
	}
	sum := 0.0
	var m *machine
	for range n {
		b := next()
		m = b.machine
		if err := r.gradients(b); err != nil {
			return err
		}
		if err := r.beforeUpdate(ctx); err != nil {
			return err
		}
		if _, err := r.accumulator.Add(m.Updates); err != nil {
			return err
		}
		sum += r.state.Loss
		r.finished()
	}
	r.state.Loss = sum / float64(n)
	return r.update(r.accumulator.Mean())
}

// finished counts a batch.
func (r *run) finished() {
	r.batch++
	r.batches++
	r.sum += r.state.Loss
}

// plainStep is a step of one batch.
func (r *run) plainStep(ctx context.Context, b batchOf) error {
	if b.err == nil && r.optimizer != nil && r.optimizer.Eager() {
		r.state.Graph = b.machine.Graph
		if !r.updateDue() {
			return r.eagerStep(b)
		}
	}
	if err := r.gradients(b); err != nil {
		return err
	}
	if err := r.beforeUpdate(ctx); err != nil {
		return err
	}
	r.finished()
	return r.update(b.machine.Updates)
}

// order returns the rows in the order of the epoch.
func (r *run) order() []int {
	if o, ok := r.data.(data.Ordered); ok {
		return o.Order(r.Seed, r.state.Epoch)
	}
	return rand.New(rand.NewPCG(r.Seed, uint64(r.state.Epoch))).Perm(r.data.Len())
}

// batches returns the bounds of the batches of n rows. The last one is shorter; a last batch of a single row, which has
// no batch statistics, joins the one before it.
func batches(n, size int) [][2]int {
	var out [][2]int
	for lo := 0; lo < n; {
		hi := n
		if size < n-lo {
			hi = lo + size
		}
		if n-hi == 1 && size > 1 {
			hi = n
		}
		out = append(out, [2]int{lo, hi})
		lo = hi
	}
	return out
}

// stepsPerEpoch is the number of updates of the weights in an epoch.
func (r *run) stepsPerEpoch() int {
	n := len(batches(r.data.Len(), r.Batch))
	return (n-1)/r.Accumulate + 1
}
