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
	if m.X == nil || m.X.Dims() != 2 && m.X.Dims() != 4 || m.X.Shape().TotalSize() == 0 {
		return errors.New("Matrix: X is not a matrix with rows and columns, nor images of shape (rows, channels, height, width)")
	}
	n := m.X.Shape()[0]
	for _, t := range []struct {
		name  string
		value *tensor.Dense
	}{{"X", m.X}, {"Y", m.Y}, {"Weights", m.Weights}} {
		v := t.value
		switch {
		case v == nil:
		case v.Dtype() != tensor.Float32 && v.Dtype() != tensor.Float64:
			return errors.Errorf("Matrix: %s is %v, want float32 or float64", t.name, v.Dtype())
		case v.DataOrder().IsColMajor() || v.RequiresIterator() || !v.IsNativelyAccessible():
			return errors.Errorf("Matrix: %s of shape %v is not row-major and contiguous; clone it first", t.name, v.Shape())
		case v != m.X && (v.Dims() < 1 || v.Dims() > 2 || v.Shape()[0] != n):
			return errors.Errorf("Matrix: %s has shape %v, want %d rows", t.name, v.Shape(), n)
		}
	}
	switch {
	case m.Columns != nil && m.X.Dims() == 4:
		return errors.Errorf("Matrix: %d names of columns for images", len(m.Columns))
	case m.Columns != nil && len(m.Columns) != m.X.Shape()[1]:
		return errors.Errorf("Matrix: %d names for %d columns", len(m.Columns), m.X.Shape()[1])
	case m.Weights != nil && m.Y == nil:
		return errors.New("Matrix: there are weights but no labels")
	case m.Weights != nil && m.Weights.Dims() == 2 && !m.Weights.Shape().Eq(m.Y.Shape()):
		return errors.Errorf("Matrix: Weights has shape %v, want %v or (%d)", m.Weights.Shape(), m.Y.Shape(), n)
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
	if y != nil {
		if m.Y == nil {
			return errors.New("there are no labels")
		}
		if have, want := width(m.Y), width(y); have != want {
			return errors.Errorf("labels: Y of shape %v has %d for each row, the loss of the network reads %d: a loss of classes such as graphs.CrossEntropy "+
				"reads one class index, graphs.SoftCrossEntropy, graphs.BCE and graphs.MSE a number for each output", m.Y.Shape(), have, want)
		}
		if err := dense.CopyRows(y, m.Y, rows); err != nil {
			return errors.Wrap(err, "labels")
		}
	}
	switch {
	case w == nil:
		return nil
	case m.Weights == nil:
		return errors.Wrap(dense.Fill(w, 1), "weights")
	case m.Weights.Dims() == 1 && w.Dims() == 2:
		return errors.Wrap(spread(w, m.Weights, rows), "weights")
	}
	return errors.Wrap(dense.CopyRows(w, m.Weights, rows), "weights")
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
