package search

import (
	"context"
	"hash/fnv"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
)

// TrialFunc trains and evaluates one network. Several goroutines call it at the same time. When ctx is cancelled it should stop early with
// an error, as train.Fit does; the trial then counts as not started.
type TrialFunc func(ctx context.Context, t *Trial) (Values, error)

// Trial describes one trial: the point, the seed, the threads, the rows. It is also a callback that reports the validation metric of each
// validated epoch. The metric determines whether lower is better:
//
//	history, err := train.Fit(ctx, net, fit, train.Config{
//		Seed: t.Seed, Threads: t.Threads, Validation: validation, Metric: metric.Accuracy, Callbacks: []train.Callback{t},
//		...
//	})
type Trial struct {
	Point Point
	// Seed depends on the seed of the search, the point and the fold. The trial on the test rows has the seed of the selected trial, so
	// that it can train the same network again.
	Seed uint64
	// Threads is the number of threads that this trial may use.
	Threads int
	// Fold counts from 1, and Rows are the rows of that fold. Both are zero outside a nested cross-validation. During the search, Rows.Test
	// is nil.
	Fold int
	Rows batch.Fold
	// Epochs is the selected number of epochs in a trial on the test rows, and 0 during the search.
	Epochs int

	mu       sync.Mutex
	curve    curve
	over     bool
	agree    func(m metric.Metric) error // rejects a metric that the search cannot compare
	progress func(epoch int, value float64)
}

var (
	_ callback.StartCallback = (*Trial)(nil)
	_ callback.EpochCallback = (*Trial)(nil)
)

// Report records the value of a metric on the validation data after an epoch. Epochs count from 1 and ascend; skip those that were not
// validated. Each trial of the search must report at least one. It returns an error if the epoch does not come after the previous one, if
// the metric differs from that of the other trials and epochs, and if the trial is over.
//
// A Trial among the callbacks of train.Fit calls Report itself.
func (t *Trial) Report(m metric.Metric, epoch int, value float64) error {
	if t == nil {
		return errors.New("search: report to a nil trial")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return errors.New("search: report after the end of the trial")
	}
	if err := t.expect(m); err != nil {
		return errors.Wrap(err, "search")
	}
	if last := t.curve.epoch(len(t.curve.values) - 1); epoch <= last {
		return errors.Errorf("search: report of epoch %d after epoch %d", epoch, last)
	}
	t.curve.add(epoch, value)
	if t.progress != nil {
		t.progress(epoch, value)
	}
	return nil
}

// expect sets the metric of the trial, or compares it with the earlier one.
func (t *Trial) expect(m metric.Metric) error {
	if m.Name == "" {
		return errors.New("a metric without a name")
	}
	if known := t.curve.metric; known.Name != "" {
		return compatible(known, m)
	}
	if t.agree != nil {
		if err := t.agree(m); err != nil {
			return err
		}
	}
	t.curve.metric = metric.Metric{Name: m.Name, Lower: m.Lower}
	return nil
}

// AtStart implements callback.StartCallback. It rejects a run without validation data, which the search could not compare, and a second run
// in the same trial. If the run continues from a checkpoint, its earlier epochs are reported again.
func (t *Trial) AtStart(_ context.Context, s *callback.State) error {
	if t == nil || s == nil || s.History == nil {
		return errors.New("search: there is no trial or no run; give it to train.Fit")
	}
	if !s.Validated {
		if t.Epochs > 0 {
			return nil // a trial on the test rows need not report
		}
		return errors.New("search: the trial has no validation data to select by; set train.Config.Validation")
	}
	if err := t.start(s.Metric); err != nil {
		return errors.Wrap(err, "search")
	}
	for _, e := range s.History.Epochs {
		if err := t.report(s, e); err != nil {
			return err
		}
	}
	return nil
}

func (t *Trial) start(m metric.Metric) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.curve.values) > 0 {
		return errors.New("the trial has reported epochs already; only one of its runs may have it among its callbacks")
	}
	return t.expect(m)
}

// AfterEpoch implements callback.EpochCallback. It reports the metric of the validation data.
func (t *Trial) AfterEpoch(_ context.Context, s *callback.State) error {
	e := s.LastEpoch()
	if t == nil || e == nil {
		return errors.New("search: there is no trial, or no epoch in the history")
	}
	return t.report(s, *e)
}

func (t *Trial) report(s *callback.State, e callback.Epoch) error {
	if !e.Validated {
		return nil
	}
	return t.Report(s.Metric, e.Number, e.ValidationMetric)
}

// end closes the trial and returns the curve.
func (t *Trial) end() curve {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	if len(t.curve.values) == 0 {
		return curve{}
	}
	return t.curve
}

// seedOf mixes the seed of the search with the identity of a trial: FNV-1a of the text, then the finalizer of SplitMix64 (Steele, Lea and
// Flood 2014).
func seedOf(seed uint64, j job) uint64 {
	j.epochs = 0
	h := fnv.New64a()
	h.Write([]byte(j.key()))
	x := h.Sum64() + seed*0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
