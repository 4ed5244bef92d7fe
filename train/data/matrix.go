package data

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/internal/dense"
	"gorgonia.org/tensor"
)

// Matrix is data in memory, such as the result of your own loader.
type Matrix struct {
	// X are the features: a matrix (rows, columns), or images (rows, channels, height, width). Y are the labels, (rows, outputs), or (rows)
	// for class indices. Weights has the shape of Y, or (rows); nil means 1. All are float32 or float64, row-major and contiguous.
	X, Y, Weights *tensor.Dense
	// Columns names the columns of X. Nil if they have no names. Images have none.
	Columns []string
}

// Len returns the number of rows.
func (m Matrix) Len() int {
	if m.X == nil || m.X.Dims() < 1 {
		return 0
	}
	return m.X.Shape()[0]
}

// Inputs describes the features.
func (m Matrix) Inputs() []batch.Input {
	switch {
	case m.X == nil:
	case m.X.Dims() == 2:
		return []batch.Input{{Name: batch.X, Width: m.X.Shape()[1], Columns: m.Columns}}
	case m.X.Dims() == 4:
		shape := m.X.Shape()[1:].Clone()
		return []batch.Input{{Name: batch.X, Kind: batch.Image, Width: shape.TotalSize(), Shape: shape}}
	}
	return nil
}

// Validate returns an error if the shapes do not fit together, or a tensor is not row-major and contiguous.
func (m Matrix) Validate() error {
	if err := checkFeatures(m.X, m.Columns); err != nil {
		return errors.Wrap(err, "Matrix")
	}
	if m.Y == nil && m.Weights == nil {
		return nil
	}
	return errors.Wrap(checkTarget(m.Y, m.Weights, m.X.Shape()[0]), "Matrix")
}

// checkFeatures returns an error for features that are neither a matrix nor images, and for names that do not fit them.
func checkFeatures(x *tensor.Dense, columns []string) error {
	switch {
	case x == nil || x.Dims() != 2 && x.Dims() != 4 || x.Shape().TotalSize() == 0:
		return errors.New("X is not a matrix with rows and columns, nor images of shape (rows, channels, height, width)")
	case columns != nil && x.Dims() == 4:
		return errors.Errorf("%d names of columns for images", len(columns))
	case columns != nil && len(columns) != x.Shape()[1]:
		return errors.Errorf("%d names for %d columns", len(columns), x.Shape()[1])
	}
	return checkPlain("X", x)
}

// checkPlain returns an error for a tensor whose elements are not floats, or have gaps.
func checkPlain(name string, v *tensor.Dense) error {
	switch {
	case v.Dtype() != tensor.Float32 && v.Dtype() != tensor.Float64:
		return errors.Errorf("%s is %v, want float32 or float64", name, v.Dtype())
	case v.DataOrder().IsColMajor() || v.RequiresIterator() || !v.IsNativelyAccessible():
		return errors.Errorf("%s of shape %v is not row-major and contiguous; clone it first", name, v.Shape())
	}
	return nil
}

// checkTarget returns an error for labels and weights that do not fit the number of rows, or each other.
func checkTarget(y, w *tensor.Dense, rows int) error {
	for _, t := range []struct {
		name  string
		value *tensor.Dense
	}{{"Y", y}, {"Weights", w}} {
		v := t.value
		if v == nil {
			continue
		}
		if err := checkPlain(t.name, v); err != nil {
			return err
		}
		if v.Dims() < 1 || v.Dims() > 2 || v.Shape()[0] != rows {
			return errors.Errorf("%s has shape %v, want %d rows", t.name, v.Shape(), rows)
		}
	}
	switch {
	case y == nil && w != nil:
		return errors.New("there are weights but no labels")
	case y == nil:
		return errors.New("there are no labels")
	case w != nil && w.Dims() == 2 && !w.Shape().Eq(y.Shape()):
		return errors.Errorf("Weights has shape %v, want %v or (%d)", w.Shape(), y.Shape(), rows)
	}
	return nil
}

// Gather implements Data.
func (m Matrix) Gather(rows []int, b *batch.Batch) error {
	if err := m.Validate(); err != nil {
		return err
	}
	if b == nil {
		return errors.New("Matrix: there is no batch")
	}
	if x := b.Input(batch.X); x != nil {
		if err := dense.CopyRows(x, m.X, rows); err != nil {
			return errors.Wrap(err, "features")
		}
	}
	y, w := b.Labels(batch.Y)
	return gatherTarget(m.Y, m.Weights, rows, y, w)
}

// gatherTarget writes labels and weights. Each of the tensors of the batch may be nil.
func gatherTarget(labels, weights *tensor.Dense, rows []int, y, w *tensor.Dense) error {
	if y != nil {
		if labels == nil {
			return errors.New("there are no labels")
		}
		if have, want := width(labels), width(y); have != want {
			return errors.Errorf("labels: Y of shape %v has %d for each row, the loss of the network reads %d: a loss of classes such as graphs.CrossEntropy "+
				"reads one class index, graphs.SoftCrossEntropy, graphs.BCE and graphs.MSE a number for each output", labels.Shape(), have, want)
		}
		if err := dense.CopyRows(y, labels, rows); err != nil {
			return errors.Wrap(err, "labels")
		}
	}
	switch {
	case w == nil:
		return nil
	case weights == nil:
		return errors.Wrap(dense.Fill(w, 1), "weights")
	case weights.Dims() == 1 && w.Dims() == 2:
		return errors.Wrap(spread(w, weights, rows), "weights")
	}
	return errors.Wrap(dense.CopyRows(w, weights, rows), "weights")
}

// width is the number of elements in a row.
func width(t *tensor.Dense) int {
	if t.Dims() < 2 {
		return 1
	}
	return t.Shape()[1]
}

// spread sets all elements of row i of dst to element rows[i] of src, a vector.
func spread(dst, src *tensor.Dense, rows []int) error {
	to, err := dense.Elements(dst)
	if err != nil {
		return err
	}
	from, err := dense.Elements(src)
	if err != nil {
		return err
	}
	if len(to.Shape) != 2 || to.Shape[0] != len(rows) {
		return errors.Errorf("%d rows do not fit into %v", len(rows), dst.Shape())
	}
	width := to.Shape[1]
	for i, r := range rows {
		if r < 0 || r >= from.Len() {
			return errors.Errorf("row %d of %d", r, from.Len())
		}
		for j := range width {
			to.Set(i*width+j, from.At(r))
		}
	}
	return nil
}
