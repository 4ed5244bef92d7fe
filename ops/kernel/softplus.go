package kernel

import "math"

var softplusValue, softplusSlope = activation(softplus, logistic, func(e *elements) (func(dst, x []float32), func(dst, g, x []float32)) {
	return e.softplus, e.softplusGrad
})

// Softplus sets dst to log(1 + e^x), as max(x, 0) + log1p(e^-|x|), without overflow. NaN stays NaN. For float32 the error is at most 4 units in the
// last place.
func Softplus[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, softplusValue, dst, x, nil, nil)
}

// SoftplusGrad sets dst to g times the slope of Softplus at x, which is the sigmoid.
func SoftplusGrad[T Float](w *Workers, dst, g, x []T) {
	check(len(x), dst, g)
	runPointwise(w, softplusSlope, dst, g, x, nil)
}

func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
