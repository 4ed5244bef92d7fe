package serve

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
)

// maxBatch is the largest number of rows that are predicted at once.
const maxBatch = 1024

// batcher joins the rows of requests that come at the same time and predicts them at once. A request alone never waits.
type batcher struct {
	model *Model
	delay time.Duration // a batch waits this long at most for requests that are being read
	limit time.Duration // of a batch
	// reading counts requests whose rows will come soon.
	reading *atomic.Int32
	queue   chan *job
	seen    func(rows int, x []float32) // receives each batch
	ended   chan struct{}
}

// job is a part of a request: its rows, and where the predictions go.
type job struct {
	ctx  context.Context
	f    *features
	done chan result
}

type result struct {
	values []float64
	err    error
}

// predict returns the predictions for at most maxBatch rows.
func (b *batcher) predict(ctx context.Context, f *features) ([]float64, error) {
	j := &job{ctx, f, make(chan result, 1)}
	select {
	case b.queue <- j:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case r := <-j.done:
		return r.values, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// run predicts batch after batch, until the queue is closed.
func (b *batcher) run() {
	defer close(b.ended)
	for next := <-b.queue; next != nil; {
		var batch []*job
		batch, next = b.collect(next)
		b.batch(batch)
		if next == nil {
			next = <-b.queue
		}
	}
}

// collect returns the jobs of a batch, and one that no longer fits. It takes what waits; while other requests are being read, it waits for
// them, within the delay.
func (b *batcher) collect(first *job) (batch []*job, next *job) {
	batch = []*job{first}
	var timeout <-chan time.Time
	for rows := first.f.rows; rows < maxBatch; {
		var j *job
		select {
		case j = <-b.queue:
		default:
			if b.delay == 0 || b.reading.Load() == 0 {
				return batch, nil
			}
			if timeout == nil {
				timeout = time.After(b.delay)
			}
			select {
			case j = <-b.queue:
			case <-timeout:
				return batch, nil
			}
		}
		if j == nil || rows+j.f.rows > maxBatch {
			return batch, j
		}
		batch = append(batch, j)
		rows += j.f.rows
	}
	return batch, nil
}

// batch predicts the jobs whose requests still wait.
func (b *batcher) batch(jobs []*job) {
	live, all := jobs[:0], &features{}
	for _, j := range jobs {
		if j.ctx.Err() == nil {
			live = append(live, j)
			all.rows += j.f.rows
		}
	}
	if len(live) == 0 {
		return
	}
	all.matrix, all.substructures = live[0].f.matrix, live[0].f.substructures
	if len(live) > 1 {
		var parts []*molecular.Substructures
		all.matrix = make([]float32, 0, all.rows*len(all.matrix)/live[0].f.rows)
		for _, j := range live {
			all.matrix, parts = append(all.matrix, j.f.matrix...), append(parts, j.f.substructures)
		}
		all.substructures = molecular.Join(parts)
	}
	ctx, cancel := context.WithTimeout(context.Background(), b.limit)
	defer cancel()
	values, err := b.model.predict(ctx, all)
	if err == nil && len(values)%all.rows != 0 {
		err = errors.Errorf("%d values for %d rows", len(values), all.rows)
	}
	if err == nil && b.seen != nil {
		b.seen(all.rows, all.matrix)
	}
	at := 0
	for _, j := range live {
		r := result{err: err}
		if err == nil {
			n := j.f.rows * (len(values) / all.rows)
			r.values = values[at:][:n:n]
			at += n
		}
		j.done <- r
	}
}
