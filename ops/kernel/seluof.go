package kernel

import "math"

var seluOfValue = parametric{
	vector: func(e *elements, dst, x, _ []float32, a, b float32) { e.seluOf(dst, x, a, b) },
	single: seluOfLoop[float32],
	double: seluOfLoop[float64],
}

// SELUOf is [SELU] with other constants: it sets dst to lambda x for x > 0 and lambda alpha (e^x - 1) for x <= 0 (Klambauer et al. 2017, Eq. 2).
// With [Lambda] and [Alpha] it is SELU to the bit, and as fast with any others. NaN stays NaN.
func SELUOf[T Float](w *Workers, dst, x []T, lambda, alpha float64) {
	if lambda == Lambda && alpha == Alpha {
		SELU(w, dst, x)
		return
	}
	check(len(x), dst)
	runParametric(w, &seluOfValue, dst, x, nil, lambda, lambda*alpha)
}

func seluOfLoop[T Float](dst, x, _ []T, positive, negative float64) {
	dst = dst[:len(x)]
	_, single := any(T(0)).(float32)
	for i, v := range x {
		switch {
		case v > 0:
			dst[i] = T(positive) * v
		case single:
			dst[i] = T(negative * expm1Neg(float32(v)))
		default:
			dst[i] = T(negative * math.Expm1(float64(v)))
		}
	}
}

var seluOfSlope = parametric{
	vector: func(e *elements, dst, g, y []float32, a, b float32) { e.seluOfGrad(dst, g, y, a, b) },
	single: seluOfGradLoop[float32],
	double: seluOfGradLoop[float64],
}

// SELUOfGrad sets dst to g times the slope of SELUOf at the points whose outputs are y: lambda for y > 0 and y + lambda alpha for y <= 0.
// lambda is positive, and alpha is at least 0.
func SELUOfGrad[T Float](w *Workers, dst, g, y []T, lambda, alpha float64) {
	if lambda == Lambda && alpha == Alpha {
		SELUGrad(w, dst, g, y)
		return
	}
	check(len(y), dst, g)
	runParametric(w, &seluOfSlope, dst, g, y, lambda, lambda*alpha)
}

func seluOfGradLoop[T Float](dst, g, y []T, positive, negative float64) {
	dst, g = dst[:len(y)], g[:len(y)]
	for i, v := range y {
		slope := T(positive)
		if !(v > 0) {
			slope = v + T(negative)
		}
		dst[i] = g[i] * slope
	}
}
