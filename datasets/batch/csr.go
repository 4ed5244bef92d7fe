package batch

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// CSR holds rows of a sparse matrix in compressed form. Make one with NewCSR, call Reset and then Append for each row.
type CSR struct {
	width   int
	start   []int // row i has the elements start[i] ... start[i+1]-1 of columns and of one of the values
	columns []int
	f32     []float32
	f64     []float64
	double  bool
}

// NewCSR returns a matrix of no rows, of float32 or float64 elements.
func NewCSR(dtype tensor.Dtype, width int) (*CSR, error) {
	if width < 1 || dtype != tensor.Float32 && dtype != tensor.Float64 {
		return nil, errors.Errorf("batch: sparse rows of %d columns of %v, want at least one column of float32 or float64", width, dtype)
	}
	return &CSR{width: width, start: []int{0}, double: dtype == tensor.Float64}, nil
}

// Reset removes all rows and keeps the memory.
func (c *CSR) Reset() {
	if c != nil {
		c.start, c.columns, c.f32, c.f64 = append(c.start[:0], 0), c.columns[:0], c.f32[:0], c.f64[:0]
	}
}

// Append adds a row. The columns must ascend; all elements but these are zero. It returns an error for a nil matrix, for columns that do
// not ascend or are out of range, and if there are not as many values as columns, and then adds nothing.
func (c *CSR) Append(columns []int32, values []float32) error {
	switch {
	case c == nil:
		return errors.New("batch: there are no sparse rows to add to")
	case len(columns) != len(values):
		return errors.Errorf("batch: a sparse row of %d columns and %d values", len(columns), len(values))
	}
	last := int32(-1)
	for _, k := range columns {
		if k <= last || int(k) >= c.width {
			return errors.Errorf("batch: a sparse row has column %d after %d, of %d", k, last, c.width)
		}
		last = k
	}
	for i, k := range columns {
		c.columns = append(c.columns, int(k))
		if c.double {
			c.f64 = append(c.f64, float64(values[i]))
		} else {
			c.f32 = append(c.f32, values[i])
		}
	}
	c.start = append(c.start, len(c.columns))
	return nil
}

// Rows returns the number of rows.
func (c *CSR) Rows() int {
	if c == nil {
		return 0
	}
	return max(0, len(c.start)-1)
}

// Width returns the number of columns.
func (c *CSR) Width() int {
	if c == nil {
		return 0
	}
	return c.width
}

// Tensor returns the matrix as a tensor that shares its memory: it is valid until the next Reset or Append.
func (c *CSR) Tensor() (*tensor.CS, error) {
	if c.Rows() == 0 {
		return nil, errors.New("batch: no sparse rows")
	}
	var values any = c.f32
	if c.double {
		values = c.f64
	}
	return tensor.NewCSR(c.columns, c.start, values, tensor.WithShape(c.Rows(), c.width)), nil
}
