package metric

import (
	"math"

	"github.com/pkg/errors"
)

// pairs are the predictions and observed labels of one task.
type pairs struct {
	predictions, labels, weights []float64
	total                        float64 // weight
	probabilities                bool    // whether predictions must be probabilities
}

func newPairs(n int, probabilities bool) *pairs {
	return &pairs{predictions: make([]float64, 0, n), labels: make([]float64, 0, n), weights: make([]float64, 0, n), probabilities: probabilities}
}

// add appends a pair unless it is missing.
func (p *pairs) add(row int, prediction, label, weight float64) error {
	switch {
	case weight == 0 || math.IsNaN(label):
		return nil
	case math.IsInf(label, 0):
		return errors.Errorf("row %d has label %v", row, label)
	case math.IsNaN(prediction):
		return errors.Errorf("the prediction of row %d is NaN", row)
	case p.probabilities && !isProbability(prediction):
		return notProbability(row, prediction)
	}
	p.predictions, p.labels, p.weights = append(p.predictions, prediction), append(p.labels, label), append(p.weights, weight)
	p.total += weight
	return nil
}

func isProbability(p float64) bool { return p >= 0 && p <= 1 }

func notProbability(row int, p float64) error {
	return errors.Errorf("the prediction of row %d is %v, want a probability", row, p)
}

// observe returns the pairs from slices. Nil weights mean 1.
func observe(predictions, labels, weights []float64, probabilities bool) (*pairs, error) {
	if len(predictions) != len(labels) || weights != nil && len(weights) != len(labels) {
		return nil, errors.Errorf("%d predictions, %d labels and %d weights", len(predictions), len(labels), len(weights))
	}
	p := newPairs(len(labels), probabilities)
	for i, y := range labels {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		if err := checkWeight(i, w); err != nil {
			return nil, err
		}
		if err := p.add(i, predictions[i], y, w); err != nil {
			return nil, err
		}
	}
	return p, p.check()
}

// check returns an error if there is no pair or the weights are too large to add.
func (p *pairs) check() error {
	if len(p.labels) == 0 {
		return errNoLabels()
	}
	if math.IsInf(p.total, 0) {
		return errors.New("the sum of the weights overflows")
	}
	return nil
}

func errNoLabels() error { return errors.Wrap(ErrUndefined, "there are no observed labels") }

// Tasks returns the number of tasks, which is the number of outputs: each has a score and a label per row. For classes, each class against
// the rest is a task.
func (r *Result) Tasks() int {
	if r == nil {
		return 0
	}
	return max(0, r.Outputs)
}

// Task returns the observed labels of one task and their predictions as a result with one output. For classes and distributions it is a
// binary result of the class against the rest. Its Loss is NaN, because the loss of a single task is not known. Task returns an error if
// there is no such task, if the result does not pass [Result.Check], or if an observed label or its prediction is NaN.
func (r *Result) Task(task int) (*Result, error) {
	if err := r.Check(); err != nil {
		return nil, errors.Wrapf(err, "metric: task %d", task)
	}
	p, err := r.pairs(task, false)
	if err != nil {
		return nil, errors.Wrapf(err, "metric: task %d", task)
	}
	one := &Result{Predictions: Predictions{Rows: len(p.labels), Outputs: 1, Values: p.predictions}, Kind: r.Kind,
		Labels: p.labels, Weights: p.weights, Loss: math.NaN()}
	if r.Kind.rowLabels() {
		one.Kind = Binary
	}
	return one, nil
}

// pairs returns the pairs of one task of a result that passes Check.
func (r *Result) pairs(task int, probabilities bool) (*pairs, error) {
	if task < 0 || task >= r.Tasks() {
		return nil, errors.Errorf("there is no task %d of %d", task, r.Tasks())
	}
	p := newPairs(r.Rows, probabilities)
	for i := range r.Rows {
		k := i*r.Outputs + task
		var label, weight float64
		if r.Kind.rowLabels() {
			class, w, err := r.class(i)
			if err != nil {
				return nil, err
			}
			weight = w
			if class == task {
				label = 1
			}
		} else {
			label, weight = r.Labels[k], r.weight(k)
		}
		if err := p.add(i, r.Values[k], label, weight); err != nil {
			return nil, err
		}
	}
	return p, nil
}
