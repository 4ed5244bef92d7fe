package callback

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// DivergedAdvice is what to do about a training that has diverged, the end of a sentence.
const DivergedAdvice = "lower the learning rate, and look for huge or missing features"

func finiteNumber(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Finite reports whether all elements of a tensor are finite numbers.
func Finite(v G.Value) bool {
	t, ok := v.(*tensor.Dense)
	if !ok || t == nil {
		return true
	}
	switch x := t.Data().(type) {
	case []float32:
		return allFinite(x)
	case []float64:
		return allFinite(x)
	}
	return true
}

func allFinite[T float32 | float64](x []T) bool {
	for _, v := range x {
		if !finiteNumber(float64(v)) {
			return false
		}
	}
	return true
}

// notFinite counts the elements that are not finite, and reports where the first one is.
func notFinite(t *tensor.Dense) string {
	nan, inf, first, n := 0, 0, -1, t.DataSize()
	count := func(i int, v float64) {
		if math.IsNaN(v) {
			nan++
		} else if math.IsInf(v, 0) {
			inf++
		}
		if first < 0 && nan+inf > 0 {
			first = i
		}
	}
	switch x := t.Data().(type) {
	case []float32:
		for i, v := range x {
			count(i, float64(v))
		}
	case []float64:
		for i, v := range x {
			count(i, v)
		}
	}
	at, err := tensor.Itol(first, t.Shape(), t.Strides())
	if err != nil {
		at = []int{first}
	}
	return fmt.Sprintf("%d NaN and %d infinite of %d elements, the first at %v", nan, inf, n, at)
}
