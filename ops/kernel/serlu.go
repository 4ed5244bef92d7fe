package kernel

import "math"

// SERLULambda and SERLUAlpha are the constants of SERLU for the fixed point mean 0, variance 1. Zhang and Li (2018) give 1.07862 and 2.90427; package
// nn/theory computes all digits.
const (
	SERLULambda = 1.0786182835772267059268666118459430502396473501567
	SERLUAlpha  = 2.9042712333296918229218571276063625361021615111333
)

var serluValue = parametric{
	vector: func(e *elements, dst, x, _ []float32, a, b float32) { e.serlu(dst, x, a, b) },
	single: serluLoop[float32],
	double: serluLoop[float64],
}

// SERLU sets dst to λ x for x > 0 and λ α x e^x for x <= 0, with the constants [SERLULambda] and [SERLUAlpha] (Zhang and Li 2018). NaN stays NaN, and
// -Inf gives 0. For float32 the error is at most 4 units in the last place.
func SERLU[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runParametric(w, &serluValue, dst, x, nil, SERLULambda, SERLULambda*SERLUAlpha)
}

func serluLoop[T Float](dst, x, _ []T, positive, negative float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		if v > 0 {
			dst[i] = T(positive) * v
			continue
		}
		z := math.Max(float64(v), -800) // where e^z is 0
		dst[i] = T(negative * z * math.Exp(z))
	}
}

var serluSlope = parametric{
	vector: func(e *elements, dst, g, x []float32, a, b float32) { e.serluGrad(dst, g, x, a, b) },
	single: serluGradLoop[float32],
	double: serluGradLoop[float64],
}

// SERLUGrad sets dst to g times the slope of SERLU at x: λ for x > 0 and λ α (1 + x) e^x for x <= 0.
func SERLUGrad[T Float](w *Workers, dst, g, x []T) {
	check(len(x), dst, g)
	runParametric(w, &serluSlope, dst, g, x, SERLULambda, SERLULambda*SERLUAlpha)
}

func serluGradLoop[T Float](dst, g, x []T, positive, negative float64) {
	dst, g = dst[:len(x)], g[:len(x)]
	for i, v := range x {
		slope := T(positive)
		if !(v > 0) {
			z := math.Max(float64(v), -800)
			slope = T(negative * math.Exp(z) * (1 + z))
		}
		dst[i] = g[i] * slope
	}
}
