package search

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
)

// do runs one job and records its result, unless it was cancelled.
func (e *engine) do(ctx context.Context, slot, threads int, j job, w work) {
	if ctx.Err() != nil {
		return
	}
	result := TrialResult{Point: j.point, Fold: j.fold, Epochs: j.epochs}
	t := &Trial{Point: j.point, Seed: seedOf(e.Seed, j), Threads: threads, Fold: j.fold, Epochs: j.epochs}
	if w.rows != nil {
		t.Rows = w.rows(j.fold)
	}
	t.progress = func(epoch int, value float64) {
		e.tell(Event{Type: Reported, Slot: slot, Trial: result, Epoch: epoch, Value: value})
	}
	if j.epochs == 0 {
		t.agree = func(m metric.Metric) error { return e.agree(j.point, m) }
	}
	e.tell(Event{Type: Started, Slot: slot, Trial: result})
	values, err := try(ctx, w.trial, t)
	c := t.end()
	if err != nil && ctx.Err() != nil {
		return // it may have failed because it was cancelled
	}
	if err == nil && w.curve && len(c.values) == 0 {
		err = errors.New("the trial has reported no epoch")
	}
	done := result // events hold the other one
	done.setCurve(c)
	if done.Values = values; err != nil {
		done.Failure = failure(err)
	}
	e.keep(slot, j, done)
}

// keep records a result.
func (e *engine) keep(slot int, j job, t TrialResult) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.store != nil {
		if err := e.store.add(t); err != nil {
			e.fail(err)
			return
		}
	}
	e.known[j.key()] = t
	t = e.Rule.judge(t)
	e.count(t)
	e.emit(Event{Type: Finished, Slot: slot, Trial: t})
}

// agree returns an error for a metric that cannot be compared with that of the other trials. Such an error ends the search.
func (e *engine) agree(p Point, m metric.Metric) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.agreed(p, m)
}

func (e *engine) agreed(p Point, m metric.Metric) error {
	if e.first == nil {
		e.first, e.metric = p, m
		return nil
	}
	if err := compatible(e.metric, m); err != nil {
		err = errors.Wrapf(err, "trials %s and %s", e.first, p)
		e.fail(err)
		return err
	}
	if e.metric.Name == "" { // from a file that does not name it
		e.first, e.metric = p, m
	}
	return nil
}

// fail ends the search.
func (e *engine) fail(err error) {
	if e.err == nil {
		e.err = err
	}
	e.cancel()
}

func (e *engine) tell(event Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.emit(event)
}

// emit completes an event with the state and shows it.
func (e *engine) emit(event Event) {
	event.Total, event.Done, event.Failed = e.state.Total, e.state.Done, e.state.Failed
	event.Resumed, event.Best = e.state.Resumed, e.state.Best
	defer func() {
		if r := recover(); r != nil {
			e.fail(errors.Errorf("the observer, the clock or the writer of the table: panic: %v%s", r, panicSite()))
		}
	}()
	if e.screen != nil {
		e.screen.show(event)
	}
	if e.Observer != nil {
		e.Observer(event)
	}
}
