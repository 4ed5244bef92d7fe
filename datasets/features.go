package datasets

import (
	"math"
	"math/bits"

	"github.com/pkg/errors"
)

// Features is a table of numbers, one row per example. [Dense], [Sparse], [Concat] and [View] implement it.
//
// Implementations are read-only after construction, so several goroutines may gather at once.
type Features interface {
	// Dims returns the number of rows and columns.
	Dims() (rows, cols int)

	// Gather writes the given rows to dst, the i-th one to dst[i*stride : i*stride+cols], and touches nothing else. It allocates nothing.
	// Rows may repeat. If [CheckGather] returns an error, Gather returns it and writes nothing.
	Gather(dst []float32, stride int, rows []int) error
}

// CheckGather checks the arguments of Features.Gather for a table of n rows: every row is in 0..n-1, the stride is at least
// cols, and dst has room for all rows. Implementations of [Features] call it first.
func CheckGather(n, cols int, dst []float32, stride int, rows []int) error {
	if len(rows) == 0 {
		return nil
	}
	if stride < cols {
		return errors.Errorf("datasets: stride %d for %d columns", stride, cols)
	}
	if last, ok := product(len(rows)-1, stride); !ok || last > len(dst) || len(dst)-last < cols {
		return errors.Errorf("datasets: %d rows with a stride of %d do not fit into %d values", len(rows), stride, len(dst))
	}
	return checkRows(rows, n)
}

// product returns a*b, and false if one of them is negative or an int cannot hold the product.
func product(a, b int) (int, bool) {
	if a < 0 || b < 0 {
		return 0, false
	}
	high, low := bits.Mul64(uint64(a), uint64(b))
	return int(low), high == 0 && low <= math.MaxInt
}

// Dense holds every value, row after row.
type Dense struct {
	rows, cols int
	data       []float32
}

// NewDense returns a rows x cols table of row-major data, which it keeps. The number of rows may be 0; otherwise there must be columns. It
// returns an error if the sizes do not agree.
func NewDense(rows, cols int, data []float32) (*Dense, error) {
	if n, ok := product(rows, cols); !ok || len(data) != n || cols > math.MaxInt32 || cols == 0 && rows > 0 {
		return nil, errors.Errorf("datasets: %d values do not fill %d x %d", len(data), rows, cols)
	}
	return &Dense{rows: rows, cols: cols, data: data}, nil
}

// Dims returns the number of rows and columns.
func (d *Dense) Dims() (rows, cols int) {
	if d == nil {
		return 0, 0
	}
	return d.rows, d.cols
}

// Row returns row i, or nil if there is none. Do not change it.
func (d *Dense) Row(i int) []float32 {
	if d == nil || i < 0 || i >= d.rows {
		return nil
	}
	return d.data[i*d.cols : (i+1)*d.cols : (i+1)*d.cols]
}

// Gather implements [Features].
func (d *Dense) Gather(dst []float32, stride int, rows []int) error {
	n, cols := d.Dims()
	if err := CheckGather(n, cols, dst, stride, rows); err != nil {
		return err
	}
	for i, r := range rows {
		copy(dst[i*stride:i*stride+cols], d.Row(r))
	}
	return nil
}

var _ Features = (*Dense)(nil)
