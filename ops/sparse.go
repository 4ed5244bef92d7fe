package ops

import (
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// IsSparse reports whether input i of the op may be sparse.
func (d *Def) IsSparse(i int) bool { return d != nil && slices.Contains(d.Sparse, i) }

// checkSparse returns an error unless the inputs that may be sparse exist and are matrices.
func (d *Def) checkSparse(shapes []tensor.Shape) error {
	for _, i := range d.Sparse {
		if i < 0 || i >= len(shapes) {
			return errors.Errorf("%s: Def.Sparse names input %d of %d", d.Name, i, len(shapes))
		}
		if shapes[i].Dims() != 2 {
			return errors.Errorf("%s: input %d has shape %v, want a matrix, which may be sparse", d.Name, i, shapes[i])
		}
	}
	return nil
}

// takeSparse takes the sparse value of input i.
func (o *op[T]) takeSparse(i int, v *tensor.CS) error {
	if !o.def.IsSparse(i) {
		return errors.Errorf("a sparse tensor of shape %v, want a dense one: this op does not read sparse rows", v.Shape())
	}
	rows, err := sparseRows[T](v)
	if err != nil {
		return err
	}
	o.call.In[i], o.call.Sparse[i] = nil, rows
	return nil
}

// sparseValue returns a tensor of sparse rows that shares their memory: t, unless that is nil.
func sparseValue[T kernel.Float](t *tensor.CS, shape tensor.Shape, rows kernel.CSR[T]) (*tensor.CS, error) {
	if n := len(rows.Start) - 1; n != shape[0] || len(rows.Columns) != len(rows.Values) || rows.Start[n] != len(rows.Columns) {
		return t, errors.Errorf("the result has %d row starts, %d columns and %d values, want %d rows", len(rows.Start), len(rows.Columns), len(rows.Values), shape[0])
	}
	if t == nil || !dense.SetCSR(t, rows.Start, rows.Columns, rows.Values) {
		t = tensor.NewCSR(rows.Columns, rows.Start, rows.Values, tensor.WithShape(shape...))
	}
	return t, nil
}

// sparseRows returns the elements of a sparse tensor, in place, after it has checked that they fit its shape.
func sparseRows[T kernel.Float](v *tensor.CS) (rows kernel.CSR[T], err error) {
	shape := v.Shape()
	if v.DataOrder().IsColMajor() || v.DataOrder().IsTransposed() || len(shape) != 2 {
		return rows, errors.Errorf("a sparse tensor of shape %v that is not in compressed rows; make it with tensor.NewCSR", shape)
	}
	switch v.Dtype() {
	case tensor.Float32:
		rows.Values, _ = any(v.Float32s()).([]T)
	case tensor.Float64:
		rows.Values, _ = any(v.Float64s()).([]T)
	}
	rows.Start, rows.Columns = dense.CSR(v)
	n := len(rows.Columns)
	if len(rows.Values) != n || len(rows.Start) != shape[0]+1 || rows.Start[0] != 0 || rows.Start[shape[0]] != n {
		return rows, errors.Errorf("a sparse tensor of %v and shape %v with %d row starts, %d columns and %d values of the dtype of the op",
			v.Dtype(), shape, len(rows.Start), n, len(rows.Values))
	}
	for i, start := range rows.Start[1:] {
		if start < rows.Start[i] || start > n {
			return rows, errors.Errorf("a sparse tensor whose row %d runs from element %d to %d of %d", i, rows.Start[i], start, n)
		}
	}
	for k, c := range rows.Columns {
		if uint(c) >= uint(shape[1]) {
			return rows, errors.Errorf("a sparse tensor of shape %v whose element %d is in column %d", shape, k, c)
		}
	}
	return rows, nil
}
