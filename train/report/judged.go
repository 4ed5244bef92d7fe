package report

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
)

// judged returns a copy of the result in which labels whose predictions are not finite have weight 0; note reports how many there are. It
// returns an error for a result whose parts do not fit together.
func (r *Result) judged() (m *metric.Result, note string, err error) {
	if r.Result == nil {
		return nil, "", errors.Errorf("result %q is nil", r.Name)
	}
	if err := r.Check(); err != nil {
		return nil, "", errors.WithMessagef(err, "result %q", r.Name)
	}
	c := *r.Result
	c.Weights = finiteWeights(r.Result)
	if err := metric.Loss.Check(&c); err != nil && !errors.Is(err, metric.ErrUndefined) { // an invalid class, weights that overflow
		return nil, "", errors.WithMessagef(err, "result %q", r.Name)
	}
	before := r.TotalWeight()
	if lost := before - c.TotalWeight(); lost > 0 {
		note = fmt.Sprintf("%s of %s labels are left out: their predictions are not finite.", rounded(lost, 6), rounded(before, 6))
	}
	return &c, note, nil
}

// finiteWeights are the weights of a result, set to 0 where a prediction or label is not finite.
func finiteWeights(r *metric.Result) []float64 {
	outputs := 1 // predictions per weight
	if isClasses(r.Kind) {
		outputs = r.Outputs
	}
	if outputs == 0 {
		return nil
	}
	weights := make([]float64, len(r.Values)/outputs)
	for k := range weights {
		weights[k] = 1
		if r.Weights != nil {
			weights[k] = r.Weights[k]
		}
		for _, v := range r.Values[k*outputs : (k+1)*outputs] {
			if !finite(v) {
				weights[k] = 0
			}
		}
		if r.Kind != metric.Distributions && math.IsInf(r.Labels[k], 0) {
			weights[k] = 0
		}
	}
	return weights
}

// isClasses reports whether the outputs are the probabilities of classes.
func isClasses(k metric.Kind) bool { return k == metric.Classes || k == metric.Distributions }
