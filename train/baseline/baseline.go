package baseline

import (
	"context"
	"math"

	"github.com/pkg/errors"
)

// Matrix is a table of finite numbers.
type Matrix struct {
	Rows, Columns int
	// Values are row-major.
	Values []float64
}

// Row returns row i, which shares memory with m, or nil if there is no such row.
func (m Matrix) Row(i int) []float64 {
	if i < 0 || m.Columns < 1 || i >= len(m.Values)/m.Columns {
		return nil
	}
	return m.row(i)
}

func (m Matrix) row(i int) []float64 {
	return m.Values[i*m.Columns : (i+1)*m.Columns : (i+1)*m.Columns]
}

// Method holds the settings of a classifier.
type Method interface {
	// Name is the usual name of the method, such as "random forest".
	Name() string
	// Fit trains the classifier. labels holds one class per row of x, from 0 to classes-1. When ctx is cancelled, Fit returns ctx.Err() as
	// the cause of its error. It returns an error for settings out of range, for features that are not finite, and for labels that do not
	// fit. A class without a row is never predicted.
	Fit(ctx context.Context, x Matrix, labels []int, classes int) (Classifier, error)
}

// Classifier is a trained method.
type Classifier interface {
	// Scores returns a score for each row of x and each class, row-major. The greater the score, the more likely is the class; scores are
	// probabilities for all methods but the support vector machine, whose scores are votes. It returns an error for a matrix with another
	// number of columns, and for features that are not finite.
	Scores(x Matrix) ([]float64, error)
}

// Predict returns the class with the greatest score for each row, the first one if there are several. The errors are those of Scores.
func Predict(c Classifier, x Matrix) ([]int, error) {
	if c == nil {
		return nil, errors.New("baseline: there is no classifier")
	}
	scores, err := c.Scores(x)
	if err != nil {
		return nil, err
	}
	predicted := make([]int, x.Rows)
	for i := range predicted {
		predicted[i] = largest(scores[i*len(scores)/x.Rows : (i+1)*len(scores)/x.Rows])
	}
	return predicted, nil
}

// largest returns the index of the first greatest element.
func largest(x []float64) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

// maxClasses bounds the number of classes, far beyond any task.
const maxClasses = 1 << 16

// check returns an error unless x and labels are a training set.
func check(ctx context.Context, name string, x Matrix, labels []int, classes int) error {
	if err := x.check(); err != nil {
		return errors.Wrapf(err, "baseline: %s", name)
	}
	return checkLabels(ctx, name, x.Rows, labels, classes)
}

// checkLabels returns an error unless there is a class for each row.
func checkLabels(ctx context.Context, name string, rows int, labels []int, classes int) error {
	switch {
	case ctx == nil:
		return errors.Errorf("baseline: %s: there is no context", name)
	case rows == 0:
		return errors.Errorf("baseline: %s: there are no rows", name)
	case len(labels) != rows:
		return errors.Errorf("baseline: %s: %d labels for %d rows", name, len(labels), rows)
	case classes < 1 || classes > maxClasses:
		return errors.Errorf("baseline: %s: %d classes, want 1 to %d", name, classes, maxClasses)
	}
	for i, k := range labels {
		if k < 0 || k >= classes {
			return errors.Errorf("baseline: %s: row %d has the class %d, want 0 to %d", name, i, k, classes-1)
		}
	}
	return nil
}

func (m Matrix) check() error {
	if m.Rows < 0 || m.Columns < 1 || len(m.Values)%m.Columns != 0 || len(m.Values)/m.Columns != m.Rows || m.Rows > math.MaxInt32 {
		return errors.Errorf("%d values are no matrix of %d rows and %d columns", len(m.Values), m.Rows, m.Columns)
	}
	for i, v := range m.Values {
		if v-v != 0 {
			return errors.Errorf("row %d, column %d is %v, want a finite number", i/m.Columns, i%m.Columns, v)
		}
	}
	return nil
}

// checkColumns returns an error unless x has the columns that a classifier was trained on.
func checkColumns(name string, x Matrix, columns int) error {
	err := x.check()
	if err == nil && x.Columns != columns {
		err = errors.Errorf("%d columns, but the classifier was trained on %d", x.Columns, columns)
	}
	return errors.Wrapf(err, "baseline: %s", name)
}

// setting is a number that must be positive and finite.
type setting struct {
	name  string
	value float64
}

// checkSettings returns an error that names the first setting that is not positive and finite.
func checkSettings(method string, settings ...setting) error {
	for _, s := range settings {
		if !(s.value > 0 && s.value <= math.MaxFloat64) {
			return errors.Errorf("baseline: %s: %s %v, want a positive number, or 0 for the default", method, s.name, s.value)
		}
	}
	return nil
}
