package loss

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// LabelError is the cause of the error of a loss that cannot use a label or a weight. Find it with errors.As.
type LabelError struct {
	// Row and Column locate the label in the batch. Column is -1 for a label of a whole row.
	Row, Column int
	// Reason describes what is wrong.
	Reason string
}

func (e *LabelError) Error() string {
	if e.Column < 0 {
		return fmt.Sprintf("row %d: %s", e.Row, e.Reason)
	}
	return fmt.Sprintf("row %d, column %d: %s", e.Row, e.Column, e.Reason)
}

// labelError is the error of element i of a tensor.
func labelError(shape tensor.Shape, i int, format string, args ...any) error {
	row, column := i, -1
	if shape.Dims() > 1 {
		row, column = i/ops.Columns(shape), i%ops.Columns(shape)
	}
	return &LabelError{Row: row, Column: column, Reason: fmt.Sprintf(format, args...)}
}

// optional returns operand i, or nil if there are fewer.
func optional[T kernel.Float](in [][]T, i int) []T {
	if i < len(in) {
		return in[i]
	}
	return nil
}

// checkWeight returns an error unless w is finite and not negative.
func checkWeight[T kernel.Float](shape tensor.Shape, i int, w T) error {
	if v := float64(w); v >= 0 && v <= math.MaxFloat64 {
		return nil
	}
	return labelError(shape, i, "weight %v, want a finite number >= 0", w)
}

// checkTotal returns an error if finite weights have an infinite sum.
func checkTotal(total float64) error {
	if math.IsInf(total, 1) {
		return errors.New("the sum of the weights is infinite")
	}
	return nil
}

// checkLabels returns the sum of the weights, and whether all are 1. Without weights, they count as 1. It returns an error if a weight is
// not a finite number >= 0, or if a label with a positive weight is not in [lo, hi].
func checkLabels[T kernel.Float](shape tensor.Shape, labels, weights []T, lo, hi float64) (total float64, ones bool, err error) {
	ones = true
	for i, y := range labels {
		w := T(1)
		if weights != nil {
			w = weights[i]
		}
		if w != 1 {
			ones = false
			if err := checkWeight(shape, i, w); err != nil {
				return 0, false, err
			}
			if w == 0 {
				continue
			}
		}
		if v := float64(y); !(v >= lo && v <= hi) {
			if hi == math.MaxFloat64 {
				return 0, false, labelError(shape, i, "label %v, want a finite number", y)
			}
			return 0, false, labelError(shape, i, "label %v, want a number in [%v, %v]", y, lo, hi)
		}
		total += float64(w)
	}
	return total, ones, checkTotal(total)
}

// checkClasses returns an error if a weight is not a finite number >= 0, or if a class with a positive weight is not an
// integer from 0 to k-1.
func checkClasses[T kernel.Float](shape tensor.Shape, classes, weights []T, k int) error {
	for i, v := range classes {
		if weights != nil {
			if err := checkWeight(shape, i, weights[i]); err != nil {
				return err
			}
			if weights[i] == 0 {
				continue
			}
		}
		if !(v >= 0 && v < T(k)) || v != T(int(v)) {
			return labelError(shape, i, "class %v, want an integer from 0 to %d", v, k-1)
		}
	}
	return nil
}

// sumWeights returns the sum of the weights of n labels, and whether all are 1. Without weights, they count as 1.
func sumWeights[T kernel.Float](weights []T, n int) (total float64, ones bool) {
	if weights == nil {
		return float64(n), true
	}
	ones = true
	for _, w := range weights {
		total += float64(w)
		ones = ones && w == 1
	}
	return total, ones
}
