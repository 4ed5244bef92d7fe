package report

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/callback"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

const (
	// copyEvery is the minimum time between two copies of the history of a running training.
	copyEvery = 250 * time.Millisecond
	// histogramShare is the fraction of the training time that histograms may take.
	histogramShare = 0.005
	// histogramBins is the number of bins of the histograms of a recorder.
	histogramBins = 32
)

// Recorder is a callback that fills a Run while a training runs. Put it last among the callbacks, and a callback.Probes before it. You can
// use a recorder for several training runs, one after the other; the report covers the most recent one. After a resume the losses begin
// with the resumed step. The methods are safe for concurrent use.
type Recorder struct {
	// Run holds the title, configuration and notes that you set. Do not change it once the training runs; use Update. The recorder fills in
	// the rest, and Model if it is empty.
	Run Run

	mu      sync.Mutex
	run     Run
	source  *callback.History // history of the training, which may be changing it; nil before the first training
	graph   bool              // the graph has been described
	log     lossLog
	copied  time.Time
	began   time.Time     // of this training
	drawing time.Duration // spent on histograms
	version uint64        // counts the changes
}

var (
	_ callback.StartCallback   = (*Recorder)(nil)
	_ callback.StepCallback    = (*Recorder)(nil)
	_ callback.EpochCallback   = (*Recorder)(nil)
	_ callback.EndCallback     = (*Recorder)(nil)
	_ callback.FailureCallback = (*Recorder)(nil)
)

// AtStart implements callback.StartCallback. It begins a new report.
func (r *Recorder) AtStart(_ context.Context, s *callback.State) error {
	if r == nil || s == nil || s.History == nil || s.Params == nil {
		return errors.New("report: there is no recorder or no run; give it to train.Fit")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	r.run, r.source, r.graph, r.log, r.drawing, r.began = r.Run, s.History, false, lossLog{}, 0, now
	if r.run.Began.IsZero() {
		r.run.Began = now
	}
	r.run.Params = s.Params.Size()
	if r.run.LearningRate == 0 {
		r.run.LearningRate = s.LearningRate
	}
	r.progress(s)
	r.copy(now)
	return nil
}

// AfterStep implements callback.StepCallback.
func (r *Recorder) AfterStep(_ context.Context, s *callback.State) error {
	if err := r.check(s); err != nil {
		return err
	}
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.describe(s.Graph)
	r.log.add(s.Step, s.Loss)
	r.progress(s)
	r.version++
	if now.Sub(r.copied) >= copyEvery {
		r.copy(now)
	}
	return nil
}

// AfterEpoch implements callback.EpochCallback.
func (r *Recorder) AfterEpoch(_ context.Context, s *callback.State) error {
	if err := r.check(s); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if r.drawing.Seconds() <= histogramShare*now.Sub(r.run.Began).Seconds() {
		r.histograms(s)
	}
	r.copy(now)
	return nil
}

// AtEnd implements callback.EndCallback.
func (r *Recorder) AtEnd(_ context.Context, s *callback.State) error {
	if err := r.check(s); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.histograms(s)
	r.run.ended = true
	r.copy(time.Now())
	return nil
}

// AtFailure implements callback.FailureCallback. The report shows the error.
func (r *Recorder) AtFailure(s *callback.State, err error) {
	if r.check(s) != nil || err == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.run.Failure, r.run.ended = err.Error(), true
	r.copy(time.Now())
}

// check returns an error for a run that AtStart has not seen.
func (r *Recorder) check(s *callback.State) error {
	if r == nil || s == nil {
		return errors.New("report: there is no recorder or no run; give it to train.Fit")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.source == nil || r.source != s.History {
		return errors.New("report: AtStart was not called for this run")
	}
	return nil
}

func (r *Recorder) progress(s *callback.State) {
	r.run.Progress = Progress{Step: s.Step, Steps: s.Steps, Epoch: s.Epoch, Epochs: s.Epochs, Loss: s.Loss}
}

// describe records the properties of the graph, which exists from the first step on.
func (r *Recorder) describe(g *graphs.Graph) {
	if r.graph || g == nil {
		return
	}
	r.graph = true
	if r.run.Model == "" {
		r.run.Model = g.Summary()
	}
	r.run.SELU = []string{}
	for _, p := range g.Probes() {
		if p.SELU {
			r.run.SELU = append(r.run.SELU, p.Name)
		}
	}
}

// copy copies the history. Epochs and warnings are only ever appended, so their elements need no copy;
// moments are also thinned out in place.
func (r *Recorder) copy(now time.Time) {
	h := *r.source
	h.Epochs, h.Warnings, h.Moments = slices.Clip(h.Epochs), slices.Clip(h.Warnings), slices.Clone(h.Moments)
	h.Distributions = slices.Clone(h.Distributions)
	r.run.History = &h
	r.run.Seconds, r.run.trained = now.Sub(r.run.Began).Seconds(), now.Sub(r.began).Seconds()
	r.copied = now
	r.version++
}

// histograms counts the current weights and the activations of the last step.
func (r *Recorder) histograms(s *callback.State) {
	if s.Graph == nil {
		return
	}
	begin := time.Now()
	var weights, activations []Histogram
	count := func(to *[]Histogram, group, name string, n *G.Node) {
		if t, ok := s.Graph.Value(n).(*tensor.Dense); ok {
			*to = append(*to, NewHistogram(group, name, t, histogramBins))
		}
	}
	probes := s.Graph.Probes()
	for i, p := range probes {
		if n := len(probes); n > maxLayers && i*maxLayers/n == (i-1)*maxLayers/n && i > 0 {
			continue
		}
		count(&weights, "weights", p.Name, p.Weight)
		count(&activations, "activations", p.Name, p.Activation)
	}
	r.run.Histograms = append(activations, weights...)
	r.drawing += time.Since(begin)
}

// Update changes the run under a lock, for example to add results after the training.
func (r *Recorder) Update(change func(run *Run)) {
	if r == nil || change == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.source == nil {
		change(&r.Run)
	} else {
		change(&r.run)
	}
	r.version++
}

// Snapshot returns the run so far. The snapshot and the recorder share no data that either will change.
func (r *Recorder) Snapshot() Run {
	if r == nil {
		return Run{}
	}
	run, _ := r.snapshot()
	return run
}

func (r *Recorder) snapshot() (Run, uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.source == nil {
		return r.Run, r.version
	}
	run := r.run
	run.Losses = slices.Clone(r.log.entries)
	run.Results, run.Histograms = slices.Clone(run.Results), slices.Clone(run.Histograms)
	return run, r.version
}

// changes returns the version without a copy.
func (r *Recorder) changes() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.version
}
