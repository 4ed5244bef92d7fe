package train

import (
	"context"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/callback"
)

// epoch makes one pass over the data, or the rest of one.
func (r *run) epoch(ctx context.Context) error {
	rows, err := r.order()
	if err != nil {
		return errors.Wrapf(err, "epoch %d", r.state.Epoch)
	}
	next := &prefetcher{run: r}
	defer next.stop()
	at := r.batch - 1 // the last batch that was begun
	start := func() {
		if at = r.nextOwn(at + 1); at < r.batchesPerEpoch {
			next.start(rows(at))
		}
	}
	start()
	for r.batch < r.batchesPerEpoch {
		if err := ctx.Err(); err != nil {
			return r.interrupted(errors.Wrapf(err, "stopped before step %d of %d", r.state.Step+1, r.state.Steps))
		}
		n := min(r.Accumulate, r.batchesPerEpoch-r.batch)
		err := r.step(ctx, n, func() (batchOf, error) {
			now, err := next.wait()
			start()
			return now, err
		})
		if err == nil {
			err = r.afterStep(ctx)
		}
		if errors.Is(err, ErrStop) {
			r.stopped = true
			break
		}
		if err != nil {
			return errors.Wrapf(err, "epoch %d, step %d", r.state.Epoch, r.state.Step)
		}
		if err := r.saveAfterStep(); err != nil {
			return err
		}
	}
	if r.batch == 0 { // stopped before the first update of the epoch
		return nil
	}
	next.stop()
	return r.endEpoch(ctx)
}

// endEpoch validates after an epoch, or after the part of one that a callback has stopped, and calls the callbacks.
func (r *run) endEpoch(ctx context.Context) error {
	rate, err := r.rate(max(0, r.state.Step-1))
	if err != nil {
		return err
	}
	e := Epoch{Number: r.state.Epoch, Step: r.state.Step, Loss: r.sum / float64(r.batch), Rate: rate}
	if r.sums != nil {
		e.Outputs = &callback.OutputLosses{Training: make([]float64, len(r.sums))}
		for i, sum := range r.sums {
			e.Outputs.Training[i] = sum / float64(r.batch)
		}
	}
	if err := r.averaged(func() error { return r.validate(ctx, &e) }); err != nil {
		err = errors.Wrapf(err, "epoch %d", e.Number)
		if ctx.Err() != nil {
			return r.interrupted(err)
		}
		return err
	}
	e.Seconds = time.Since(r.begin).Seconds()
	r.state.History.Epochs = append(withRoom(r.state.History.Epochs, r.Epochs), e)
	r.batch, r.sum = 0, 0
	clear(r.sums)
	if err := r.neverValid(); err != nil {
		return err
	}
	if err := r.averaged(func() error { return r.afterEpoch(ctx) }); errors.Is(err, ErrStop) {
		r.stopped = true
	} else if err != nil {
		return err
	}
	return r.saveAfterEpoch()
}

// withRoom returns the epochs with room for one more. It grows by less than append, so that little of the memory for a long history is
// unused: a sixteenth, and nothing beyond the last epoch.
func withRoom(epochs []Epoch, last int) []Epoch {
	n := len(epochs)
	if n < cap(epochs) {
		return epochs
	}
	room := max(1, min(max(64, n/16), last-n))
	return append(make([]Epoch, 0, n+room), epochs...)
}

// averaged calls f while the network has the average of its weights, if the run keeps one.
func (r *run) averaged(f func() error) error {
	if err := r.average.swap(); err != nil {
		return err
	}
	err := f()
	if back := r.average.swap(); back != nil {
		return back
	}
	return err
}

// step makes one update of the weights from the next n batches.
func (r *run) step(ctx context.Context, n int, next func() (batchOf, error)) (err error) {
	if r.state.Rate, err = r.rate(r.state.Step); err != nil {
		return err
	}
	if r.optimizer != nil {
		r.optimizer.SetScale(r.state.Rate)
	}
	r.state.Step++
	if r.Parallel != nil {
		return r.shardedStep(ctx, n, next)
	}
	b, err := next()
	if err != nil {
		return err
	}
	r.state.Graph = b.machine.Graph
	due, err := r.updateDue()
	switch {
	case err != nil:
		return err
	case n > 1:
		return r.accumulate(ctx, n, b, next)
	case !due && r.optimizer != nil && r.optimizer.Eager():
		return r.eagerStep(b)
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

// accumulate makes one update from the mean gradients of n batches, of which b is the first.
func (r *run) accumulate(ctx context.Context, n int, b batchOf, next func() (batchOf, error)) error {
	mean, err := r.accumulator(n)
	if err != nil {
		return err
	}
	sum := 0.0
	for k := range n {
		if k > 0 {
			if b, err = next(); err != nil {
				return err
			}
		}
		if err := r.gradients(b); err != nil {
			return err
		}
		if err := r.beforeUpdate(ctx); err != nil {
			return err
		}
		if _, err := mean.Add(b.machine.Updates); err != nil {
			return err
		}
		sum += r.state.Loss
		r.finished()
	}
	r.state.Loss = sum / float64(n)
	return r.update(mean.Mean())
}

// finished counts a batch.
func (r *run) finished() {
	r.batch++
	r.batches++
	r.sum += r.state.Loss
	for i, loss := range r.losses {
		r.sums[i] += loss
	}
}
