package data

import (
	"cmp"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/internal/dense"
)

// CheckCategories returns an error that names the row of the data set and the input for a category of a gathered batch that is not an integer
// from 0 to Width-1. rows are the rows of the data set that the batch holds.
func CheckCategories(rows []int, b *batch.Batch, inputs []batch.Input) error {
	for i := range inputs {
		if inputs[i].Kind != batch.Category {
			continue
		}
		x, err := dense.Elements(b.Input(cmp.Or(inputs[i].Name, batch.X)))
		if err != nil || x.Len() < len(rows) {
			continue
		}
		k := notCategory(x.F32[:min(len(rows), len(x.F32))], inputs[i].Width)
		if x.F64 != nil {
			k = notCategory(x.F64[:len(rows)], inputs[i].Width)
		}
		if k >= 0 {
			return errors.Errorf("row %d: the input %q has the category %v, want an integer from 0 to %d", rows[k], cmp.Or(inputs[i].Name, batch.X), x.At(k), inputs[i].Width-1)
		}
	}
	return nil
}

// notCategory returns the index of the first element that is not an integer from 0 to n-1, or -1.
func notCategory[T dense.Float](x []T, n int) int {
	for i, v := range x {
		if !(v >= 0 && v < T(n) && v == T(int(v))) {
			return i
		}
	}
	return -1
}
