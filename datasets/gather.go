package datasets

import (
	"slices"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"gorgonia.org/tensor"
)

// Gather writes rows into the tensors of a batch. The features go to the input of the name InputName (batch.X), (len(rows), Width()), or with
// the Shape of images behind the rows. The labels go to the output OutputName (batch.Y), (len(rows), number of tasks), or (len(rows)) with
// class indices if the set has classes. Their weights have the shape of the labels: those of Weights, or 1 if the set has none, and 0 where
// the label was not observed (the label is 0 there). Where the weights have the shape (len(rows)) beside a matrix of labels, a row has the
// weight 0 unless all of its labels were observed. MoreInputs and MoreOutputs go where their names are; categories have the shape (len(rows)).
// The rows of sparse features are appended to a batch.CSR if the batch has one for them. Gather skips everything for which the batch has no
// tensor. The tensors are all float32 or all float64, and own their memory.
//
// If a shape, a type, a name or a row index does not fit, or the set has too few labels or weights, it returns an error and writes nothing. It
// allocates nothing once warm, and several goroutines may call it at once, each with its own tensors.
func (s *Set) Gather(rows []int, b *batch.Batch) error {
	if b == nil {
		return errors.New("datasets: the batch is nil")
	}
	if err := s.checkBatch(rows, b); err != nil {
		return err
	}
	for i := range b.Inputs {
		t := &b.Inputs[i]
		if t.Value == nil && t.Sparse == nil {
			continue
		}
		in, _ := s.inputNamed(t.Name)
		if err := in.gather(rows, t); err != nil {
			return s.wrap(err)
		}
	}
	for i := range b.Outputs {
		y, weights := b.Outputs[i].Value, b.Outputs[i].Weights
		o, _ := s.outputNamed(b.Outputs[i].Output)
		perRow := y != nil && weights != nil && weights.Dims() < y.Dims()
		if d := first(y, weights); d != nil && d.Dtype() == tensor.Float64 {
			gatherLabels(o, s.Len(), rows, float64s(y), float64s(weights), perRow)
		} else if d != nil {
			gatherLabels(o, s.Len(), rows, float32s(y), float32s(weights), perRow)
		}
	}
	return nil
}

// gather writes rows of the input.
func (in Input) gather(rows []int, t *batch.Tensor) error {
	switch {
	case t.Sparse != nil:
		return gatherSparse(in.Features, t.Sparse, rows)
	case t.Value.Dtype() == tensor.Float64:
		return widen(in.Features, t.Value.Float64s(), rows)
	}
	return in.Features.Gather(t.Value.Float32s(), in.width(), rows)
}

// first returns the first tensor that is not nil.
func first(all ...*tensor.Dense) *tensor.Dense {
	for _, t := range all {
		if t != nil {
			return t
		}
	}
	return nil
}

// firstOf returns the first tensor of a batch, and whether the batch has any, or sparse rows.
func firstOf(b *batch.Batch) (d *tensor.Dense, any bool) {
	for i := range b.Inputs {
		if any = any || b.Inputs[i].Sparse != nil; b.Inputs[i].Value != nil {
			return b.Inputs[i].Value, true
		}
	}
	for i := range b.Outputs {
		if d := first(b.Outputs[i].Value, b.Outputs[i].Weights); d != nil {
			return d, true
		}
	}
	return nil, any
}

func (s *Set) checkBatch(rows []int, b *batch.Batch) error {
	if s == nil {
		return errors.New("datasets: the set is nil")
	}
	d, any := firstOf(b)
	if !any || s.Features == nil {
		return errors.Errorf("datasets: set %q: no features, or no tensor for them", s.Name)
	}
	if err := checkRows(rows, s.Len()); err != nil {
		return s.wrap(err)
	}
	t := tensor.Float32
	if d != nil {
		t = d.Dtype()
	}
	if t != tensor.Float32 && t != tensor.Float64 {
		return errors.Errorf("datasets: set %q: a tensor of type %v, want float32 or float64", s.Name, t)
	}
	if len(rows) == 0 {
		return errors.Errorf("datasets: set %q: 0 rows, want at least one", s.Name)
	}
	for i := range b.Inputs {
		if err := s.checkInputRoom(rows, t, &b.Inputs[i]); err != nil {
			return err
		}
	}
	for i := range b.Outputs {
		out := &b.Outputs[i]
		if out.Value == nil && out.Weights == nil {
			continue
		}
		o, ok := s.outputNamed(out.Output)
		if !ok {
			return errors.Errorf("datasets: set %q has no labels of the output %q", s.Name, out.Output)
		}
		if err := s.checkLabelRoom(o, rows, t, out.Value, out.Weights); err != nil {
			return err
		}
	}
	return nil
}

