package datasets

import (
	"math"
	"sync"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Gather writes a batch of rows into tensors: the features to x, shape (len(rows), Inputs()); the labels to y, shape
// (len(rows), number of tasks), or (len(rows)) with class indices if the set has classes; and their weights to weights, of
// y's shape: that of Weights, 1 if the set has none, and 0 where the label was not observed (the label is 0 there). y and
// weights may be nil. All are float32 or float64, of one type, and own their memory.
//
// It returns an error, with nothing written, if a shape, a type or a row index does not fit, or the set has fewer labels or
// weights than it needs. It allocates nothing once warm, and several goroutines may call it at once, each with its own
// tensors.
func (s *Set) Gather(rows []int, x, y, weights *tensor.Dense) error {
	if err := s.checkBatch(rows, x, y, weights); err != nil {
		return err
	}
	if x.Dtype() == tensor.Float64 {
		if err := widen(s.Features, x.Float64s(), rows); err != nil {
			return errors.Wrapf(err, "set %q", s.Name)
		}
		gatherLabels(s, rows, float64s(y), float64s(weights))
		return nil
	}
	if err := s.Features.Gather(x.Float32s(), s.Inputs(), rows); err != nil {
		return errors.Wrapf(err, "set %q", s.Name)
	}
	gatherLabels(s, rows, float32s(y), float32s(weights))
	return nil
}

func (s *Set) checkBatch(rows []int, x, y, weights *tensor.Dense) error {
	if s == nil {
		return errors.New("datasets: there is no set")
	}
	if x == nil || s.Features == nil {
		return errors.Errorf("datasets: set %q: no features or nowhere to put them", s.Name)
	}
	if err := checkRows(rows, s.Len()); err != nil {
		return errors.Wrapf(err, "set %q", s.Name)
	}
	t := x.Dtype()
	if t != tensor.Float32 && t != tensor.Float64 {
		return errors.Errorf("datasets: set %q: x is of type %v, want float32 or float64", s.Name, t)
	}
	if len(rows) == 0 || !fits(x, t, len(rows), s.Inputs()) {
		return errors.Errorf("datasets: set %q: x is %v, want a plain (%d, %d)", s.Name, x.Shape(), len(rows), s.Inputs())
	}
	if y == nil && weights == nil {
		return nil
	}
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
		return errors.Errorf("datasets: set %q: y is %v %v, want a plain %v %v", s.Name, y.Dtype(), y.Shape(), t, shape(len(rows), tasks))
	}
	if weights != nil && !fits(weights, t, len(rows), tasks) {
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

// fits reports whether d is a contiguous row-major tensor of the type and shape(rows, cols).
func fits(d *tensor.Dense, t tensor.Dtype, rows, cols int) bool {
	if d.Dtype() != t || d.RequiresIterator() || d.DataOrder().IsColMajor() || !d.IsNativelyAccessible() {
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

// gatherLabels writes labels and weights. Either or both may be nil.
func gatherLabels[T float32 | float64](s *Set, rows []int, y, weights []T) {
	if y == nil && weights == nil {
		return
	}
	width, perRow := len(s.Tasks), s.weightsPerRow()
	for i, r := range rows {
		for t, v := range s.Labels[r*width : (r+1)*width] {
			k := i*width + t
			w := T(1)
			if s.Weights != nil {
				w = T(s.Weights[r*perRow+min(t, perRow-1)])
			}
			if math.IsNaN(float64(v)) {
				w, v = 0, 0
			}
			if y != nil {
				y[k] = T(v)
			}
			if weights != nil {
				weights[k] = w
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

// wideRows lends the row that widen reads through.
var wideRows = sync.Pool{New: func() any { return new([]float32) }}
