package main

import (
	"fmt"
	"io"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/train"
	reports "github.com/selfnorm/selfnorm/train/report"
)

// page is the page of -report and -watch. A nil one does nothing.
type page struct {
	options
	recorder reports.Recorder
	watcher  *reports.Watcher
	results  []*train.Result
	began    time.Time
	on       string
}

// newPage opens the port of -watch before anything takes time.
func newPage(o options, w io.Writer) (*page, error) {
	if o.report == "" && o.watch == "" {
		return nil, nil
	}
	p := &page{options: o, began: time.Now()}
	p.recorder.Run.Title = "Tox21: " + o.net
	if o.watch == "" {
		return p, nil
	}
	var err error
	if p.watcher, err = reports.Watch(o.watch, &p.recorder); err != nil {
		return nil, errors.Wrap(err, "-watch")
	}
	fmt.Fprintf(w, "watch: %s\n", p.watcher.URL())
	return p, nil
}

// describe adds what is known before the training.
func (p *page) describe(e *experiment) {
	if p == nil {
		return
	}
	p.on = "test rows"
	if p.validation >= 0 {
		p.on = "validation rows"
	}
	setting := func(name string, value any) reports.Setting {
		return reports.Setting{Name: name, Value: fmt.Sprint(value)}
	}
	p.recorder.Update(func(r *reports.Run) {
		r.Began, r.Validation = p.began, p.on
		r.Notes = []string{
			"Data: " + e.data.Notes + ".",
			fmt.Sprintf("%d rows for training and %d %s; %d features. Nothing is chosen by the curves of the %[3]s.",
				len(e.fit), len(e.judge), p.on, e.set.Inputs()),
		}
		r.Config = []reports.Setting{
			setting("network", p.net), setting("hidden layers", p.hidden.Layers), setting("units", p.hidden.Units), setting("form", p.form),
			setting("dropout", p.hidden.Dropout), setting("input dropout", p.hidden.InputDropout),
			setting("optimizer", p.optimizer), setting("learning rate", p.rate), setting("schedule", p.schedule), setting("L2 penalty", p.l2),
			setting("rows of a step", min(p.batch, len(e.fit))), setting("epochs", p.epochs), setting("networks", p.repeats), setting("seed", p.seed),
		}
		if p.repeats > 1 {
			r.Config = append(r.Config, setting("curves and histograms", "of the last network"))
		}
	})
}

// attach makes a training fill the page.
func (p *page) attach(e *experiment, c *train.Config) error {
	if p == nil {
		return nil
	}
	judge, err := e.set.Subset(e.judge)
	if err != nil {
		return err
	}
	c.Validation, c.Metric = judge, train.MeanROCAUC
	c.Callbacks = append(c.Callbacks, &p.recorder)
	return nil
}

// add adds the result of a network; that of all together comes first.
func (p *page) add(result *train.Result) {
	if p == nil {
		return
	}
	p.results = append(p.results, result)
	named := func(name string, r *train.Result) reports.Result {
		return reports.Result{Name: name, Names: tox21.Tasks(), Result: r}
	}
	var all []reports.Result
	if n := len(p.results); n > 1 {
		all = append(all, named(fmt.Sprintf("%s, mean of %d networks", p.on, n), ensemble(p.results)))
	}
	for k, r := range p.results {
		name := p.on
		if p.repeats > 1 {
			name = fmt.Sprintf("seed %d", p.seed+uint64(k))
		}
		all = append(all, named(name, r))
	}
	p.recorder.Update(func(r *reports.Run) { r.Results = all })
}

// finish ends the live page and writes the file, also after a failure, which it then returns.
func (p *page) finish(failure error) error {
	if p == nil {
		return failure
	}
	p.recorder.Update(func(r *reports.Run) {
		if failure != nil {
			r.Failure = failure.Error()
		}
	})
	if p.watcher != nil {
		p.watcher.Close()
	}
	if p.report == "" {
		return failure
	}
	if err := reports.Write(p.report, p.recorder.Snapshot()); err != nil && failure == nil {
		return err
	}
	return failure
}
