package train

import (
	"math"

	"github.com/pkg/errors"
)

// Metric judges predictions. docs/metrics.md defines those of this package.
//
// Of a Result with tasks they take each task's observed labels, positive above 0.5, and are the mean over the tasks; tasks for which
// they are not defined do not count. It is an error if none is left. A prediction that is NaN is an error.
type Metric struct {
	Name string
	// Lower says that a lower value is better.
	Lower bool
	// Of returns the value, or an error if it is not defined for these labels.
	Of func(r *Result) (float64, error)
}

// ErrUndefined is the cause of the error of a metric that is not defined for the labels it was given.
var ErrUndefined = errors.New("the metric is not defined for these labels")

// Loss is the loss that the network is trained for, on the data as a whole.
var Loss = Metric{Name: "loss", Lower: true, Of: func(r *Result) (float64, error) { return r.Loss, nil }}

// MeanROCAUC is the mean of the ROC-AUC of the tasks, or of the classes, each against the rest. See ROCAUC.
var MeanROCAUC = taskMetric("ROC-AUC", false, ROCAUC)

// MeanPRAUC is the mean of the average precision of the tasks, or of the classes, each against the rest. See PRAUC.
var MeanPRAUC = taskMetric("PR-AUC", false, PRAUC)

// TaskROCAUC is the ROC-AUC of one task over its observed labels.
func (r *Result) TaskROCAUC(task int) (float64, error) {
	scores, labels := r.Task(task)
	return ROCAUC(scores, labels)
}

// taskMetric is a metric of which each class is a task against the rest.
func taskMetric(name string, lower bool, f func(scores, labels []float64) (float64, error)) Metric {
	return Metric{Name: name, Lower: lower, Of: func(r *Result) (float64, error) { return r.mean(name, f) }}
}

// mean is the mean of f over the tasks for which it is defined.
func (r *Result) mean(name string, f func(scores, labels []float64) (float64, error)) (float64, error) {
	if err := r.check(); err != nil {
		return 0, errors.WithMessage(err, name)
	}
	sum, n := 0.0, 0
	var undefined error
	for task := range r.Tasks() {
		scores, labels := r.Task(task)
		value, err := f(scores, labels)
		switch {
		case errors.Is(err, ErrOneClass), errors.Is(err, ErrUndefined):
			undefined = err
		case err != nil:
			return 0, errors.WithMessagef(err, "task %d", task)
		default:
			sum, n = sum+value, n+1
		}
	}
	if n > 0 {
		return sum / float64(n), nil
	}
	if undefined == nil {
		undefined = errors.Wrap(ErrUndefined, name)
	}
	return 0, errors.WithMessagef(undefined, "none of %d tasks", r.Tasks())
}

// checkPairs returns an error if predictions and labels do not pair, if there are none, or one is NaN.
func checkPairs(name string, predictions, labels []float64) error {
	if len(predictions) != len(labels) {
		return errors.Errorf("%s: %d predictions and %d labels", name, len(predictions), len(labels))
	}
	if len(labels) == 0 {
		return errors.Wrapf(ErrUndefined, "%s: there are no labels", name)
	}
	for i, p := range predictions {
		if math.IsNaN(p) {
			return errors.Errorf("%s: prediction %d is NaN", name, i)
		}
		if math.IsNaN(labels[i]) {
			return errors.Errorf("%s: label %d is NaN", name, i)
		}
	}
	return nil
}

// checkProbabilities is checkPairs for predictions from 0 to 1.
func checkProbabilities(name string, predictions, labels []float64) error {
	if err := checkPairs(name, predictions, labels); err != nil {
		return err
	}
	for i, p := range predictions {
		if p < 0 || p > 1 {
			return errors.Errorf("%s: prediction %d is %v, want a probability", name, i, p)
		}
	}
	return nil
}
