package kernel

import "math"

var siluValue, siluSlope = activation(silu, siluSlopeAt, func(e *elements) (func(dst, x []float32), func(dst, g, x []float32)) {
	return e.silu, e.siluGrad
})

// SiLU sets dst to x sigmoid(x) (Elfwing et al. 2018, Eq. 1). NaN stays NaN, and -Inf gives 0. For float32 the error is at most 3 units in the last
// place.
func SiLU[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, siluValue, dst, x, nil, nil)
}

// SiLUGrad sets dst to g times the slope s (1 + x (1 - s)) of SiLU at x, with s = sigmoid(x).
func SiLUGrad[T Float](w *Workers, dst, g, x []T) {
	check(len(x), dst, g)
	runPointwise(w, siluSlope, dst, g, x, nil)
}

func silu(x float64) float64 { return math.Max(x, -750) * logistic(x) } // logistic(-750) is 0

func siluSlopeAt(x float64) float64 {
	z := within(x, 750)
	return logistic(z) * (1 + z*logistic(-z))
}
