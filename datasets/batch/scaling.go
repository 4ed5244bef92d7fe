package batch

import (
	"math"
	"slices"
)

// Scaling is one step of feature scaling, column by column: x becomes (x - Mean) / SD, and then its tanh if Tanh is set, or its SmoothClip if Clip is. An
// SD of 0 makes a column 0. NaN and infinite values become 0 before the first step. Then a value below Low counts as Low, and one above High as High.
type Scaling struct {
	Mean, SD []float64
	// Low and High are limits of the columns, possibly infinite. Nil means none.
	Low, High []float64
	Tanh      bool
	// Clip applies to the columns for which it is true. Nil means none.
	Clip []bool
}

// ClipLimit is the magnitude that SmoothClip does not reach.
const ClipLimit = 3

// SmoothClip is x / sqrt(1 + (x/3)^2): close to x near 0, and between -3 and 3 (Holzmüller et al. 2024, "Better by default").
func SmoothClip(x float64) float64 {
	return x / math.Hypot(1, x/ClipLimit)
}

// Width returns the scale of a column with these quartiles and extremes: the difference of the quartiles; half of that of the extremes if the quartiles
// are equal; 0 if all values are. It is not finite if a difference is too large for float64.
func Width(lower, upper, least, greatest float64) float64 {
	if upper > lower {
		return upper - lower
	}
	return (greatest - least) / 2
}

// Robust returns the median and the Width of the values of a column, with the quantiles of numpy. It sorts the values. Both are 0 without values.
func Robust(values []float64) (middle, width float64) {
	if len(values) == 0 {
		return 0, 0
	}
	slices.Sort(values)
	return quantile(values, 0.5), Width(quantile(values, 0.25), quantile(values, 0.75), values[0], values[len(values)-1])
}

// quantile interpolates between the two of the sorted values next to the place q (n - 1).
func quantile(x []float64, q float64) float64 {
	place := q * float64(len(x)-1)
	low := int(place)
	a, b := x[low], x[min(low+1, len(x)-1)]
	return a + (place-float64(low))*(b-a)
}
