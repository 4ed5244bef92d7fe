package kernel

import "math"

// logistic is 1 / (1 + e^-x) for a single number, without overflow.
func logistic(x float64) float64 {
	if x < 0 {
		e := math.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-x))
}

var sigmoid = pointwise{
	vector: func(e *elements, dst, x, _, _ []float32) { e.sigmoid(dst, x) },
	single: sigmoidOf[float32],
	double: sigmoidOf[float64],
	slow:   true,
}

// Sigmoid sets dst to 1 / (1 + e^-x), without overflow. NaN stays NaN. For float32 it is at most 2 units in the last place from the
// correctly rounded value, including where that value is subnormal.
func Sigmoid[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, &sigmoid, dst, x, nil, nil)
}

func sigmoidOf[T Float](dst, x, _, _ []T) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = T(logistic(float64(v)))
	}
}

var sigmoidGrad = pointwise{
	vector: func(e *elements, dst, g, y, _ []float32) { e.sigmoidGrad(dst, g, y) },
	single: sigmoidGradOf[float32],
	double: sigmoidGradOf[float64],
}

// SigmoidGrad sets dst to g times the slope y (1 - y) of the sigmoid at the points where it is y.
func SigmoidGrad[T Float](w *Workers, dst, g, y []T) {
	check(len(y), dst, g)
	runPointwise(w, &sigmoidGrad, dst, g, y, nil)
}

func sigmoidGradOf[T Float](dst, g, y, _ []T) {
	dst, g = dst[:len(y)], g[:len(y)]
	for i, v := range y {
		dst[i] = g[i] * (v * (1 - v))
	}
}
