package datasets

import (
	"math"

	"github.com/pkg/errors"
)

// Sparse holds the values that differ from a base row, in compressed sparse rows. The base is zero at first; scaling
// maps zero to some other value per column and keeps the table sparse.
type Sparse struct {
	cols  int
	start []int   // row i is index[start[i]:start[i+1]]
	index []int32 // columns, ascending within a row
	value []float32
	base  []float32 // value of a column where nothing is stored; nil means 0 everywhere
}

// NewSparse returns a table of len(start)-1 rows in compressed sparse row form, and keeps the slices. Row i has the values
// value[start[i]:start[i+1]] in the columns index[start[i]:start[i+1]], which ascend and are below cols; all other values are zero. If a
// row breaks this rule, the error names the first one.
func NewSparse(cols int, start []int, index []int32, value []float32) (*Sparse, error) {
	if len(start) == 0 || start[0] != 0 || start[len(start)-1] != len(index) || len(index) != len(value) {
		return nil, errors.Errorf("datasets: sparse table: %d row starts, %d columns and %d values do not agree",
			len(start), len(index), len(value))
	}
	if cols < 0 || cols > math.MaxInt32 {
		return nil, errors.Errorf("datasets: sparse table of %d columns", cols)
	}
	for r := range len(start) - 1 {
		if start[r] > start[r+1] || start[r+1] > len(index) {
			return nil, errors.Errorf("datasets: sparse table: row %d runs from %d to %d", r, start[r], start[r+1])
		}
		last := int32(-1)
		for _, c := range index[start[r]:start[r+1]] {
			if c <= last || int(c) >= cols {
				return nil, errors.Errorf("datasets: sparse table: row %d: column %d after %d, of %d", r, c, last, cols)
			}
			last = c
		}
	}
	return &Sparse{cols: cols, start: start, index: index, value: value}, nil
}

// Dims returns the number of rows and columns.
func (s *Sparse) Dims() (rows, cols int) {
	if s == nil || len(s.start) == 0 {
		return 0, 0
	}
	return len(s.start) - 1, s.cols
}

// Stored returns the number of values held, over all rows.
func (s *Sparse) Stored() int {
	if s == nil {
		return 0
	}
	return len(s.value)
}

// Row returns the columns of row i, ascending, and their values, or nil if there is no such row. Do not change them.
func (s *Sparse) Row(i int) (cols []int32, values []float32) {
	if n, _ := s.Dims(); i < 0 || i >= n {
		return nil, nil
	}
	from, to := s.start[i], s.start[i+1]
	return s.index[from:to:to], s.value[from:to:to]
}

// Gather implements [Features].
func (s *Sparse) Gather(dst []float32, stride int, rows []int) error {
	n, width := s.Dims()
	if err := CheckGather(n, width, dst, stride, rows); err != nil {
		return err
	}
	for i, r := range rows {
		out := dst[i*stride : i*stride+s.cols]
		if s.base == nil {
			clear(out)
		} else {
			copy(out, s.base)
		}
		cols, values := s.Row(r)
		for k, c := range cols {
			out[c] = values[k]
		}
	}
	return nil
}

// at returns the value of column c where nothing is stored.
func (s *Sparse) at(c int) float32 {
	if s.base == nil {
		return 0
	}
	return s.base[c]
}

// FrequentColumns returns the columns, ascending, that are not zero in at least that many of the given rows. For features of training rows
// that networks can learn from, select these columns; see SelectColumns. It returns an error if a row is out of range.
func (s *Sparse) FrequentColumns(rows []int, least int) ([]int, error) {
	n, width := s.Dims()
	if err := checkRows(rows, n); err != nil {
		return nil, err
	}
	count := make([]int, width)
	for _, r := range rows {
		cols, values := s.Row(r)
		for k, c := range cols {
			if values[k] != 0 {
				count[c]++
			}
		}
	}
	var frequent []int
	for c, k := range count {
		if k >= least {
			frequent = append(frequent, c)
		}
	}
	return frequent, nil
}

// SelectColumns returns a table of the given columns, which must ascend. It returns an error if they do not ascend or are out of range.
func (s *Sparse) SelectColumns(cols []int) (*Sparse, error) {
	rows, width := s.Dims()
	to := make(map[int32]int32, len(cols))
	last := -1
	for k, c := range cols {
		if c <= last || c >= width {
			return nil, errors.Errorf("datasets: selected column %d after %d, of %d", c, last, width)
		}
		to[int32(c)], last = int32(k), c
	}
	out := &Sparse{cols: len(cols), start: make([]int, 1, rows+1)}
	for r := range rows {
		from, values := s.Row(r)
		for k, c := range from {
			if at, ok := to[c]; ok {
				out.index = append(out.index, at)
				out.value = append(out.value, values[k])
			}
		}
		out.start = append(out.start, len(out.index))
	}
	if rows > 0 && s.base != nil {
		out.base = make([]float32, len(cols))
		for k, c := range cols {
			out.base[k] = s.base[c]
		}
	}
	return out, nil
}

var _ Features = (*Sparse)(nil)
