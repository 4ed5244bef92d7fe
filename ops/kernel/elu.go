package kernel

import "math"

var elu = pointwise{
	vector: func(e *elements, dst, x, _, _ []float32) { e.elu(dst, x) },
	single: eluOf[float32],
	double: eluOf[float64],
	slow:   true,
}

// ELU sets dst to x for x > 0 and e^x - 1 for x <= 0 (Clevert et al. 2016, with alpha 1). NaN stays NaN. For float32 the error is at most 2
// units in the last place.
func ELU[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, &elu, dst, x, nil, nil)
}

func eluOf[T Float](dst, x, _, _ []T) {
	dst = dst[:len(x)]
	for i, v := range x {
		if !(v > 0) {
			if _, single := any(v).(float32); single {
				v = T(expm1Neg(float32(v)))
			} else {
				v = T(math.Expm1(float64(v)))
			}
		}
		dst[i] = v
	}
}

var eluGrad = pointwise{
	vector: func(e *elements, dst, g, y, _ []float32) { e.eluGrad(dst, g, y) },
	single: eluGradOf[float32],
	double: eluGradOf[float64],
}

// ELUGrad sets dst to g times the slope of ELU at the points where it is y: 1 for y > 0 and y + 1 for y <= 0.
func ELUGrad[T Float](w *Workers, dst, g, y []T) {
	check(len(y), dst, g)
	runPointwise(w, &eluGrad, dst, g, y, nil)
}

func eluGradOf[T Float](dst, g, y, _ []T) {
	dst, g = dst[:len(y)], g[:len(y)]
	for i, v := range y {
		slope := T(1)
		if !(v > 0) {
			slope = v + 1
		}
		dst[i] = g[i] * slope
	}
}
