package baseline

import (
	"context"
	"math"

	"github.com/pkg/errors"
)

// Regressor is a trained method that predicts numbers.
type Regressor interface {
	// Predict returns a number for each row. It returns an error for a matrix with another number of columns, and for features that are not finite.
	Predict(x Matrix) ([]float64, error)
}

// RegressionMethod holds the settings of a method that predicts numbers.
type RegressionMethod interface {
	// Name is the usual name of the method, such as "ridge regression".
	Name() string
	// FitNumbers trains on the rows of x and the number of each. When ctx is cancelled, it returns ctx.Err() as the cause of its error. It returns an error for
	// settings out of range, and for features and numbers that are not finite.
	FitNumbers(ctx context.Context, x Matrix, numbers []float64) (Regressor, error)
}

// checkNumbers returns an error unless x and numbers are a training set.
func checkNumbers(ctx context.Context, name string, x Matrix, numbers []float64) error {
	if err := x.check(); err != nil {
		return errors.Wrapf(err, "baseline: %s", name)
	}
	switch {
	case ctx == nil:
		return errors.Errorf("baseline: %s: there is no context", name)
	case x.Rows == 0:
		return errors.Errorf("baseline: %s: there are no rows", name)
	case len(numbers) != x.Rows:
		return errors.Errorf("baseline: %s: %d numbers for %d rows", name, len(numbers), x.Rows)
	}
	for i, y := range numbers {
		if math.Abs(y) > math.MaxFloat64/float64(len(numbers)) || y != y {
			return errors.Errorf("baseline: %s: row %d has the number %v, want a finite one", name, i, y)
		}
	}
	return nil
}