// checkInputRoom returns an error for a tensor, or sparse rows, that do not fit the input of its name.
func (s *Set) checkInputRoom(rows []int, t tensor.Dtype, to *batch.Tensor) error {
	if to.Value == nil && to.Sparse == nil {
		return nil
	}
	in, ok := s.inputNamed(to.Name)
	if !ok || in.Features == nil {
		return errors.Errorf("datasets: set %q has no input %q", s.Name, to.Name)
	}
	if n, _ := in.Features.Dims(); n != s.Len() {
		return errors.Errorf("datasets: set %q: input %q has %d rows, want %d", s.Name, in.Name, n, s.Len())
	}
	if to.Sparse != nil {
		if to.Sparse.Width() != in.width() {
			return errors.Errorf("datasets: set %q: sparse rows of %d columns, want %d", s.Name, to.Sparse.Width(), in.width())
		}
		return nil
	}
	if !in.fits(to.Value, t, len(rows)) {
		want := append(tensor.Shape{len(rows)}, in.rowShape()...)
		return errors.Errorf("datasets: set %q: %d rows into a tensor of shape %v, want a plain %v", s.Name, len(rows), to.Value.Shape(), want)
	}
	return nil
}

// shape is (rows, cols), or (rows) if cols is 0.
func shape(rows, cols int) tensor.Shape {
	if cols == 0 {
		return tensor.Shape{rows}
	}
	return tensor.Shape{rows, cols}
}

// rowShape is the shape of the features of a row: none for a category.
func (in Input) rowShape() []int {
	switch in.Kind {
	case batch.Image:
		return in.Shape
	case batch.Category:
		return nil
	}
	return []int{in.width()}
}

// fits reports whether x is a contiguous row-major tensor of the type for the features of so many rows.
func (in Input) fits(x *tensor.Dense, t tensor.Dtype, rows int) bool {
	switch in.Kind {
	case batch.Image:
		shape := x.Shape()
		return plain(x, t) && len(shape) > 1 && shape[0] == rows && slices.Equal(shape[1:], in.Shape) && shape.TotalSize() == rows*in.width()
	case batch.Category:
		return fits(x, t, rows, 0) && in.width() == 1
	}
	return fits(x, t, rows, in.width())
}

// plain reports whether d is contiguous, row-major and of the type.
func plain(d *tensor.Dense, t tensor.Dtype) bool {
	return d.Dtype() == t && !d.RequiresIterator() && !d.DataOrder().IsColMajor() && d.IsNativelyAccessible()
}

// fits reports whether d is a contiguous row-major tensor of the type and shape(rows, cols).
func fits(d *tensor.Dense, t tensor.Dtype, rows, cols int) bool {
	if !plain(d, t) {
		return false
	}
	s := d.Shape()
	if cols == 0 {
		return len(s) == 1 && s[0] == rows
	}
	return len(s) == 2 && s[0] == rows && s[1] == cols
}

func float32s(d *tensor.Dense) []float32 {
	if d == nil {
		return nil
	}
	return d.Float32s()
}

func float64s(d *tensor.Dense) []float64 {
	if d == nil {
		return nil
	}
	return d.Float64s()
}

// widen gathers rows as float64, through a borrowed float32 row.
func widen(f Features, dst []float64, rows []int) error {
	_, cols := f.Dims()
	buf := wideRows.Get().(*[]float32)
	defer wideRows.Put(buf)
	if cap(*buf) < cols {
		*buf = make([]float32, cols)
	}
	row := (*buf)[:cols]
	for i := range rows {
		if err := f.Gather(row, cols, rows[i:i+1]); err != nil {
			return err
		}
		out := dst[i*cols : (i+1)*cols]
		for c, v := range row {
			out[c] = float64(v)
		}
	}
	return nil
}

// wideRows holds the rows that widen borrows.
var wideRows = sync.Pool{New: func() any { return new([]float32) }}
