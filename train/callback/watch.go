package callback

import (
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
)

// TrainingLoss is the name by which EarlyStopping and ReduceOnPlateau watch Epoch.Loss, which needs no validation data.
const TrainingLoss = "training loss"

// watch is a number of each epoch, and its direction.
type watch struct {
	metric metric.Metric
	// value returns the number; ok is false for an epoch that has none.
	value func(Epoch) (x float64, ok bool)
}

// watching returns the watched number by name: Config.Metric for an empty name, the loss, or one of Config.Metrics. It returns an error if
// there is no such number in this run.
func watching(who, name string, s *State) (watch, error) {
	if s == nil || s.History == nil {
		return watch{}, errors.Errorf("%s: there is no run; give it to train.Fit", who)
	}
	if name == TrainingLoss {
		return watch{metric.Loss, func(e Epoch) (float64, bool) { return e.Loss, true }}, nil
	}
	if !s.Validated {
		return watch{}, errors.Errorf("%s watches the validation data, but there are none; set Config.Validation", who)
	}
	var names []string
	for _, m := range append([]metric.Metric{s.Metric}, s.Metrics...) {
		names = append(names, m.Name)
	}
	switch at := slices.Index(names, name); {
	case name == "" || at == 0:
		return watch{s.Metric, func(e Epoch) (float64, bool) { return e.ValidationMetric, e.Validated }}, nil
	case at > 0:
		return watch{s.Metrics[at-1], func(e Epoch) (float64, bool) {
			if !e.Validated || at > len(e.ValidationMetrics) {
				return 0, false
			}
			return e.ValidationMetrics[at-1], true
		}}, nil
	case name == metric.Loss.Name:
		return watch{metric.Loss, func(e Epoch) (float64, bool) { return e.ValidationLoss, e.Validated }}, nil
	}
	return watch{}, errors.Errorf("%s watches %q, want one of %q, %q and %q", who, name, names, metric.Loss.Name, TrainingLoss)
}

// values returns the numbers of the last n epochs that have one, the oldest first. It is shorter if there are fewer.
func (w watch) values(epochs []Epoch, n int) []float64 {
	var out []float64
	for i := len(epochs) - 1; i >= 0 && len(out) < n; i-- {
		if x, ok := w.value(epochs[i]); ok {
			out = append(out, x)
		}
	}
	slices.Reverse(out)
	return out
}
