package kernel

import "math"

var tanh = pointwise{
	vector: func(e *elements, dst, x, _, _ []float32) { e.tanh(dst, x) },
	single: tanhOf[float32],
	double: tanhOf[float64],
	slow:   true,
}

// Tanh sets dst to the hyperbolic tangent of x. NaN stays NaN. For float32 the error is at most 1 unit in the last place.
func Tanh[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, &tanh, dst, x, nil, nil)
}

func tanhOf[T Float](dst, x, _, _ []T) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = T(math.Tanh(float64(v)))
	}
}

var tanhGrad = pointwise{
	vector: func(e *elements, dst, g, y, _ []float32) { e.tanhGrad(dst, g, y) },
	single: tanhGradOf[float32],
	double: tanhGradOf[float64],
}

// TanhGrad sets dst to g times the slope 1 - y^2 of the hyperbolic tangent at the points where it is y.
func TanhGrad[T Float](w *Workers, dst, g, y []T) {
	check(len(y), dst, g)
	runPointwise(w, &tanhGrad, dst, g, y, nil)
}

func tanhGradOf[T Float](dst, g, y, _ []T) {
	dst, g = dst[:len(y)], g[:len(y)]
	for i, v := range y {
		dst[i] = g[i] * ((1 - v) * (1 + v))
	}
}
