package datasets

import (
	"math"
	"slices"
)

// columnMap transforms a value of a column before statistics are taken.
type columnMap func(col int, v float64) float64

// columnMoments returns the mean and the population standard deviation of every column over the given rows, after applying at. Both are
// computed in two passes in float64. A column whose values are all equal has exactly that value as its mean and a standard deviation of
// exactly 0, which rounding could otherwise turn into noise. It returns an error if the features cannot be read.
func columnMoments(f Features, rows []int, at columnMap) (mean, sd []float64, err error) {
	_, cols := f.Dims()
	mean, sd = make([]float64, cols), make([]float64, cols)
	low, high := slices.Repeat([]float64{math.Inf(1)}, cols), slices.Repeat([]float64{math.Inf(-1)}, cols)
	n := float64(len(rows))
	err = visit(f, 0, rows, func(c int, v, times float64) {
		v = at(c, v)
		mean[c] += v * times
		low[c], high[c] = min(low[c], v), max(high[c], v)
	})
	if err != nil {
		return nil, nil, err
	}
	for c := range mean {
		mean[c] /= n
		if low[c] == high[c] {
			mean[c] = low[c]
		}
	}
	rest := make([]float64, cols) // sum of deviations: zero but for rounding
	err = visit(f, 0, rows, func(c int, v, times float64) {
		d := at(c, v) - mean[c]
		sd[c] += d * d * times
		rest[c] += d * times
	})
	if err != nil {
		return nil, nil, err
	}
	for c := range sd {
		sd[c] = math.Sqrt(max(0, sd[c]-rest[c]*rest[c]/n) / n)
		if low[c] == high[c] {
			sd[c] = 0
		}
	}
	return mean, sd, nil
}

// visit calls fn for the values of the given rows; left is added to the column indices. The values that a sparse table does
// not store are visited once per column, with the number of rows they stand for.
func visit(f Features, left int, rows []int, fn func(col int, v, times float64)) error {
	switch f := f.(type) {
	case *Sparse:
		visitSparse(f, left, rows, fn)
	case *Concat:
		for _, b := range f.blocks {
			if err := visit(b, left, rows, fn); err != nil {
				return err
			}
			_, cols := b.Dims()
			left += cols
		}
	case *View:
		inner := make([]int, len(rows))
		for i, r := range rows {
			inner[i] = f.rows[r]
		}
		return visit(f.of, left, inner, fn)
	default:
		_, cols := f.Dims()
		row := make([]float32, cols)
		for i := range rows {
			if err := f.Gather(row, cols, rows[i:i+1]); err != nil {
				return err
			}
			for c, v := range row {
				fn(left+c, finite(v), 1)
			}
		}
	}
	return nil
}

func visitSparse(f *Sparse, left int, rows []int, fn func(col int, v, times float64)) {
	stored := make([]int, f.cols)
	for _, r := range rows {
		cols, values := f.Row(r)
		for k, c := range cols {
			stored[c]++
			fn(left+int(c), finite(values[k]), 1)
		}
	}
	for c, k := range stored {
		if k < len(rows) {
			fn(left+c, finite(f.at(c)), float64(len(rows)-k))
		}
	}
}

// finite replaces NaN and infinities by 0.
func finite(v float32) float64 {
	if v-v != 0 {
		return 0
	}
	return float64(v)
}
