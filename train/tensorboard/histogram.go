package tensorboard

import (
	"math"

	"github.com/selfnorm/selfnorm/internal/dense"
	"gorgonia.org/tensor"
)

// buckets is the number of buckets of a histogram, the same as TensorBoard's.
const buckets = 30

// histogram counts values in buckets of equal width between the smallest and the greatest value. A bucket ends at its limit.
type histogram struct {
	min, max, num, sum, squares float64
	limits, counts              []float64
}

// newHistogram counts the elements of a tensor that are finite; ok is false if there are none.
func newHistogram(t *tensor.Dense) (h histogram, ok bool) {
	elements, err := dense.Elements(t)
	switch {
	case err != nil:
		return h, false
	case elements.F32 != nil:
		return count(elements.F32)
	}
	return count(elements.F64)
}

func count[T dense.Float](x []T) (h histogram, ok bool) {
	h.min, h.max = math.Inf(1), math.Inf(-1)
	for _, v := range x {
		v := float64(v)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		h.min, h.max = math.Min(h.min, v), math.Max(h.max, v)
		h.num, h.sum, h.squares = h.num+1, h.sum+v, h.squares+v*v
	}
	if h.num == 0 {
		return h, false
	}
	if h.min == h.max {
		h.limits, h.counts = []float64{h.max}, []float64{h.num}
		return h, true
	}
	width := h.max/buckets - h.min/buckets // the difference itself might overflow
	h.limits, h.counts = make([]float64, buckets), make([]float64, buckets)
	for i := range h.limits {
		h.limits[i] = h.min + float64(i+1)*width
	}
	h.limits[buckets-1] = h.max
	for _, v := range x {
		if at := (float64(v) - h.min) / width; at >= 0 && !math.IsInf(at, 0) {
			h.counts[min(int(at), buckets-1)]++
		}
	}
	return h, true
}
