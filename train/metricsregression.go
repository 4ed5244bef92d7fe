package train

import (
	"math"

	"github.com/pkg/errors"
)

// RMSE is the root of the mean squared error, in the unit of the labels.
var RMSE = regressionMetric("RMSE", true, func(e errorSums) (float64, error) { return math.Sqrt(e.squared / e.n), nil })

// MAE is the mean absolute error, in the unit of the labels.
var MAE = regressionMetric("MAE", true, func(e errorSums) (float64, error) { return e.absolute / e.n, nil })

// R2 is the coefficient of determination: 1 less the squared error over that of the mean of these labels. 1 is best, 0 is as good as
// the mean. It is not defined if the labels are all equal.
var R2 = regressionMetric("R2", false, func(e errorSums) (float64, error) {
	if e.constant {
		return 0, errors.Wrapf(ErrUndefined, "R2: the %g labels are all equal", e.n)
	}
	return 1 - e.squared/e.total, nil
})

// errorSums are sums over the labels of a task: of absolute and squared errors, and of the squared distances from their mean.
type errorSums struct {
	n, absolute, squared, total float64
	constant                    bool
}

func regressionMetric(name string, lower bool, f func(errorSums) (float64, error)) Metric {
	return Metric{Name: name, Lower: lower, Of: func(r *Result) (float64, error) {
		if r.Classes {
			return 0, errors.Errorf("%s: the labels are classes, not values", name)
		}
		return r.mean(name, func(predictions, labels []float64) (float64, error) {
			if err := checkPairs(name, predictions, labels); err != nil {
				return 0, err
			}
			return f(sumErrors(predictions, labels))
		})
	}}
}

func sumErrors(predictions, labels []float64) errorSums {
	e := errorSums{n: float64(len(labels)), constant: true}
	mean := 0.0
	for i, y := range labels {
		d := predictions[i] - y
		e.absolute += math.Abs(d)
		e.squared += d * d
		mean += y / e.n
		e.constant = e.constant && y == labels[0] // the rounded mean may differ from equal labels
	}
	for _, y := range labels {
		e.total += (y - mean) * (y - mean)
	}
	return e
}
