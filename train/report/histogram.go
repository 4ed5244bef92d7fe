package report

import (
	"math"

	"github.com/selfnorm/selfnorm/internal/dense"
	"gorgonia.org/tensor"
)

// Histogram counts values in bins of equal width.
type Histogram struct {
	// Group is the kind of the values, such as "weights" or "activations", and Name the layer.
	Group, Name string
	// Low and High are the ends of the first and the last bin, which also count the values beyond them.
	Low, High float64
	Counts    []int
	// Mean and Std are those of the values that are finite, and Missing the number of those that are not.
	Mean, Std float64
	Missing   int
}

// maxCounted is the greatest number of values that a histogram counts; from a larger tensor it takes evenly spaced values.
const maxCounted = 1 << 15

// maxBins is the number of bins that a histogram has at most.
const maxBins = 1024

// NewHistogram counts the values of a float32 or float64 tensor, at most 32,768 evenly spaced ones, in 1 to 1,024 bins. The bins span the
// values, but at most five standard deviations on each side of the mean. For a tensor that is nil, empty, or of another dtype or order,
// there are no counts.
func NewHistogram(group, name string, t *tensor.Dense, bins int) Histogram {
	elements, err := dense.Elements(t)
	switch {
	case err != nil:
		return Histogram{Group: group, Name: name}
	case elements.F32 != nil:
		return newHistogram(group, name, elements.F32, bins)
	}
	return newHistogram(group, name, elements.F64, bins)
}

func newHistogram[T dense.Float](group, name string, x []T, bins int) Histogram {
	h := Histogram{Group: group, Name: name, Counts: make([]int, min(max(1, bins), maxBins))}
	values := make([]float64, 0, min(len(x), maxCounted))
	// An odd stride visits all columns of a matrix, whose number is often a power of two.
	for i := 0; i < len(x); i += (len(x)+maxCounted-1)/maxCounted | 1 {
		if v := float64(x[i]); finite(v) {
			values = append(values, v)
		} else {
			h.Missing++
		}
	}
	if len(values) == 0 {
		return h
	}
	low, high := values[0], values[0]
	for _, v := range values {
		h.Mean += v / float64(len(values))
		low, high = math.Min(low, v), math.Max(high, v)
	}
	for _, v := range values {
		h.Std += (v - h.Mean) * (v - h.Mean) / float64(len(values))
	}
	h.Std = math.Sqrt(h.Std)
	h.Low, h.High = math.Max(low, h.Mean-5*h.Std), math.Min(high, h.Mean+5*h.Std)
	if width := h.High - h.Low; !(width > 0) || !finite(width) {
		h.Low, h.High = h.Mean-0.5, h.Mean+0.5
	}
	for _, v := range values {
		bin := int(float64(len(h.Counts)) * (v - h.Low) / (h.High - h.Low))
		h.Counts[min(max(bin, 0), len(h.Counts)-1)]++
	}
	return h
}
