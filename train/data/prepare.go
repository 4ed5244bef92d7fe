package data

import (
	"cmp"
	"fmt"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
)

// Prepare makes the labels of an output in a gathered batch ready for its loss: a label that is NaN gets the weight 0. It returns an error
// that names the row of the data set and the column for a label that the loss cannot use and for a weight that is not a finite number >= 0,
// and the output unless it is batch.Y. rows are the rows of the data set that the batch holds.
func Prepare(rows []int, b *batch.Batch, output graphs.Output) (err error) {
	name := cmp.Or(output.Name, batch.Y)
	if err := prepareOutput(rows, b, name, output.Loss, output.Width); err != nil && name != batch.Y {
		return errors.Wrapf(err, "output %q", name)
	} else if err != nil {
		return err
	}
	return nil
}

func prepareOutput(rows []int, b *batch.Batch, name string, loss graphs.Loss, outputs int) (err error) {
	defer Recover("the loss "+loss.Name, &err) // its CheckLabel may be a user's
	labels, weights := b.Labels(name)
	if labels == nil || weights == nil {
		return nil
	}
	y, err := dense.Elements(labels)
	if err != nil {
		return errors.Wrap(err, "labels")
	}
	w, err := dense.Elements(weights)
	if err != nil {
		return errors.Wrap(err, "weights")
	}
	if len(rows) == 0 || y.Len()%len(rows) != 0 || w.Len()%len(rows) != 0 || y.Dtype() != w.Dtype() || y.Len() < w.Len() {
		return errors.Errorf("%d rows have labels of %s and weights of %s", len(rows), dense.Describe(labels), dense.Describe(weights))
	}
	if y.F32 != nil {
		return prepare(rows, y.F32, w.F32, loss, outputs)
	}
	return prepare(rows, y.F64, w.F64, loss, outputs)
}

func prepare[T dense.Float](rows []int, y, w []T, loss graphs.Loss, outputs int) error {
	labelWidth, weightWidth := len(y)/len(rows), len(w)/len(rows)
	for k, v := range w {
		if zeroOrOne(v) {
			continue
		}
		if !(v >= 0) || math.IsInf(float64(v), 0) {
			return errors.Errorf("row %d%s has the weight %v, want a finite number >= 0", rows[k/weightWidth], column(k, weightWidth), v)
		}
	}
	sure := sureLabels(&loss, outputs)
	for k := skip(y, 0, sure, outputs); k < len(y); k = skip(y, k+1, sure, outputs) {
		v, weight := y[k], &w[k/labelWidth*weightWidth+k%labelWidth%weightWidth]
		if v != v {
			y[k], *weight = 0, 0
			continue
		}
		if *weight == 0 {
			continue
		}
		if err := checkLabel(float64(v), &loss, outputs); err != nil {
			return fmt.Errorf("row %d%s: %w for the loss %s%s", rows[k/labelWidth], column(k, labelWidth), err, loss.Name, otherLoss(&loss))
		}
	}
	return nil
}

// sureKind names labels that a loss can surely use: a step of a small network takes little longer than a look at each of its labels.
type sureKind int

const (
	noLabel    sureKind = iota
	zeroAndOne          // 0 and 1
	allFinite           // every finite number
	indices             // every class index
)

func sureLabels(loss *graphs.Loss, outputs int) sureKind {
	switch {
	case loss.CheckLabel == nil && loss.Labels == graphs.PerOutput:
		return allFinite
	case loss.CheckLabel == nil && loss.Labels == graphs.ClassIndex:
		return indices
	case checkLabel(0, loss, outputs) == nil && checkLabel(1, loss, outputs) == nil:
		return zeroAndOne
	}
	return noLabel
}

// zeroOrOne reports whether v is 0 or 1, by branches that the processor can predict for any mixture of the two.
func zeroOrOne[T dense.Float](v T) bool { return v*v == v && v < 2 }

// skip returns the index of the first label from k on that is not surely usable.
func skip[T dense.Float](y []T, k int, sure sureKind, outputs int) int {
	switch sure {
	case zeroAndOne:
		for k < len(y) && zeroOrOne(y[k]) {
			k++
		}
	case allFinite:
		for k < len(y) && y[k]-y[k] == 0 { // false for NaN and infinities
			k++
		}
	case indices:
		for k < len(y) && y[k] >= 0 && y[k] < T(outputs) && y[k] == T(int(y[k])) {
			k++
		}
	}
	return k
}

// column names a column in a message, unless there is only one.
func column(k, width int) string {
	if width == 1 {
		return ""
	}
	return fmt.Sprintf(", column %d", k%width)
}

// otherLoss names the losses for other labels, for losses that people often take by mistake.
func otherLoss(loss *graphs.Loss) string {
	switch {
	case loss.Labels == graphs.ClassIndex:
		return "; numbers need a loss such as graphs.MSE"
	case loss.Name == graphs.BCE.Name:
		return "; class indices need graphs.CrossEntropy, numbers graphs.MSE"
	}
	return ""
}

func checkLabel(v float64, loss *graphs.Loss, outputs int) error {
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

// NotOne returns the row of the first weight of an output in a gathered batch that is not 1, for a loss that does not use the weights.
func NotOne(rows []int, b *batch.Batch, output string) (row int, found bool) {
	_, weights := b.Labels(cmp.Or(output, batch.Y))
	w, err := dense.Elements(weights)
	if err != nil || len(rows) == 0 || w.Len() < len(rows) {
		return 0, false
	}
	k := notOne(w.F32)
	if w.F64 != nil {
		k = notOne(w.F64)
	}
	if k < 0 {
		return 0, false
	}
	return rows[min(k/(w.Len()/len(rows)), len(rows)-1)], true
}

func notOne[T dense.Float](w []T) int {
	for k, v := range w {
		if v != 1 {
			return k
		}
	}
	return -1
}

// Cell is a feature of a data set.
type Cell struct {
	Input       string
	Row, Column int
	Value       float64
}

// NotFinite returns the first feature of a gathered batch that is not a finite number.
func NotFinite(rows []int, b *batch.Batch) (c Cell, found bool) {
	if b == nil || len(rows) == 0 {
		return c, false
	}
	for i := range b.Inputs {
		in := &b.Inputs[i]
		if in.Sparse != nil {
			if c, found = notFiniteSparse(rows, in); found {
				return c, true
			}
			continue
		}
		x, err := dense.Elements(in.Value)
		if err != nil || x.Len() < len(rows) {
			continue
		}
		width := x.Len() / len(rows)
		for k := range x.Len() {
			if v := x.At(k); math.IsNaN(v) || math.IsInf(v, 0) {
				return Cell{in.Name, rows[min(k/width, len(rows)-1)], k % width, v}, true
			}
		}
	}
	return c, false
}

func notFiniteSparse(rows []int, in *batch.Tensor) (c Cell, found bool) {
	x, err := in.Sparse.Tensor()
	if err != nil {
		return c, false
	}
	start, columns := dense.CSR(x)
	if len(columns) == 0 { // Data panics without values
		return c, false
	}
	var values []float64
	switch v := x.Data().(type) {
	case []float32:
		for _, v := range v {
			values = append(values, float64(v))
		}
	case []float64:
		values = v
	}
	row := 0
	for k, v := range values {
		for row+1 < len(start) && start[row+1] <= k {
			row++
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Cell{in.Name, rows[min(row, len(rows)-1)], columns[k], v}, true
		}
	}
	return c, false
}
