package datasets

import (
	"sync"

	"github.com/pkg/errors"
)

// View shows chosen rows of another table, in a chosen order and as often as wanted, without copying them.
type View struct {
	of   Features
	rows []int
}

// NewView returns the table whose row i is row rows[i] of f. It keeps rows.
// It returns an error if a row number is out of range.
func NewView(f Features, rows []int) (*View, error) {
	n, _ := f.Dims()
	if err := checkRows(rows, n); err != nil {
		return nil, err
	}
	if v, ok := f.(*View); ok {
		inner := make([]int, len(rows))
		for i, r := range rows {
			inner[i] = v.rows[r]
		}
		f, rows = v.of, inner
	}
	return &View{of: f, rows: rows}, nil
}

// Dims returns the number of rows shown and the columns of the table below.
func (v *View) Dims() (rows, cols int) {
	_, cols = v.of.Dims()
	return len(v.rows), cols
}

// Gather implements [Features].
func (v *View) Gather(dst []float32, stride int, rows []int) {
	buf := rowNumbers.Get().(*[viewChunk]int)
	for len(rows) > 0 {
		n := min(len(rows), viewChunk)
		for i, r := range rows[:n] {
			buf[i] = v.rows[r]
		}
		v.of.Gather(dst, stride, buf[:n])
		rows = rows[n:]
		dst = dst[min(n*stride, len(dst)):]
	}
	rowNumbers.Put(buf)
}

const viewChunk = 256

// rowNumbers lends room to translate row numbers, so that Gather neither allocates nor keeps state.
var rowNumbers = sync.Pool{New: func() any { return new([viewChunk]int) }}

func checkRows(rows []int, n int) error {
	for i, r := range rows {
		if r < 0 || r >= n {
			return errors.Errorf("datasets: row number %d (entry %d) is outside 0..%d", r, i, n-1)
		}
	}
	return nil
}

var _ Features = (*View)(nil)
