package main

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
)

// metrics returns the metrics for a problem, the most informative first.
func metrics(p csv.Problem) []metric.Metric {
	switch p {
	case csv.Classes:
		return []metric.Metric{metric.Accuracy, metric.BalancedAccuracy, metric.MeanROCAUC, metric.LogLoss, metric.MCC}
	case csv.Binary:
		return []metric.Metric{metric.MeanROCAUC, metric.MeanPRAUC, metric.BalancedAccuracy, metric.LogLoss, metric.MCC}
	}
	return []metric.Metric{metric.RMSE, metric.MAE, metric.R2}
}

// inUnits returns a result whose predictions and labels are in the units of the table.
func (p *problem) inUnits(r *train.Result) *train.Result {
	if p.encoder.Problem() != csv.Regression {
		return r
	}
	u := *r
	u.Values, u.Labels = make([]float64, len(r.Values)), make([]float64, len(r.Labels))
	for i := range r.Values {
		u.Values[i] = p.encoder.Value(i%r.Outputs, r.Values[i])
		u.Labels[i] = p.encoder.Value(i%r.Outputs, r.Labels[i])
	}
	return &u
}

// baseline predicts the rows of a result without features: by the shares of the classes among the rows to train on, the share of
// positives of a binary target, the mean of a number. The most frequent class is the most probable one.
func (p *problem) baseline(like *train.Result) *train.Result {
	row := make([]float64, like.Outputs)
	count := make([]float64, like.Outputs)
	tasks := len(p.set.Tasks)
	for _, r := range p.fit {
		for t, y := range p.set.Labels[r*tasks : (r+1)*tasks] {
			switch {
			case y != y:
			case like.Kind == metric.Classes:
				row[int(y)] += 1 / float64(len(p.fit))
			default:
				v := float64(y)
				if p.encoder.Problem() == csv.Regression {
					v = p.encoder.Value(t, v)
				}
				row[t], count[t] = row[t]+v, count[t]+1
			}
		}
	}
	if like.Kind != metric.Classes {
		for t := range row {
			if row[t] /= count[t]; count[t] == 0 {
				row[t] = 0.5
			}
		}
	}
	b := *like
	b.Values = nil
	for range like.Rows {
		b.Values = append(b.Values, row...)
	}
	return &b
}

// valueOf returns the value of a metric, NaN if it is not defined for these labels.
func valueOf(m metric.Metric, r *train.Result) (float64, error) {
	v, err := m.Compute(r)
	if errors.Is(err, metric.ErrUndefined) {
		return math.NaN(), nil
	}
	return v, err
}
