package metric

import (
	"math"

	"github.com/pkg/errors"
)

// overTasks returns the mean of f over the tasks for which it is defined. For classes, each class against the rest is a task.
func overTasks(probabilities bool, f func(*pairs) (float64, error)) func(*Result) (float64, error) {
	return func(r *Result) (float64, error) {
		if r.Rows == 0 {
			return 0, errNoLabels()
		}
		sum, n := 0.0, 0
		var undefined error
		for task := range r.Tasks() {
			value, err := ofTask(r, task, probabilities, f)
			switch {
			case errors.Is(err, ErrUndefined):
				undefined = err
			case err != nil:
				return 0, errors.WithMessagef(err, "task %d", task)
			default:
				sum, n = sum+value, n+1
			}
		}
		if n == 0 {
			return 0, errors.WithMessagef(undefined, "none of %d tasks", r.Tasks())
		}
		return sum / float64(n), nil
	}
}

func ofTask(r *Result, task int, probabilities bool, f func(*pairs) (float64, error)) (float64, error) {
	p, err := r.pairs(task, probabilities)
	if err == nil {
		err = p.check()
	}
	if err != nil {
		return 0, err
	}
	return number(f(p))
}

// number returns an error if the value is NaN because its parts overflow or underflow.
func number(value float64, err error) (float64, error) {
	if err == nil && math.IsNaN(value) {
		return 0, errors.New("the value is not a number: weights, labels or predictions are too large or too small")
	}
	return value, err
}

// byKind uses one function for classes and distributions, and another for tasks.
func byKind(classes, tasks func(*Result) (float64, error)) func(*Result) (float64, error) {
	return func(r *Result) (float64, error) {
		if r.Kind.rowLabels() {
			return number(classes(r))
		}
		return tasks(r)
	}
}

// The kinds that groups of metrics apply to.
var (
	labelKinds = []Kind{Classes, Binary, Distributions}
	classKinds = []Kind{Classes, Distributions}
	valueKinds = []Kind{Values}
)
