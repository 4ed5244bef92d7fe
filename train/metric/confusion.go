package metric

import (
	"math"

	"github.com/pkg/errors"
)

// Confusion is a confusion matrix: element [i][j] is the total weight of the rows of class i that were predicted as class j, which is their
// number if there are no weights. For a binary task, class 1 is the positive class.
type Confusion [][]float64

// maxConfusion is the greatest number of classes of a matrix, which then takes 128 MiB.
const maxConfusion = 4096

// Confusion compares the classes with the most probable ones; ties go to the first class. The matrix is all 0 if there are no observed
// labels. It returns an error if the result has tasks instead of classes, for more than 4,096 classes, for a class that is not one of the
// outputs, and for NaN.
func (r *Result) Confusion() (Confusion, error) {
	m, err := r.confusion()
	return m, errors.Wrap(err, "metric: confusion matrix")
}

func (r *Result) confusion() (Confusion, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	if !r.Kind.rowLabels() {
		return nil, errors.Errorf("the result has %v, not classes; use TaskConfusion for binary labels", r.Kind)
	}
	if r.Outputs > maxConfusion {
		return nil, errors.Errorf("%d classes, want at most %d", r.Outputs, maxConfusion)
	}
	m := newConfusion(r.Outputs)
	err := r.classRows(false, func(i, class int, weight float64) { m[class][argmax(r.Row(i))] += weight })
	if err != nil && !errors.Is(err, ErrUndefined) {
		return nil, err
	}
	return m, nil
}

// TaskConfusion compares the observed labels of a task, or of a class against the rest, with the predictions: both are positive
// above 0.5. It returns an error for a regression, for NaN, and with cause [ErrUndefined] if there are no labels.
func (r *Result) TaskConfusion(task int) (Confusion, error) {
	one, err := r.Task(task)
	if err != nil {
		return nil, err
	}
	if one.Kind != Binary {
		return nil, errors.Errorf("metric: confusion matrix: the result has %v, need binary labels or classes", one.Kind)
	}
	if one.Rows == 0 {
		return nil, errors.Wrap(errNoLabels(), "metric: confusion matrix")
	}
	m := newConfusion(2)
	for i, s := range one.Values {
		m[isPositive(one.Labels[i])][isPositive(s)] += one.Weights[i]
	}
	return m, nil
}

func newConfusion(classes int) Confusion {
	m := make(Confusion, classes)
	for i := range m {
		m[i] = make([]float64, classes)
	}
	return m
}

// BalancedAccuracy is the mean of the recalls of the classes that occur (Brodersen et al. 2010). It returns an error if the matrix is
// not square or has an element that is negative or not finite, and one with cause [ErrUndefined] if only one class occurs.
func (m Confusion) BalancedAccuracy() (float64, error) {
	return m.compute("balanced accuracy", tally.balancedAccuracy)
}

// MCC is the correlation coefficient of Matthews (1975), for more than two classes as by Gorodkin (2004): from -1 to 1, and 0 if all rows
// are predicted as the same class. The errors are those of BalancedAccuracy.
func (m Confusion) MCC() (float64, error) { return m.compute("MCC", tally.mcc) }

// Recalls returns, for each class, the fraction of its rows that are predicted correctly, or NaN if the class does not occur. It returns
// nil if the matrix is not square or has an element that is negative or not finite.
func (m Confusion) Recalls() []float64 {
	t, err := m.tally()
	if err != nil {
		return nil
	}
	recalls := make([]float64, len(m))
	for i, truth := range t.truth {
		recalls[i] = t.right[i] / truth
	}
	return recalls
}

func (m Confusion) compute(name string, f func(tally) (float64, error)) (float64, error) {
	t, err := m.tally()
	if err != nil {
		return 0, errors.Wrapf(err, "metric: %s", name)
	}
	value, err := number(f(t))
	return value, errors.Wrapf(err, "metric: %s", name)
}

func (m Confusion) tally() (tally, error) {
	t := newTally(len(m))
	for i, row := range m {
		if len(row) != len(m) {
			return t, errors.Errorf("row %d of a confusion matrix of %d classes has %d elements", i, len(m), len(row))
		}
		for j, weight := range row {
			if !(weight >= 0) || math.IsInf(weight, 0) {
				return t, errors.Errorf("element [%d][%d] of the confusion matrix is %v", i, j, weight)
			}
			t.add(i, j, weight)
		}
	}
	return t, nil
}
