package search

import (
	"context"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/train/metric"
)

// engine runs trials, several at a time, and keeps the results file.
type engine struct {
	Config
	header header
	work   work
	store  *store                 // nil without a results file
	known  map[string]TrialResult // finished trials, by the key of their job
	screen *screen                // nil without a table
	warned string

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
	// test is for jobs on test rows, and rows returns the rows of a job, without the test rows during the search. Both belong to a nested
	// cross-validation, with its number of folds.
	test  TrialFunc
	rows  func(fold int, test bool) batch.Fold
	folds int
}

// newEngine opens the results file.
func newEngine(c Config, folds string, w work) (e *engine, err error) {
	e = &engine{Config: c, known: map[string]TrialResult{}, work: w}
	e.header = header{Format: format, Version: version, Key: c.Key, Seed: c.Seed, Folds: folds}
	if c.Table != nil {
		e.screen = newScreen(c.Table, c.Clock)
	}
	if c.Results != "" {
		if e.store, err = openStore(c.Results, e.header); err != nil {
			return nil, err
		}
		for _, t := range e.store.trials { // a later line replaces an earlier one
			e.known[job{t.Fold, t.Epochs, t.Point}.key()] = t
		}
	}
	if err := e.take(); err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

func (e *engine) close() {
	if e.store != nil {
		e.store.close() // all is synced
	}
}

// run runs the jobs that are not known yet, and returns the trials that have finished, in the order of the jobs.
func (e *engine) run(ctx context.Context, jobs []job) ([]TrialResult, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e.cancel = cancel
	b := e.begin(jobs)
	var failed error
	if len(b.Jobs) > 0 {
		failed = e.hand(ctx, b)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	trials := e.finished(jobs)
	e.state.Best = TrialResult{} // of equal trials the first point, not the first to finish
	for _, t := range trials {
		e.compete(t)
	}
	e.emit(Event{Type: Ended})
	switch {
	case e.err != nil:
	case ctx.Err() != nil && len(trials) < len(jobs):
		e.err = errors.Wrapf(ctx.Err(), "%d of %d trials finished", len(trials), len(jobs))
	case failed != nil:
		e.err = failed
	case len(trials) < len(jobs):
		e.err = e.missing(jobs)
	}
	e.warn(trials)
	return trials, e.err
}

// hand gives a batch to the runner. A panic of the runner becomes an error.
func (e *engine) hand(ctx context.Context, b *Batch) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Errorf("the runner: panic: %v%s", r, panicSite())
		}
	}()
	return e.Runner.Run(ctx, b)
}

// missing names the jobs without a result.
func (e *engine) missing(jobs []job) error {
	m := &Missing{Total: len(jobs)}
	for _, j := range jobs {
		if _, ok := e.known[j.key()]; !ok {
			m.Jobs = append(m.Jobs, e.jobOf(j))
		}
	}
	return m
}

// warn warns of trials from different kinds of processors.
func (e *engine) warn(trials []TrialResult) {
	if text := mixed(trials); text != "" && e.Warn != nil && text != e.warned {
		e.warned = text
		e.Warn(text)
	}
}

// begin counts the trials that are known and returns the other jobs.
func (e *engine) begin(jobs []job) *Batch {
	e.mu.Lock()
	defer e.mu.Unlock()
	b := &Batch{Parallel: e.Parallel, e: e, wanted: map[string]bool{}}
	for i, j := range jobs {
		t, ok := e.known[j.key()]
		if data := e.dataOf(j.point); ok && t.Data != "" && data != "" && t.Data != data {
			e.fail(errors.Errorf("the result of trial %s is that of the data %q; those of this search are %q", title(t), t.Data, data))
			return &Batch{}
		}
		if !ok || e.RetryFailed && t.Failure != "" {
			delete(e.known, j.key())
			b.Jobs, b.Positions = append(b.Jobs, e.jobOf(j)), append(b.Positions, i)
			b.wanted[j.key()] = true
		}
	}
	e.state = Event{Total: len(jobs)}
	for _, t := range e.finished(jobs) {
		if t.Epochs == 0 && len(t.Curve) > 0 && e.agreed(t.Point, t.curve().metric) != nil {
			return &Batch{}
		}
		e.count(t)
	}
	e.state.Resumed = e.state.Done
	e.emit(Event{Type: Began})
	return b
}

func (e *engine) dataOf(p Point) string {
	if e.Data == nil {
		return ""
	}
	return e.Data(p)
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
