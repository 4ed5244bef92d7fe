package stream

import (
	"context"
	"io"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/pkg/errors"
)

// MaxWorkers bounds the goroutines of [Run].
const MaxWorkers = 1024

// inFlight is the number of blocks for each worker that are read and not yet put: one that is computed, and one that waits for its turn.
const inFlight = 2

// Run reads blocks by next until it returns io.EOF, computes their answers by do on several goroutines, and hands the answers to put in the order
// of the blocks. next and put each run on one goroutine. workers is the number of goroutines of do, 0 for one for each processor; at most twice
// as many blocks are in memory.
//
// The first error in the order of the blocks ends the run and is returned; put has the answers of all blocks before it. When ctx is done, Run
// returns its error, once the calls that have begun have returned: they must obey the context that they are given. A panic becomes an error with its
// stack.
func Run[B, A any](ctx context.Context, workers int, next func(ctx context.Context) (B, error), do func(ctx context.Context, block B) (A, error),
	put func(answer A) error) error {
	switch {
	case ctx == nil:
		return errors.New("stream: there is no context")
	case next == nil || do == nil || put == nil:
		return errors.New("stream: next, do and put must all be functions")
	case workers < 0 || workers > MaxWorkers:
		return errors.Errorf("stream: %d workers, want 0 to %d", workers, MaxWorkers)
	case workers == 0:
		workers = runtime.GOMAXPROCS(0)
	}
	inner, cancel := context.WithCancel(ctx)
	p := pipeline[B, A]{ctx: inner, next: next, do: do, slots: make(chan struct{}, inFlight*workers), jobs: make(chan job[B, A]), order: make(chan chan result[A], inFlight*workers)}
	var running sync.WaitGroup
	running.Go(p.read)
	for range workers {
		running.Go(p.work)
	}
	err := p.putAll(put)
	cancel()
	running.Wait()
	if ctx.Err() != nil && err != nil {
		return ctx.Err() // whatever it made fail
	}
	return err
}

// pipeline is the state of Run.
type pipeline[B, A any] struct {
	ctx   context.Context
	next  func(ctx context.Context) (B, error)
	do    func(ctx context.Context, block B) (A, error)
	slots chan struct{}       // an element for each block in memory
	jobs  chan job[B, A]      // blocks to be computed
	order chan chan result[A] // their answers, in order
}

type job[B, A any] struct {
	block  B
	answer chan result[A] // has room for the answer
}

type result[A any] struct {
	answer A
	err    error // io.EOF after the last block
}

// read reads blocks until an error, which it passes on in its place.
func (p *pipeline[B, A]) read() {
	defer close(p.jobs)
	for {
		select {
		case p.slots <- struct{}{}:
		case <-p.ctx.Done():
			return
		}
		block, err := safely(p.ctx, "reading", func(ctx context.Context, _ struct{}) (B, error) { return p.next(ctx) }, struct{}{})
		answer := make(chan result[A], 1)
		p.order <- answer // has room for all slots
		if err != nil {
			answer <- result[A]{err: err}
			return
		}
		select {
		case p.jobs <- job[B, A]{block, answer}:
		case <-p.ctx.Done():
			return
		}
	}
}

func (p *pipeline[B, A]) work() {
	for j := range p.jobs {
		a, err := safely(p.ctx, "computing", p.do, j.block)
		if err == io.EOF {
			err = errors.WithStack(io.ErrUnexpectedEOF) // it would end the run as a success
		}
		j.answer <- result[A]{a, err}
	}
}

// putAll hands on answers in order until an error or the end.
func (p *pipeline[B, A]) putAll(put func(answer A) error) error {
	for {
		var r result[A]
		select {
		case answer := <-p.order:
			select {
			case r = <-answer:
			case <-p.ctx.Done():
				return p.ctx.Err()
			}
		case <-p.ctx.Done():
			return p.ctx.Err()
		}
		if r.err == io.EOF {
			return nil
		}
		if r.err != nil {
			return r.err
		}
		if _, err := safely(p.ctx, "writing", func(_ context.Context, a A) (struct{}, error) { return struct{}{}, put(a) }, r.answer); err != nil {
			return err
		}
		<-p.slots
	}
}

// safely calls f. A panic becomes an error.
func safely[X, Y any](ctx context.Context, what string, f func(ctx context.Context, x X) (Y, error), x X) (y Y, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Errorf("stream: panic while %s a block: %v\n%s", what, r, debug.Stack())
		}
	}()
	return f(ctx, x)
}
