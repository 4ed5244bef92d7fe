package report

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
)

// kind is that of the outputs and labels.
func (r *Result) kind() metric.Kind {
	switch {
	case r.Regression:
		return metric.Values
	case r.Classes:
		return metric.Classes
	}
	return metric.Binary
}

// judged returns the result for package metric. Labels whose predictions are not finite have weight 0 there; note says how many.
// It returns an error for a result whose parts do not fit together.
func (r *Result) judged() (m *metric.Result, note string, err error) {
	if r.Result == nil {
		return nil, "", errors.Errorf("result %q is nil", r.Name)
	}
	if r.Classes && r.Regression {
		return nil, "", errors.Errorf("result %q: classes and a regression", r.Name)
	}
	m = &metric.Result{Predictions: metric.Predictions{Rows: r.Rows, Outputs: r.Outputs, Values: r.Values},
		Kind: r.kind(), Labels: r.Labels, Weights: r.Weights, Loss: r.Loss}
	if len(m.Weights) == 0 {
		m.Weights = nil
	}
	if err := m.Check(); err != nil {
		return nil, "", errors.WithMessagef(err, "result %q", r.Name)
	}
	before := m.TotalWeight()
	m.Weights = finiteWeights(m)
	if err := metric.Loss.Check(m); err != nil && !errors.Is(err, metric.ErrUndefined) { // a class that is none, weights that overflow
		return nil, "", errors.WithMessagef(err, "result %q", r.Name)
	}
	if lost := before - m.TotalWeight(); lost > 0 {
		note = fmt.Sprintf("%g of %g labels are left out: their predictions are not finite.", lost, before)
	}
	return m, note, nil
}

// finiteWeights are the weights of a result, 0 where a prediction or label is not finite.
func finiteWeights(r *metric.Result) []float64 {
	outputs := 1 // predictions of a weight
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
