package report

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

const (
	// copyEvery is the time between two copies of the history of a running training.
	copyEvery = 250 * time.Millisecond
	// histogramShare is the share of the time of a training that histograms may take.
	histogramShare = 0.005
	// histogramBins is the number of bins of the histograms of a recorder.
	histogramBins = 32
)

// Recorder is a callback that fills a Run while a training runs. Put it last among the callbacks, and a train.Probes before it.
// One recorder may serve several trainings, one after the other; it tells of the last one. After a resume its losses begin
// with the resumed step. Its methods may be called by several goroutines at a time.
type Recorder struct {
	// Run is what the recorder starts from: title, configuration, notes. It must not be changed once the training runs; see
	// Update. The recorder fills in the rest: also Model and Params if they are empty.
	Run Run

	mu      sync.Mutex
	run     Run
	source  *train.History // of the training, which may be changing it
	log     lossLog
	copied  time.Time
	drawing time.Duration // spent on histograms
	version uint64        // counts the changes
}

// AfterStep implements train.StepCallback.
func (r *Recorder) AfterStep(_ context.Context, s *train.State) error {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.source != s.History {
		r.start(s, now)
	}
	r.log.add(s.Step, s.Loss)
	r.run.Progress = Progress{Step: s.Step, Steps: s.Steps, Epoch: s.Epoch, Epochs: s.Epochs, Loss: s.Loss}
	r.version++
	if now.Sub(r.copied) >= copyEvery {
		r.copy(now)
	}
	return nil
}

// AfterEpoch implements train.Callback.
func (r *Recorder) AfterEpoch(_ context.Context, s *train.State) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.source == nil {
		return nil
	}
	now := time.Now()
	if r.drawing.Seconds() <= histogramShare*now.Sub(r.run.Began).Seconds() {
		r.histograms(s)
	}
	r.copy(now)
	return nil
}

// AtEnd implements train.EndCallback.
func (r *Recorder) AtEnd(_ context.Context, s *train.State) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.source != s.History { // a resumed training that had ended already
		r.start(s, time.Now())
		r.run.Progress = Progress{Step: s.Step, Steps: s.Steps, Epoch: s.Epoch, Epochs: s.Epochs}
	}
	r.histograms(s)
	r.run.ended = true
	r.copy(time.Now())
	return nil
}

// start begins with a new training.
func (r *Recorder) start(s *train.State, now time.Time) {
	if r.source == nil {
		r.run = r.Run
	} else {
		r.run.Results, r.run.Histograms, r.run.Failure, r.run.ended, r.run.Began = nil, nil, "", false, time.Time{}
	}
	r.source, r.log, r.drawing = s.History, lossLog{}, 0
	if r.run.Began.IsZero() {
		r.run.Began = now
	}
	r.run.Params = s.Params.Size()
	r.run.SELU = []string{}
	if s.Graph == nil {
		return
	}
	if r.run.Model == "" {
		r.run.Model = s.Graph.Summary()
	}
	for _, p := range s.Graph.Probes() {
		if p.SELU {
			r.run.SELU = append(r.run.SELU, p.Name)
		}
	}
}

// copy takes over what is new in the history. Epochs and warnings are only ever appended, so their elements need no copy;
// moments are also thinned out in place.
func (r *Recorder) copy(now time.Time) {
	h := *r.source
	h.Epochs, h.Warnings, h.Moments = slices.Clip(h.Epochs), slices.Clip(h.Warnings), slices.Clone(h.Moments)
	r.run.History = &h
	r.run.Seconds = now.Sub(r.run.Began).Seconds()
	r.copied = now
	r.version++
}

// histograms counts the weights as they are and the activations of the last step.
func (r *Recorder) histograms(s *train.State) {
	if s.Graph == nil {
		return
	}
	begin := time.Now()
	var weights, activations []Histogram
	probes := s.Graph.Probes()
	for i, p := range probes {
		if n := len(probes); n > maxLayers && i*maxLayers/n == (i-1)*maxLayers/n && i > 0 {
			continue
		}
		if p.Weight != nil {
			if t, ok := p.Weight.Value().(*tensor.Dense); ok {
				weights = append(weights, NewHistogram("weights", p.Name, t, histogramBins))
			}
		}
		if t, ok := p.Activation.Value().(*tensor.Dense); ok {
			activations = append(activations, NewHistogram("activations", p.Name, t, histogramBins))
		}
	}
	r.run.Histograms = append(activations, weights...)
	r.drawing += time.Since(begin)
}

// Update changes the run under a lock, for instance to add results after the training.
func (r *Recorder) Update(change func(run *Run)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.source == nil {
		change(&r.Run)
	} else {
		change(&r.run)
	}
	r.version++
}

// Snapshot returns the run so far. It shares nothing with the recorder that either will change.
func (r *Recorder) Snapshot() Run {
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
