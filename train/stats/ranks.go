package stats

import (
	"cmp"
	"math"
	"slices"
)

// Ranks returns the rank of each value: 1 is the best, which is the largest, or the smallest if lower is set. Equal values share the mean
// of their ranks, so the sum does not depend on ties. NaN means missing: it gets the rank NaN and the others are ranked without it.
func Ranks(x []float64, lower bool) []float64 {
	ranks := make([]float64, len(x))
	order := make([]int, 0, len(x))
	for i, v := range x {
		if math.IsNaN(v) {
			ranks[i] = math.NaN()
			continue
		}
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b int) int {
		if lower {
			return cmp.Compare(x[a], x[b])
		}
		return cmp.Compare(x[b], x[a])
	})
	for lo := 0; lo < len(order); {
		hi := lo + 1
		for hi < len(order) && x[order[hi]] == x[order[lo]] {
			hi++
		}
		for _, i := range order[lo:hi] {
			ranks[i] = float64(lo+1+hi) / 2 // the mean of lo+1 ... hi
		}
		lo = hi
	}
	return ranks
}
