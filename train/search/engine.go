package search

import (
	"context"
	"runtime"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/train/metric"
)

// engine runs trials, several at a time, and keeps the results file.
type engine struct {
	Config
	store  *store                 // nil without a results file
	known  map[string]TrialResult // finished trials, by the key of their job
	screen *screen                // nil without a table

	mu     sync.Mutex // guards everything below, known, and calls of store, screen and observer
	state  Event
	err    error // the error that ends the search
	cancel context.CancelFunc
	metric metric.Metric // what the trials report
	first  Point         // the point whose trial has set it; nil before that
}

// work describes what to do for a job.
type work struct {
	trial TrialFunc
	// curve means that a trial without a curve has failed.
	curve bool
	// rows returns the rows of a job, in a nested cross-validation.
	rows func(fold int) batch.Fold
}

// newEngine opens the results file.
func newEngine(c Config, folds string) (*engine, error) {
	e := &engine{Config: c, known: map[string]TrialResult{}}
	if c.Table != nil {
		e.screen = newScreen(c.Table, c.Clock)
	}
	if c.Results == "" {
		return e, nil
	}
	var err error
	e.store, err = openStore(c.Results, header{Format: format, Version: version, Key: c.Key, Seed: c.Seed, Folds: folds})
	if err != nil {
		return nil, err
	}
	for _, t := range e.store.trials { // a later line replaces an earlier one
		e.known[job{t.Fold, t.Epochs, t.Point}.key()] = t
	}
	return e, nil
}

func (e *engine) close() {
	if e.store != nil {
		e.store.close() // all is synced
	}
}

// run runs the jobs that are not known yet, and returns the trials that have finished, in the order of the jobs.
func (e *engine) run(ctx context.Context, jobs []job, w work) ([]TrialResult, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e.cancel = cancel
	todo := e.begin(jobs)
	slots := min(e.Parallel, len(todo))
	next := make(chan job)
	var running sync.WaitGroup
	for slot := range slots {
		running.Go(func() {
			for j := range next {
				e.do(ctx, slot, max(1, runtime.GOMAXPROCS(0)/slots), j, w)
			}
		})
	}
	for _, j := range todo {
		select {
		case next <- j:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	running.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	trials := e.finished(jobs)
	e.state.Best = TrialResult{} // of equal trials the first point, not the first to finish
	for _, t := range trials {
		e.compete(t)
	}
	e.emit(Event{Type: Ended})
	if e.err == nil && len(trials) < len(jobs) {
		e.err = errors.Wrapf(ctx.Err(), "%d of %d trials finished", len(trials), len(jobs))
	}
	return trials, e.err
}

// begin counts the trials that are known and returns the other jobs.
func (e *engine) begin(jobs []job) (todo []job) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, j := range jobs {
		if t, ok := e.known[j.key()]; !ok || e.RetryFailed && t.Failure != "" {
			delete(e.known, j.key())
			todo = append(todo, j)
		}
	}
	e.state = Event{Total: len(jobs)}
	for _, t := range e.finished(jobs) {
		if t.Epochs == 0 && len(t.Curve) > 0 && e.agreed(t.Point, t.curve().metric) != nil {
			return nil
		}
		e.count(t)
	}
	e.state.Resumed = e.state.Done
	e.emit(Event{Type: Began})
	return todo
}

// finished returns the known trials of the jobs, with the points and scores of this search.
func (e *engine) finished(jobs []job) []TrialResult {
	var trials []TrialResult
	for _, j := range jobs {
		if t, ok := e.known[j.key()]; ok {
			t.Point = j.point
			trials = append(trials, e.Rule.judge(t))
		}
	}
	return trials
}

// count adds a trial to the state.
func (e *engine) count(t TrialResult) {
	e.state.Done++
	if t.Failure != "" {
		e.state.Failed++
	}
	e.compete(t)
}

// compete updates the best trial so far. Trials on test rows do not take part.
func (e *engine) compete(t TrialResult) {
	if t.Best > 0 && t.Epochs == 0 && (e.state.Best.Best == 0 || e.Rule.compare(t, e.state.Best) < 0) {
		e.state.Best = t
	}
}
