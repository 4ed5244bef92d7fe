package report

import (
	"math"
	"strconv"
)

// number is a number in the page's JSON, with six digits; NaN and infinities, which JSON lacks, become null.
type number float64

// MarshalJSON implements json.Marshaler.
func (n number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	if !finite(v) {
		return []byte("null"), nil
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.AppendInt(nil, int64(v), 10), nil
	}
	return strconv.AppendFloat(nil, v, 'g', 6, 64), nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// numbers picks values by their indices.
func numbers(values []float64, keep []int) []number {
	out := make([]number, len(keep))
	for i, k := range keep {
		out[i] = number(values[k])
	}
	return out
}
