package metric

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
)

// Pinball is the mean pinball loss of predictions of a quantile of the labels, between 0 and 1 (Koenker and Bassett 1978): the error times
// the quantile if the prediction is too low, times 1 - quantile if it is too high. At 0.5 it is half the MAE.
func Pinball(quantile float64) Metric {
	check := func() error {
		if !(quantile > 0 && quantile < 1) {
			return errors.Errorf("quantile %v, want one between 0 and 1", quantile)
		}
		return nil
	}
	mean := overTasks(false, func(p *pairs) (float64, error) {
		sum := 0.0
		for i, y := range p.labels {
			d := y - p.predictions[i]
			sum += p.weights[i] * math.Max(quantile*d, (quantile-1)*d)
		}
		return sum / p.total, nil
	})
	return Metric{Name: fmt.Sprintf("pinball loss at %g", quantile), Lower: true, Kinds: valueKinds,
		Func: func(r *Result) (float64, error) {
			if err := check(); err != nil {
				return 0, err
			}
			return mean(r)
		},
		Defined: func(labels *Result) error {
			if err := check(); err != nil {
				return err
			}
			return needLabels(labels)
		}}
}
