package datasets

import (
	"cmp"
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/batch"
)

// repeatedValue is a value of a column, with the number of rows it stands for.
type repeatedValue struct{ value, times float64 }

// columnQuartiles returns the median and the width of every column over the given rows: the difference of its quartiles, half of that of its extremes if
// the quartiles are equal, 0 if all values are.
func columnQuartiles(f Features, rows []int) (middle, width []float64, err error) {
	_, cols := f.Dims()
	values := make([][]repeatedValue, cols)
	if err = visit(f, 0, rows, func(c int, v, times float64) { values[c] = append(values[c], repeatedValue{v, times}) }); err != nil {
		return nil, nil, err
	}
	middle, width = make([]float64, cols), make([]float64, cols)
	for c, x := range values {
		slices.SortFunc(x, func(a, b repeatedValue) int { return cmp.Compare(a.value, b.value) })
		middle[c] = quantile(x, 0.5, len(rows))
		width[c] = batch.Width(quantile(x, 0.25, len(rows)), quantile(x, 0.75, len(rows)), x[0].value, x[len(x)-1].value)
		values[c] = nil
	}
	return middle, width, nil
}

// quantile interpolates between the two of n sorted values next to the place q (n - 1), as numpy does.
func quantile(x []repeatedValue, q float64, n int) float64 {
	place := q * float64(n-1)
	low := math.Floor(place)
	a, b := at(x, low), at(x, math.Min(low+1, float64(n-1)))
	return a + (place-low)*(b-a)
}

// at returns the value of that place, counted from 0.
func at(x []repeatedValue, place float64) float64 {
	for _, v := range x {
		if place -= v.times; place < 0 {
			return v.value
		}
	}
	return x[len(x)-1].value
}
