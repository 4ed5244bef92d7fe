package training

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/report"
)

// page is the page of -report and -watch. A nil page does nothing.
type page struct {
	flags    *Flags
	recorder report.Recorder
	watcher  *report.Watcher
	results  []report.Result
	networks []report.Network // that have been trained
	began    time.Time
	member   time.Time // start of the training of a network

	described bool
}

// newPage returns the page, or nil if no flag asks for it. It opens the port of -watch before anything takes time.
func (o *Flags) newPage(title string, w io.Writer) (*page, error) {
	if o.Report == "" && o.Watch == "" {
		return nil, nil
	}
	p := &page{flags: o, began: time.Now()}
	p.recorder.Run.Title, p.recorder.Run.Phase = title+": "+o.Net, "reading data"
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

// describe adds what is known before the training.
func (p *page) describe(problem *Problem) {
	if p == nil {
		return
	}
	p.described = true
	o := p.flags
	p.recorder.Update(func(r *report.Run) {
		r.Began, r.Validation, r.Config = p.began, problem.Curves, o.settings()
		r.Notes = nil
		for _, note := range problem.Notes {
			r.Notes = append(r.Notes, p.clean(note))
		}
		if problem.Set.Synthetic {
			r.Title += ", made-up data"
			r.Banner = "Made-up data: the numbers on this page say nothing about real ones. " + p.clean(problem.Set.Notes) + "."
		}
		r.Phase = "starting"
	})
}

// phase names the current work.
func (p *page) phase(name string) {
	if p != nil {
		p.recorder.Update(func(r *report.Run) { r.Phase = name })
	}
}

// counts finds numbers of things in a sentence about the data, and digits the numbers in what is found.
var (
	counts = regexp.MustCompile(`\b\d{4,}( of \d+)?,? (rows|different|features|columns|classes|compounds|images)\b|\b\d+ of \d{4,} (rows|compounds)\b`)
	digits = regexp.MustCompile(`\d+`)
)

// clean writes numbers of things as people do, and leaves out the folders of this machine.
func (p *page) clean(text string) string {
	o := p.flags
	text = counts.ReplaceAllStringFunc(text, func(found string) string {
		return digits.ReplaceAllStringFunc(found, func(n string) string {
			if v, err := strconv.Atoi(n); err == nil {
				return Count(v)
			}
			return n
		})
	})
	return hidePaths(text, o.Data, o.Out, o.JSON, o.ONNX, o.Report, o.Log, o.TensorBoard, o.Checkpoint)
}

// cleanHistory returns a copy whose warnings name no folders.
func (p *page) cleanHistory(h *train.History) *train.History {
	if h == nil {
		return nil
	}
	c := *h
	c.Warnings = nil
	for _, w := range h.Warnings {
		c.Warnings = append(c.Warnings, p.clean(w))
	}
	return &c
}

// settings are the flags that a reader wants to know.
func (o *Flags) settings() []report.Setting {
	setting := func(name string, value any) report.Setting {
		switch v := value.(type) {
		case int:
			return report.Setting{Name: name, Value: Count(v)}
		case float64:
			return report.Setting{Name: name, Value: decimal(v)}
		}
		return report.Setting{Name: name, Value: fmt.Sprint(value)}
	}
	rate := o.Rate
	if rule, err := optim.ByName(o.Optimizer, o.Rate, o.L2); err == nil {
		rate = optim.LearningRate(rule) // the default if the flag is 0
	}
	all := []report.Setting{
		setting("network", o.Net), setting("hidden layers", o.Hidden.Layers), setting("units", o.Hidden.Units), setting("form", o.Hidden.Profile),
		setting("dropout", o.Hidden.Dropout), setting("input dropout", o.Hidden.InputDropout),
		setting("optimizer", o.Optimizer), setting("learning rate", rate), setting("schedule", o.Schedule), setting("L2 penalty", o.L2),
		setting("rows of a step, at most", o.Batch), setting("epochs", o.Epochs), setting("networks", o.Members.N), setting("seed", o.Seed),
	}
	if o.Members.N > 1 {
		all = append(all, setting("ensemble", o.Members))
	}
	return all
}

// callbacks are those of network k, last among its callbacks.
func (p *page) callbacks(k int) []train.Callback {
	if p == nil {
		return nil
	}
	return []train.Callback{&callback.DensityProbes{}, &p.recorder, memberStart{p, k}}
}

// memberStart completes the report of a network, which the recorder begins anew.
type memberStart struct {
	*page
	k int
}

// AtStart implements callback.StartCallback.
func (m memberStart) AtStart(context.Context, *train.State) error {
	m.page.member = time.Now()
	n := m.flags.Members.N
	m.recorder.Update(func(r *report.Run) {
		r.Phase = "training"
		if n > 1 {
			r.Phase = fmt.Sprintf("network %s of %s", Count(m.k+1), Count(n))
		}
		r.Networks, r.Results = slices.Clone(m.networks), slices.Clone(m.results)
	})
	return nil
}

// trained adds a network that has been trained, before its result.
func (p *page) trained(k int, h *train.History) {
	if p == nil {
		return
	}
	p.networks = append(p.networks, report.Network{Name: p.flags.member(k), History: p.cleanHistory(h), Seconds: time.Since(p.member).Seconds()})
	p.recorder.Update(func(r *report.Run) {
		r.Networks = slices.Clone(p.networks)
		if r.Phase = "judging the results"; k+1 < p.flags.Members.N {
			r.Phase = fmt.Sprintf("network %s of %s is trained", Count(k+1), Count(p.flags.Members.N))
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

// explained adds contributions.
func (p *page) explained(c []report.Contributions) {
	if p != nil {
		p.recorder.Update(func(r *report.Run) { r.Contributions = c })
	}
}

func (p *page) show(results []report.Result) {
	p.recorder.Update(func(r *report.Run) { r.Results = append([]report.Result(nil), results...) })
}

// finish ends the live page and writes the file, also after a failure in training, which it then returns.
func (p *page) finish(failure error) error {
	if p == nil {
		return failure
	}
	p.recorder.Update(func(r *report.Run) {
		r.Phase, r.Seconds = "", time.Since(p.began).Seconds()
		if failure != nil {
			r.Failure = failure.Error()
		}
		r.Failure, r.History = p.clean(r.Failure), p.cleanHistory(r.History)
	})
	if p.watcher != nil {
		p.watcher.Close()
	}
	if p.flags.Report == "" || failure != nil && !p.described { // a run that has not begun does not replace the page of another
		return failure
	}
	return program.Join(failure, report.Write(p.flags.Report, p.recorder.Snapshot()))
}
