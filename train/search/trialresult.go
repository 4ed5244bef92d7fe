package search

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
)

// TrialResult is the outcome of a trial.
type TrialResult struct {
	Point Point
	// Fold counts from 1. It is 0 outside a nested cross-validation.
	Fold int
	// Epochs is 0 for a trial of the search, and the selected number of epochs for one on the test rows of a fold.
	Epochs int
	// Metric is the name of the metric of the curve, and Lower reports whether lower is better. Files of version 0.1 have neither:
	// then Metric is empty, and higher is better.
	Metric string
	Lower  bool
	// Curve holds the metric on the validation data after each of CurveEpochs, which ascend. Nil CurveEpochs mean 1, 2, 3, ...
	Curve       []float64
	CurveEpochs []int
	// Values are the values that the trial returned.
	Values Values
	// Failure describes why the trial failed. It is empty if the trial succeeded.
	Failure string
	// Data is Config.Data for the point, and CPU the kind of processor that computed the trial, such as "amd64 avx512": an architecture and
	// kernel.CPU. Both are empty in files of earlier versions. Results of one kind have the same bits; those of others differ as seeds do.
	Data, CPU string
	// Score is the best value of the smoothed curve, at the epoch Best. Best is 0 if there is no score: for a failed trial, and
	// for a curve without finite values. The rule fills in both.
	Score float64
	Best  int
}

func (t *TrialResult) curve() curve {
	return curve{metric: metric.Metric{Name: t.Metric, Lower: t.Lower}, values: t.Curve, epochs: t.CurveEpochs}
}

func (t *TrialResult) setCurve(c curve) {
	t.Metric, t.Lower, t.Curve, t.CurveEpochs = c.metric.Name, c.metric.Lower, c.values, c.epochs
}

// same returns an error that names two trials with a score whose metrics cannot be compared.
func same(trials []TrialResult) error {
	var first *TrialResult
	for i := range trials {
		t := &trials[i]
		if t.Best == 0 {
			continue
		}
		if first == nil {
			first = t
			continue
		}
		if err := compatible(first.curve().metric, t.curve().metric); err != nil {
			return errors.Wrapf(err, "trials %s and %s", first.Point, t.Point)
		}
		if first.Metric == "" {
			first = t
		}
	}
	return nil
}
