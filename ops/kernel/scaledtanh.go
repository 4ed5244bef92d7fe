package kernel

import "math"

// TanhGPNScale and TanhGPNShift make scale tanh(x) + shift Gaussian-Poincaré normalized: for a standard normal x the mean of its square is 1, and so is
// that of the square of its slope (Lu et al. 2020). Package nn/theory computes all digits.
const (
	TanhGPNScale = 1.46741359163079514963804741562603444172122459
	TanhGPNShift = 0.388541670067127921839608575494751026324981471
)

var scaledTanhValue = parametric{
	vector: func(e *elements, dst, x, _ []float32, a, b float32) { e.scaledTanh(dst, x, a, b) },
	single: scaledTanhLoop[float32],
	double: scaledTanhLoop[float64],
}

// TanhGPN sets dst to TanhGPNScale tanh(x) + TanhGPNShift. NaN stays NaN.
func TanhGPN[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runParametric(w, &scaledTanhValue, dst, x, nil, TanhGPNScale, TanhGPNShift)
}

func scaledTanhLoop[T Float](dst, x, _ []T, scale, shift float64) {
	scale, shift = float64(T(scale)), float64(T(shift))
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = T(float64(scale*math.Tanh(float64(v))) + shift)
	}
}

var scaledTanhSlope = parametric{
	vector: func(e *elements, dst, g, y []float32, a, b float32) { e.scaledTanhGrad(dst, g, y, a, b, 1/a) },
	single: scaledTanhGradLoop[float32],
	double: scaledTanhGradLoop[float64],
}

// TanhGPNGrad sets dst to g times the slope of TanhGPN at the points where it is y: (s - d) (s + d) / s with d = y - TanhGPNShift and s = TanhGPNScale.
func TanhGPNGrad[T Float](w *Workers, dst, g, y []T) {
	check(len(y), dst, g)
	runParametric(w, &scaledTanhSlope, dst, g, y, TanhGPNScale, TanhGPNShift)
}

func scaledTanhGradLoop[T Float](dst, g, y []T, scale, shift float64) {
	s, inverse := T(scale), 1/T(scale)
	dst, g = dst[:len(y)], g[:len(y)]
	for i, v := range y {
		d := v - T(shift)
		dst[i] = g[i] * ((s - d) * (s + d) * inverse)
	}
}
