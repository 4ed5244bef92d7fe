package data

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"gorgonia.org/tensor"
)

// Prepare makes the labels of a gathered batch ready for a loss: a label that is NaN gets the weight 0. It returns an error that names
// the row of the data set and the column for a label that the loss cannot use and for a weight that is not a finite number >= 0.
// rows are the rows of the data set that the batch holds, and outputs the number of outputs of the network.
func Prepare(rows []int, b *batch.Batch, loss graphs.Loss, outputs int) error {
	labels, weights := b.Labels(batch.Y)
	if labels == nil || weights == nil {
		return nil
	}
	switch y := labels.Data().(type) {
	case []float32:
		return prepare(rows, y, weights, loss, outputs)
	case []float64:
		return prepare(rows, y, weights, loss, outputs)
	}
	return nil
}

func prepare[T float32 | float64](rows []int, y []T, weights *tensor.Dense, loss graphs.Loss, outputs int) error {
	w, ok := weights.Data().([]T)
	if !ok || len(rows) == 0 || len(y)%len(rows) != 0 || len(w)%len(rows) != 0 {
		return errors.Errorf("%d rows have %d labels and weights of shape %v", len(rows), len(y), weights.Shape())
	}
	labelWidth, weightWidth := len(y)/len(rows), len(w)/len(rows)
	for k, v := range w {
		if !(v >= 0) || math.IsInf(float64(v), 0) {
			return errors.Errorf("row %d%s has the weight %v, want a finite number >= 0", rows[k/weightWidth], column(k, weightWidth), v)
		}
	}
	for k, v := range y {
		weight := &w[k/labelWidth*weightWidth+k%labelWidth%weightWidth]
		if v != v {
			y[k], *weight = 0, 0
			continue
		}
		if *weight == 0 {
			continue
		}
		if err := checkLabel(float64(v), loss, outputs); err != nil {
			return errors.Wrapf(err, "row %d%s", rows[k/labelWidth], column(k, labelWidth))
		}
	}
	return nil
}

func column(k, width int) string {
	if width == 1 {
		return ""
	}
	return errors.Errorf(", column %d", k%width).Error()
}

func checkLabel(v float64, loss graphs.Loss, outputs int) error {
	switch {
	case math.IsInf(v, 0):
		return errors.Errorf("has the label %v", v)
	case loss.Labels == graphs.ClassIndex && (v < 0 || v >= float64(outputs) || v != math.Trunc(v)):
		return errors.Errorf("has the class %v, want an integer from 0 to %d", v, outputs-1)
	case loss.Labels == graphs.Distribution && v < 0:
		return errors.Errorf("has the probability %v, want a number >= 0", v)
	case loss.CheckLabel != nil:
		return loss.CheckLabel(v)
	}
	return nil
}

// NotOne returns the row of the first weight of a gathered batch that is not 1, for a loss that does not use the weights.
func NotOne(rows []int, b *batch.Batch) (row int, found bool) {
	_, weights := b.Labels(batch.Y)
	if weights == nil || len(rows) == 0 {
		return 0, false
	}
	width := weights.DataSize() / len(rows)
	switch w := weights.Data().(type) {
	case []float32:
		for k, v := range w {
			if v != 1 {
				return rows[k/width], true
			}
		}
	case []float64:
		for k, v := range w {
			if v != 1 {
				return rows[k/width], true
			}
		}
	}
	return 0, false
}

// NotFinite returns row and column of the first feature of a gathered batch that is not a finite number.
func NotFinite(rows []int, b *batch.Batch) (row, column int, value float64, found bool) {
	for _, in := range b.Inputs {
		if in.Value == nil || len(rows) == 0 {
			continue
		}
		width := in.Value.DataSize() / len(rows)
		at := func(k int, v float64) bool {
			if finite(v) {
				return false
			}
			row, column, value, found = rows[k/width], k%width, v, true
			return true
		}
		switch x := in.Value.Data().(type) {
		case []float32:
			for k, v := range x {
				if at(k, float64(v)) {
					return
				}
			}
		case []float64:
			for k, v := range x {
				if at(k, v) {
					return
				}
			}
		}
	}
	return 0, 0, 0, false
}
