package train

import (
	"math"

	"github.com/pkg/errors"
)

// Confusion is a confusion matrix: element [i][j] is the number of rows of class i that were predicted to be of class j.
// Of a task, class 1 is positive.
type Confusion [][]int

// Confusion compares the classes with the most probable ones; of equally probable ones the first counts.
// It returns an error if the result has tasks instead of classes, for a class that is not one of the outputs, and for NaN.
func (r *Result) Confusion() (Confusion, error) {
	if !r.Classes {
		return nil, errors.New("confusion matrix: the result has tasks, not classes; use TaskConfusion")
	}
	if err := r.check(); err != nil {
		return nil, errors.WithMessage(err, "confusion matrix")
	}
	m := newConfusion(r.Outputs)
	for i, label := range r.Labels {
		class := int(label)
		if !(label >= 0 && label < float64(r.Outputs)) {
			return nil, errors.Errorf("confusion matrix: row %d has class %v, there are %d", i, label, r.Outputs)
		}
		for _, p := range r.Row(i) {
			if math.IsNaN(p) {
				return nil, errors.Errorf("confusion matrix: a prediction of row %d is NaN", i)
			}
		}
		m[class][argmax(r.Row(i))]++
	}
	return m, nil
}

// TaskConfusion compares the observed labels of a task, or of a class against the rest, with the predictions: both are positive
// above 0.5. It returns an error for NaN, and with cause [ErrUndefined] if there are no labels.
func (r *Result) TaskConfusion(task int) (Confusion, error) {
	if err := r.check(); err != nil {
		return nil, errors.WithMessage(err, "confusion matrix")
	}
	if task < 0 || task >= r.Tasks() {
		return nil, errors.Errorf("confusion matrix: there is no task %d of %d", task, r.Tasks())
	}
	scores, labels := r.Task(task)
	return confusionOf("confusion matrix", scores, labels)
}

func confusionOf(name string, scores, labels []float64) (Confusion, error) {
	if err := checkPairs(name, scores, labels); err != nil {
		return nil, err
	}
	m := newConfusion(2)
	for i, s := range scores {
		m[isPositive(labels[i])][isPositive(s)]++
	}
	return m, nil
}

func newConfusion(classes int) Confusion {
	m := make(Confusion, classes)
	for i := range m {
		m[i] = make([]int, classes)
	}
	return m
}

func isPositive(x float64) int {
	if x > 0.5 {
		return 1
	}
	return 0
}

func argmax(x []float64) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

// sums returns the number of rows of each class, how many were predicted to be of each, the right ones, and all.
func (m Confusion) sums() (truth, predicted []int, right, all int) {
	truth, predicted = make([]int, len(m)), make([]int, len(m))
	for i, row := range m {
		for j, n := range row {
			truth[i], predicted[j], all = truth[i]+n, predicted[j]+n, all+n
		}
		right += row[i]
	}
	return truth, predicted, right, all
}

// checkKinds returns an error with cause ErrOneClass if the labels are not of at least two classes.
func (m Confusion) checkKinds(name string) error {
	truth, _, _, all := m.sums()
	kinds := 0
	for _, n := range truth {
		if n > 0 {
			kinds++
		}
	}
	if kinds < 2 {
		return errors.Wrapf(ErrOneClass, "%s: the %d labels are of %d classes", name, all, kinds)
	}
	return nil
}
