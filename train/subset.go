package train

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// subset is Data that consists of some rows of other data.
type subset struct {
	Data
	rows []int
}

// Subset returns the data of the given rows, in that order. Nothing is copied. Rows may repeat; one that is out of range is an
// error.
func Subset(data Data, rows []int) (Data, error) {
	for _, r := range rows {
		if r < 0 || r >= data.Len() {
			return nil, errors.Errorf("train: row %d of %d", r, data.Len())
		}
	}
	return subset{data, rows}, nil
}

// Len implements Data.
func (s subset) Len() int { return len(s.rows) }

// Gather implements Data.
func (s subset) Gather(rows []int, x, y, weights *tensor.Dense) error {
	from := make([]int, len(rows))
	for i, r := range rows {
		if r < 0 || r >= len(s.rows) {
			return errors.Errorf("row %d of %d", r, len(s.rows))
		}
		from[i] = s.rows[r]
	}
	return s.Data.Gather(from, x, y, weights)
}
