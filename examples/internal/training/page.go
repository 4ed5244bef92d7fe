package training

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/train/report"
)

// page is the page of -report and -watch. A nil page does nothing.
type page struct {
	flags    *Flags
	recorder report.Recorder
	watcher  *report.Watcher
	results  []report.Result
	began    time.Time
}

// newPage returns the page, or nil if no flag asks for it. It opens the port of -watch before anything takes time.
func (o *Flags) newPage(title string, w io.Writer) (*page, error) {
	if o.Report == "" && o.Watch == "" {
		return nil, nil
	}
	p := &page{flags: o, began: time.Now()}
	p.recorder.Run.Title = title + ": " + o.Net
	if o.Watch == "" {
		return p, nil
	}
	var err error
	if p.watcher, err = report.Watch(o.Watch, &p.recorder); err != nil {
		return nil, errors.Wrap(err, "-watch")
	}
	fmt.Fprintf(w, "watch: %s\n", p.watcher.URL())
	return p, nil
}

// describe adds what is known before the training: which rows the validation curves are for, and sentences about the data.
func (p *page) describe(validation string, notes []string) {
	if p == nil {
		return
	}
	o := p.flags
	setting := func(name string, value any) report.Setting {
		return report.Setting{Name: name, Value: fmt.Sprint(value)}
	}
	p.recorder.Update(func(r *report.Run) {
		r.Began, r.Validation, r.Notes = p.began, validation, notes
		r.Config = []report.Setting{
			setting("network", o.Net), setting("hidden layers", o.Hidden.Layers), setting("units", o.Hidden.Units), setting("form", o.Hidden.Profile),
			setting("dropout", o.Hidden.Dropout), setting("input dropout", o.Hidden.InputDropout),
			setting("optimizer", o.Optimizer), setting("learning rate", o.Rate), setting("schedule", o.Schedule), setting("L2 penalty", o.L2),
			setting("rows of a step, at most", o.Batch), setting("epochs", o.Epochs), setting("networks", o.Members.N), setting("seed", o.Seed),
		}
		if o.Members.N > 1 {
			r.Config = append(r.Config, setting("ensemble", o.Members), setting("curves and histograms", "of the last network"))
		}
	})
}

// add adds the result of a member.
func (p *page) add(r report.Result) {
	if p == nil {
		return
	}
	if p.flags.Members.N > 1 {
		r.Name = p.flags.member(len(p.results)) + ", " + r.Name
	}
	p.results = append(p.results, r)
	p.show(p.results)
}

// first adds results of all members together, which come before the others.
func (p *page) first(results []report.Result) {
	if p != nil {
		p.show(append(slices.Clip(results), p.results...))
	}
}

func (p *page) show(results []report.Result) {
	p.recorder.Update(func(r *report.Run) { r.Results = append([]report.Result(nil), results...) })
}

// finish ends the live page and writes the file, also after a failure, which it then returns.
func (p *page) finish(failure error) error {
	if p == nil {
		return failure
	}
	p.recorder.Update(func(r *report.Run) {
		if failure != nil {
			r.Failure = failure.Error()
		}
	})
	if p.watcher != nil {
		p.watcher.Close()
	}
	if p.flags.Report == "" {
		return failure
	}
	return program.Join(failure, report.Write(p.flags.Report, p.recorder.Snapshot()))
}
