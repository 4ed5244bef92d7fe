package training

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/english"
	"github.com/selfnorm/selfnorm/train/optim"
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
	p.recorder.Run = report.Run{Title: title + ": " + o.Net, Stage: "reading data", Began: p.began, Folders: o.folders()}
	if o.Members.N > 1 {
		for k := range o.Members.N {
			p.recorder.Run.Networks = append(p.recorder.Run.Networks, o.member(k))
		}
	}
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
func (p *page) describe(problem *Problem) {
	if p == nil {
		return
	}
	o := p.flags
	setting := func(name string, value any) report.Setting {
		return report.Setting{Name: name, Value: settingText(value)}
	}
	p.recorder.Update(func(r *report.Run) {
		r.Validation, r.Notes, r.Synthetic, r.Stage = problem.Curves, problem.Notes, problem.Set.Synthetic, "building the network"
		r.Config = []report.Setting{
			setting("network", o.Net), setting("hidden layers", o.Hidden.Layers), setting("units", o.Hidden.Units), setting("form", o.Hidden.Profile),
			setting("dropout", o.Hidden.Dropout), setting("input dropout", o.Hidden.InputDropout),
			setting("optimizer", o.Optimizer), setting("learning rate", o.learningRate()), setting("schedule", o.Schedule), setting("L2 penalty", o.L2),
			setting("rows of a step, at most", o.Batch), setting("epochs", o.Epochs), setting("networks", o.Members.N),
			{Name: "seed", Value: strconv.FormatUint(o.Seed, 10)},
		}
		if o.Members.N > 1 {
			r.Config = append(r.Config, setting("ensemble", o.Members), setting("layers and histograms", "of the last network"))
		}
	})
}

// settingText writes a setting as people do: 12,000 and 0.00001.
func settingText(value any) string {
	switch v := value.(type) {
	case int:
		return english.Thousands(v)
	case float64:
		if v >= 1e-6 && v < 1e6 {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return fmt.Sprint(value)
}

// learningRate is that of the optimizer, its default if the flag is 0.
func (o *Flags) learningRate() float64 {
	rule, err := optim.ByName(o.Optimizer, o.Rate, o.L2)
	if err != nil {
		return o.Rate
	}
	return optim.LearningRate(rule)
}

// stage shows the work of the program while no network trains.
func (p *page) stage(name string) {
	if p != nil {
		p.recorder.Update(func(r *report.Run) { r.Stage = name })
	}
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
		r.Stage, r.Seconds = "", time.Since(p.began).Seconds()
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
	if err := report.Write(p.flags.Report, p.recorder.Snapshot()); err != nil && failure == nil {
		return err
	}
	return failure
}
