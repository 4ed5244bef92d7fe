package main

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/train"
	reports "github.com/selfnorm/selfnorm/train/report"
)

// metrics are those that fit a problem, the most telling first.
func metrics(p csv.Problem) []train.Metric {
	switch p {
	case csv.Classes:
		return []train.Metric{train.Accuracy, train.BalancedAccuracy, train.MeanROCAUC, train.LogLoss, train.MCC}
	case csv.Binary:
		return []train.Metric{train.MeanROCAUC, train.MeanPRAUC, train.BalancedAccuracy, train.LogLoss, train.MCC}
	}
	return []train.Metric{train.RMSE, train.MAE, train.R2}
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

// baseline is what one can say of the rows of a result without features: the shares of the classes among the rows to train on, the
// share of positives of a binary target, the mean of a number. The most frequent class is the most probable one.
func (p *problem) baseline(like *train.Result) *train.Result {
	row := make([]float64, like.Outputs)
	count := make([]float64, like.Outputs)
	tasks := len(p.set.Tasks)
	for _, r := range p.fit {
		for t, y := range p.set.Labels[r*tasks : (r+1)*tasks] {
			switch {
			case y != y:
			case like.Classes:
				row[int(y)] += 1 / float64(len(p.fit))
			default:
				row[t], count[t] = row[t]+float64(y), count[t]+1
			}
		}
	}
	if !like.Classes {
		for t := range row {
			if row[t] /= count[t]; count[t] == 0 {
				row[t] = 0.5
			}
			if p.encoder.Problem() == csv.Regression {
				row[t] = p.encoder.Value(t, row[t])
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

// column returns one task of a result with several.
func column(r *train.Result, task int) *train.Result {
	c := &train.Result{Predictions: train.Predictions{Rows: r.Rows, Outputs: 1}}
	for i := range r.Rows {
		k := i*r.Outputs + task
		c.Values, c.Labels, c.Weights = append(c.Values, r.Values[k]), append(c.Labels, r.Labels[k]), append(c.Weights, r.Weights[k])
	}
	return c
}

// valueOf is the value of a metric, NaN if it is not defined for these labels.
func valueOf(m train.Metric, r *train.Result) (float64, error) {
	v, err := m.Of(r)
	if errors.Is(err, train.ErrOneClass) || errors.Is(err, train.ErrUndefined) {
		return math.NaN(), nil
	}
	return v, err
}

// pageResults are the results for the page. The baseline needs no curves.
func (p *problem) pageResults(evaluations []evaluation) []reports.Result {
	names := p.set.Classes
	if names == nil {
		names = p.set.Tasks
	}
	var out []reports.Result
	for _, e := range evaluations {
		if e.name != "baseline" {
			out = append(out, reports.Result{Name: e.name, Names: names, Regression: p.encoder.Problem() == csv.Regression, Result: e.result})
		}
	}
	return out
}
