package datasets

import "github.com/pkg/errors"

// Features is a table of numbers, one row per example. [Dense], [Sparse], [Concat] and [View] implement it.
//
// Implementations are read-only after construction, so several goroutines may gather at once.
type Features interface {
	// Dims returns the number of rows and columns.
	Dims() (rows, cols int)

	// Gather writes the given rows to dst, the i-th one to dst[i*stride : i*stride+cols], and touches nothing
	// else. It allocates nothing. Rows may repeat. It panics like a slice access if a row number, the stride or the
	// length of dst does not fit; Set.Gather checks them.
	Gather(dst []float32, stride int, rows []int)
}

// Dense holds every value, row after row.
type Dense struct {
	rows, cols int
	data       []float32
}

// NewDense makes a rows x cols table from row-major data, which it keeps.
// It returns an error if the sizes do not agree.
func NewDense(rows, cols int, data []float32) (*Dense, error) {
	if rows < 0 || cols < 0 || len(data) != rows*cols {
		return nil, errors.Errorf("datasets: %d values do not fill %d x %d", len(data), rows, cols)
	}
	return &Dense{rows: rows, cols: cols, data: data}, nil
}

// Dims returns the number of rows and columns.
func (d *Dense) Dims() (rows, cols int) { return d.rows, d.cols }

// Row returns row i. It must not be changed.
func (d *Dense) Row(i int) []float32 { return d.data[i*d.cols : (i+1)*d.cols : (i+1)*d.cols] }

// Gather implements [Features].
func (d *Dense) Gather(dst []float32, stride int, rows []int) {
	for i, r := range rows {
		copy(dst[i*stride:i*stride+d.cols], d.Row(r))
	}
}

var _ Features = (*Dense)(nil)
