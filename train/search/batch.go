package search

import (
	"context"
	"runtime"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/metric"
)

// Runner decides where the trials of a search run: [Local] in this process, [Shard] a part of them, [Nowhere] none, [List] and [Serve] in other
// processes. It is called once, and once more for the tests of a nested cross-validation, unless no trial is left to run.
type Runner interface {
	// Run runs the jobs of b in any order, several at a time if it likes: here by Batch.Try, or elsewhere. It gives each result to
	// Batch.Keep. When ctx is done it returns soon. It may leave jobs out: the search then ends with [Missing], unless Run returns another error.
	Run(ctx context.Context, b *Batch) error
}

// Batch holds the trials that a search still needs.
type Batch struct {
	// Jobs are the trials to run.
	Jobs []Job
	// Positions are those of the jobs among all trials, from 0, those with known results included. They do not depend on what is known.
	Positions []int
	// Parallel is Config.Parallel, or the number of cores.
	Parallel int

	e      *engine
	wanted map[string]bool // by the key of a job
}

// threads returns the share of the cores of each of n trials that run side by side.
func threads(n int) int { return max(1, runtime.GOMAXPROCS(0)/max(1, n)) }

// Try runs a trial in this process. A trial that fails or panics has a result that says so. The error is that of ctx if the trial was cancelled,
// or that of a job of another search. The slot is a number for the display of running trials, from 0, and threads the number of threads.
func (b *Batch) Try(ctx context.Context, slot, threads int, j Job) (TrialResult, error) {
	if b == nil || b.e == nil || ctx == nil {
		return TrialResult{}, errors.New("search: a batch of no search, or no context")
	}
	if err := b.e.check(j); err != nil {
		return TrialResult{}, errors.Wrap(err, "search")
	}
	return b.e.try(ctx, max(0, slot), max(1, threads), j)
}

// try runs a job and returns its result.
func (e *engine) try(ctx context.Context, slot, threads int, j Job) (TrialResult, error) {
	if err := ctx.Err(); err != nil {
		return TrialResult{}, err
	}
	result := TrialResult{Point: j.Point, Fold: j.Fold, Epochs: j.Epochs, Data: j.Data, CPU: runtime.GOARCH + " " + kernel.CPU()}
	t := &Trial{Point: j.Point, Seed: j.Seed, Threads: threads, Fold: j.Fold, Epochs: j.Epochs}
	if e.work.rows != nil {
		t.Rows = e.work.rows(j.Fold, j.Epochs > 0)
	}
	t.progress = func(epoch int, value float64) {
		e.tell(Event{Type: Reported, Slot: slot, Trial: result, Epoch: epoch, Value: value})
	}
	do, curve := e.work.trial, true
	if j.Epochs > 0 {
		do, curve = e.work.test, false
	} else {
		t.agree = func(m metric.Metric) error { return e.agree(j.Point, m) }
	}
	e.tell(Event{Type: Started, Slot: slot, Trial: result})
	values, err := try(ctx, do, t)
	c := t.end()
	if err != nil && ctx.Err() != nil {
		return TrialResult{}, ctx.Err() // it may have failed because it was cancelled
	}
	if err == nil && curve && len(c.values) == 0 {
		err = errors.New("the trial has reported no epoch")
	}
	done := result // events hold the other one
	done.setCurve(c)
	if done.Values = values; err != nil {
		done.Failure = failure(err)
	}
	return done, nil
}

// Keep records the result of a job of the batch, in the results file first. It returns an error if there is no such job or its result is known
// already, if the metric cannot be compared with that of the other trials, and if the result cannot be written; the search then ends.
func (b *Batch) Keep(slot int, t TrialResult) error {
	if b == nil || b.e == nil {
		return errors.New("search: a batch of no search")
	}
	e := b.e
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := t.Point.check(); err != nil {
		return errors.Wrap(err, "search")
	}
	key := job{t.Fold, t.Epochs, t.Point}.key()
	c := t.curve()
	var err error
	switch {
	case !b.wanted[key]:
		err = errors.Errorf("trial %s is none of the batch, or finished before", title(t))
	case c.check() != nil:
		err = errors.Wrapf(c.check(), "trial %s", title(t))
	case t.Epochs == 0 && len(t.Curve) > 0:
		err = e.agreed(t.Point, c.metric)
	}
	if err == nil && e.store != nil {
		err = e.store.add(t)
	}
	if err != nil {
		e.fail(err)
		return errors.Wrap(err, "search")
	}
	delete(b.wanted, key)
	e.known[key] = t
	t = e.Rule.judge(t)
	e.count(t)
	e.emit(Event{Type: Finished, Slot: max(0, slot), Trial: t})
	return nil
}
