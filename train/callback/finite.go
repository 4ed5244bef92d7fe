package callback

import (
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/internal/dense"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// DivergedAdvice ends the message about a training that has diverged.
const DivergedAdvice = "lower the learning rate, and look for huge or missing features"

func finiteNumber(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Finite reports whether all elements of a tensor or scalar are finite numbers. A value without elements has no other.
func Finite(v G.Value) bool {
	x, err := dense.Elements(v)
	return err != nil || allFinite(x.F32) && allFinite(x.F64)
}

func allFinite[T dense.Float](x []T) bool {
	for _, v := range x {
		if !finiteNumber(float64(v)) {
			return false
		}
	}
	return true
}

// finiteData reports whether the stored elements of a sparse tensor are finite numbers.
func finiteData(data any) bool {
	switch x := data.(type) {
	case []float32:
		return allFinite(x)
	case []float64:
		return allFinite(x)
	}
	return true
}

// notFinite counts the elements that are not finite, and reports where the first one is.
func notFinite(t *tensor.Dense) string {
	x, err := dense.Elements(t)
	if err != nil {
		return err.Error()
	}
	nan, inf, first := 0, 0, -1
	for i := range x.Len() {
		v := x.At(i)
		if math.IsNaN(v) {
			nan++
		} else if math.IsInf(v, 0) {
			inf++
		}
		if first < 0 && nan+inf > 0 {
			first = i
		}
	}
	at, err := tensor.Itol(first, t.Shape(), t.Strides())
	if err != nil {
		at = []int{first}
	}
	return fmt.Sprintf("%d NaN and %d infinite of %d elements, the first at %v", nan, inf, x.Len(), at)
}
