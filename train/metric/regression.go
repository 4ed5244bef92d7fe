package metric

import (
	"math"

	"github.com/pkg/errors"
)

// The metrics of a regression are computed per output and averaged over the outputs.
var (
	// RMSE is the root of the mean squared error, in the unit of the labels.
	RMSE = regression("RMSE", true, needLabels, func(e *RegressionErrors) (float64, error) { return e.RMSE, nil })
	// MSE is the mean squared error.
	MSE = regression("MSE", true, needLabels, func(e *RegressionErrors) (float64, error) { return e.MSE, nil })
	// MAE is the mean absolute error, in the unit of the labels.
	MAE = regression("MAE", true, needLabels, func(e *RegressionErrors) (float64, error) { return e.MAE, nil })
	// MAPE is the mean absolute error relative to the magnitude of the label, which counts as at least 2^-52. 0.1 means ten per cent.
	MAPE = regression("MAPE", true, needLabels, func(e *RegressionErrors) (float64, error) { return e.MAPE, nil })
	// R2 is the coefficient of determination: 1 minus the squared error divided by that of predicting the mean of these labels. 1 is best;
	// 0 is no better than the mean. It is not defined if the labels are all equal.
	R2 = regression("R2", false, needDifferent, func(e *RegressionErrors) (float64, error) {
		if e.constant {
			return 0, errors.Wrap(ErrUndefined, "the labels are all equal")
		}
		return e.R2, nil
	})
)

func regression(name string, lower bool, defined func(*Result) error, f func(*RegressionErrors) (float64, error)) Metric {
	return Metric{Name: name, Lower: lower, Kinds: valueKinds, Defined: defined,
		Func: overTasks(false, func(p *pairs) (float64, error) { e := p.errors(); return f(&e) })}
}

// RegressionErrors summarizes the errors of the predictions of one output.
type RegressionErrors struct {
	// Weight is the sum of the weights, or the number of labels if there are no weights.
	Weight float64
	// Bias is the mean of prediction minus label. The others are the values of the metrics with these names; R2 is NaN if the labels are
	// all equal.
	Bias, MSE, RMSE, MAE, MAPE, R2 float64

	constant bool // labels
}

// Regression compares predictions with labels. Nil weights mean 1. It returns an error for a prediction that is NaN, and one with cause
// [ErrUndefined] if there are no labels.
func Regression(predictions, labels, weights []float64) (RegressionErrors, error) {
	p, err := observe(predictions, labels, weights, false)
	if err != nil {
		return RegressionErrors{}, errors.Wrap(err, "metric: errors of a regression")
	}
	return p.errors(), nil
}

func (p *pairs) errors() RegressionErrors {
	e := RegressionErrors{Weight: p.total, constant: true}
	mean, squared := 0.0, 0.0
	for i, y := range p.labels {
		d, w := p.predictions[i]-y, p.weights[i]
		e.MAE += w * math.Abs(d)
		e.MAPE += w * math.Abs(d) / math.Max(0x1p-52, math.Abs(y))
		e.Bias += w * d
		squared += w * (d * d)
		mean += w * y / p.total
		e.constant = e.constant && y == p.labels[0] // the rounded mean may differ from equal labels
	}
	e.MAE, e.MAPE, e.Bias, e.MSE = e.MAE/p.total, e.MAPE/p.total, e.Bias/p.total, squared/p.total
	e.RMSE = math.Sqrt(e.MSE)
	total := 0.0
	for i, y := range p.labels {
		total += p.weights[i] * ((y - mean) * (y - mean))
	}
	e.R2 = 1 - squared/total
	if e.constant {
		e.R2 = math.NaN()
	}
	return e
}
