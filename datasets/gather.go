package datasets

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"gorgonia.org/tensor"
)

// Gather writes rows into the tensors of a batch. The features go to the input batch.X, (len(rows), Width()), or with the
// Shape of images behind the rows. The labels go to the output
// batch.Y, (len(rows), number of tasks), or (len(rows)) with class indices if the set has classes. Their weights have the shape of the
// labels: those of Weights, or 1 if the set has none, and 0 where the label was not observed (the label is 0 there). Where the weights have
// the shape (len(rows)) beside a matrix of labels, a row has the weight 0 unless all of its labels were observed. Gather skips everything
// for which the batch has no tensor. The tensors are all float32 or all float64, and own their memory.
//
// If a shape, a type or a row index does not fit, or the set has too few labels or weights, it returns an error and writes nothing. It
// allocates nothing once warm, and several goroutines may call it at once, each with its own tensors.
func (s *Set) Gather(rows []int, b *batch.Batch) error {
	if b == nil {
		return errors.New("datasets: the batch is nil")
	}
	x := b.Input(batch.X)
	y, weights := b.Labels(batch.Y)
	if err := s.checkBatch(rows, x, y, weights); err != nil {
		return err
	}
	if x != nil {
		var err error
		if x.Dtype() == tensor.Float64 {
			err = widen(s.Features, x.Float64s(), rows)
		} else {
			err = s.Features.Gather(x.Float32s(), s.Width(), rows)
		}
		if err != nil {
			return s.wrap(err)
		}
	}
	perRow := y != nil && weights != nil && weights.Dims() < y.Dims()
	if d := first(y, weights); d != nil && d.Dtype() == tensor.Float64 {
		gatherLabels(s, rows, float64s(y), float64s(weights), perRow)
	} else if d != nil {
		gatherLabels(s, rows, float32s(y), float32s(weights), perRow)
	}
	return nil
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

func (s *Set) checkBatch(rows []int, x, y, weights *tensor.Dense) error {
	if s == nil {
		return errors.New("datasets: the set is nil")
	}
	d := first(x, y, weights)
	if d == nil || s.Features == nil {
		return errors.Errorf("datasets: set %q: no features, or no tensor for them", s.Name)
	}
	if err := checkRows(rows, s.Len()); err != nil {
		return s.wrap(err)
	}
	t := d.Dtype()
	if t != tensor.Float32 && t != tensor.Float64 {
		return errors.Errorf("datasets: set %q: a tensor of type %v, want float32 or float64", s.Name, t)
	}
	if len(rows) == 0 || x != nil && !s.fitsFeatures(x, t, len(rows)) {
		want := append(tensor.Shape{len(rows)}, s.rowShape()...)
		return errors.Errorf("datasets: set %q: %d rows into a tensor of shape %v, want a plain %v", s.Name, len(rows), d.Shape(), want)
	}
	if y == nil && weights == nil {
		return nil
	}
	return s.checkLabelRoom(rows, t, y, weights)
}

func (s *Set) checkLabelRoom(rows []int, t tensor.Dtype, y, weights *tensor.Dense) error {
	tasks := len(s.Tasks)
	if labels, ok := product(s.Len(), tasks); !ok || tasks == 0 || len(s.Labels) != labels {
		return errors.Errorf("datasets: set %q: %d labels for %d rows of %d tasks", s.Name, len(s.Labels), s.Len(), tasks)
	}
	if err := s.checkWeightsSize(); err != nil {
		return err
	}
	if s.Classes != nil {
		if tasks != 1 {
			return errors.Errorf("datasets: set %q: %d tasks and %d classes", s.Name, tasks, len(s.Classes))
		}
		tasks = 0 // class indices are a vector
	}
	if y != nil && !fits(y, t, len(rows), tasks) {
		return errors.Errorf("datasets: set %q has labels of shape %v for these rows, not %v %v: the loss of the network does not fit, %s",
			s.Name, shape(len(rows), tasks), y.Dtype(), y.Shape(), s.fittingLoss())
	}
	if weights != nil && !fits(weights, t, len(rows), tasks) && !fits(weights, t, len(rows), 0) {
		return errors.Errorf("datasets: set %q: weights are %v %v, want a plain %v %v", s.Name, weights.Dtype(), weights.Shape(), t, shape(len(rows), tasks))
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

// rowShape is the shape of the features of a row.
func (s *Set) rowShape() []int {
	if s.Shape != nil {
		return s.Shape
	}
	return []int{s.Width()}
}

// fitsFeatures reports whether x is a contiguous row-major tensor of the type for the features of so many rows.
func (s *Set) fitsFeatures(x *tensor.Dense, t tensor.Dtype, rows int) bool {
	if s.Shape == nil {
		return fits(x, t, rows, s.Width())
	}
	shape := x.Shape()
	return plain(x, t) && len(shape) > 1 && shape[0] == rows && slices.Equal(shape[1:], s.Shape) && shape.TotalSize() == rows*s.Width()
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

// gatherLabels writes labels and weights. Either may be nil. If perRow is set, there is one weight per row.
func gatherLabels[T float32 | float64](s *Set, rows []int, y, weights []T, perRow bool) {
	width, stored := len(s.Tasks), s.weightsPerRow()
	for i, r := range rows {
		for t, v := range s.Labels[r*width : (r+1)*width] {
			k := i*width + t
			w := T(1)
			if s.Weights != nil {
				w = T(s.Weights[r*stored+min(t, stored-1)])
			}
			if math.IsNaN(float64(v)) {
				w, v = 0, 0
			}
			if y != nil {
				y[k] = T(v)
			}
			switch {
			case weights == nil:
			case !perRow:
				weights[k] = w
			case t == 0 || w < weights[i]:
				weights[i] = w
			}
		}
	}
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

// fittingLoss names losses that fit the labels.
func (s *Set) fittingLoss() string {
	if s.Classes != nil {
		return "class indices need one such as graphs.CrossEntropy"
	}
	return fmt.Sprintf("labels of %d tasks need as many outputs and one such as graphs.BCE or graphs.MSE", len(s.Tasks))
}
