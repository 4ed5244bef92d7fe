package search

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
)

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
