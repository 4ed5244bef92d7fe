package search

import (
	"context"
	"hash/fnv"
	"math"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train"
)

// TrialFunc trains and judges one network. It is called by several goroutines at a time. When ctx is cancelled it should stop
// early with an error, as train.Fit does; it is then as if it had not been called.
type TrialFunc func(ctx context.Context, t *Task) (Values, error)

// Task is what a trial gets to do. It is a train.Callback that reports the validation metric of each epoch:
//
//	history, err := train.Fit(ctx, model, params, fit, train.Config{
//		Seed: t.Seed, Threads: t.Threads, Validation: validation, Metric: train.Accuracy, Callbacks: []train.Callback{t},
//		...
//	})
type Task struct {
	Point Point
	// Seed depends on the seed of the search, the point and the fold. The trial on the test rows has that of the trial which
	// was selected, so that it can train the same network again.
	Seed uint64
	// Threads is the number of threads that this trial may use.
	Threads int
	// Fold counts from 1, and Rows are the rows of that fold. Both are zero outside of a nested cross-validation. In the search
	// Rows.Test is nil.
	Fold int
	Rows Fold
	// Epochs is the selected number of epochs in a trial on the test rows, and 0 in the search.
	Epochs int

	mu       sync.Mutex
	curve    []float64
	over     bool
	progress func(epoch int, metric float64)
}

var _ train.Callback = (*Task)(nil)

// Report notes the validation metric after an epoch. Epochs count from 1 and none may be left out. Each trial of the search has
// to report at least one. It returns an error for any other epoch, and when the trial is over.
func (t *Task) Report(epoch int, metric float64) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return errors.New("search: report after the end of the trial")
	}
	if want := len(t.curve) + 1; epoch != want {
		return errors.Errorf("search: report of epoch %d, want %d", epoch, want)
	}
	t.curve = append(t.curve, math.Round(metric*1e5)/1e5)
	if t.progress != nil {
		t.progress(epoch, metric)
	}
	return nil
}

// AfterEpoch reports the metric of the validation data, which the run must have. It implements train.Callback.
func (t *Task) AfterEpoch(_ context.Context, s *train.State) error {
	epochs := s.History.Epochs
	return t.Report(s.Epoch, epochs[len(epochs)-1].ValidationMetric)
}

// end closes the task and returns the curve.
func (t *Task) end() []float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	return t.curve
}

// seedOf mixes the seed of the search with what a trial is: FNV-1a of the text, then the finalizer of SplitMix64
// (Steele, Lea and Flood 2014).
func seedOf(seed uint64, j job) uint64 {
	j.epochs = 0
	h := fnv.New64a()
	h.Write([]byte(j.key()))
	x := h.Sum64() + seed*0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
