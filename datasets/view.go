package datasets

import (
	"sync"

	"github.com/pkg/errors"
)

// View is a table of selected rows of another table, in any order and with repeats. It does not copy them.
type View struct {
	of   Features
	rows []int
}

// NewView returns the table whose row i is row rows[i] of f. It keeps the slice. It returns an error if f is nil or a row index is out of
// range.
func NewView(f Features, rows []int) (*View, error) {
	if f == nil {
		return nil, errors.New("datasets: no features to view")
	}
	n, _ := f.Dims()
	if err := checkRows(rows, n); err != nil {
		return nil, err
	}
	if v, ok := f.(*View); ok && v != nil && v.of != nil {
		inner := make([]int, len(rows))
		for i, r := range rows {
			inner[i] = v.rows[r]
		}
		f, rows = v.of, inner
	}
	return &View{of: f, rows: rows}, nil
}

// Dims returns the number of selected rows and the columns of the underlying table.
func (v *View) Dims() (rows, cols int) {
	if v == nil || v.of == nil {
		return 0, 0
	}
	_, cols = v.of.Dims()
	return len(v.rows), cols
}

// Gather implements [Features].
func (v *View) Gather(dst []float32, stride int, rows []int) error {
	n, cols := v.Dims()
	if err := CheckGather(n, cols, dst, stride, rows); err != nil {
		return err
	}
	buf := rowIndices.Get().(*[viewChunk]int)
	defer rowIndices.Put(buf)
	for len(rows) > 0 {
		n := min(len(rows), viewChunk)
		for i, r := range rows[:n] {
			buf[i] = v.rows[r]
		}
		if err := v.of.Gather(dst, stride, buf[:n]); err != nil {
			return err
		}
		rows = rows[n:]
		dst = dst[min(n*stride, len(dst)):]
	}
	return nil
}

const viewChunk = 256

// rowIndices holds buffers for translated row indices, so that Gather neither allocates nor keeps state.
var rowIndices = sync.Pool{New: func() any { return new([viewChunk]int) }}

func checkRows(rows []int, n int) error {
	for i, r := range rows {
		if r < 0 || r >= n {
			return errors.Errorf("datasets: row %d (entry %d) is outside 0..%d", r, i, n-1)
		}
	}
	return nil
}

var _ Features = (*View)(nil)
