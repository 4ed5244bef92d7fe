package data

import (
	"reflect"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
)

// subset is Data that consists of some rows of other data.
type subset struct {
	data Data
	rows []int
}

// Subset returns the data of the given rows, in that order. It copies nothing but the list of rows. Rows may repeat; one that is out
// of range is an error.
func Subset(d Data, rows []int) (Data, error) {
	if isNil(d) {
		return nil, errors.New("train: subset: there is no data")
	}
	n := d.Len()
	for _, r := range rows {
		if r < 0 || r >= n {
			return nil, errors.Errorf("train: subset: row %d of %d", r, n)
		}
	}
	return subset{d, slices.Clone(rows)}, nil
}

// Len implements Data.
func (s subset) Len() int { return len(s.rows) }

// Inputs implements Data.
func (s subset) Inputs() []batch.Input { return s.data.Inputs() }

// Validate implements Validator.
func (s subset) Validate() error {
	if v, ok := s.data.(Validator); ok {
		return v.Validate()
	}
	return nil
}

// Gather implements Data.
func (s subset) Gather(rows []int, b *batch.Batch) error {
	from := make([]int, len(rows))
	for i, r := range rows {
		if r < 0 || r >= len(s.rows) {
			return errors.Errorf("row %d of %d", r, len(s.rows))
		}
		from[i] = s.rows[r]
	}
	return s.data.Gather(from, b)
}

func isNil(d Data) bool {
	if d == nil {
		return true
	}
	v := reflect.ValueOf(d)
	return v.Kind() == reflect.Pointer && v.IsNil()
}
