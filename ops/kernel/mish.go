package kernel

import "math"

var mishValue, mishSlope = activation(mish, mishSlopeAt, func(e *elements) (func(dst, x []float32), func(dst, g, x []float32)) {
	return e.mish, e.mishGrad
})

// Mish sets dst to x tanh(log(1 + e^x)) (Misra 2019, Eq. 1). NaN stays NaN, and -Inf gives 0. For float32 the error is at most 5 units in the last
// place, or 2^-140.
func Mish[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, mishValue, dst, x, nil, nil)
}

// MishGrad sets dst to g times the slope of Mish at x.
func MishGrad[T Float](w *Workers, dst, g, x []T) {
	check(len(x), dst, g)
	runPointwise(w, mishSlope, dst, g, x, nil)
}

// mishParts returns n and d of tanh(log(1 + e^x)) = n / (n + d), with e = e^-|x|: with E = e^x it is (E^2 + 2E) / (E^2 + 2E + 2), for x > 0
// divided by E^2. All terms are positive.
func mishParts(x float64) (n, d, e float64) {
	e = math.Exp(-math.Abs(x))
	if x < 0 {
		return e * (e + 2), 2, e
	}
	return 1 + 2*e, 2 * e * e, e
}

func mish(x float64) float64 {
	n, d, _ := mishParts(x)
	return math.Max(x, -750) * (n / (n + d)) // e^-750 is 0
}

// mishSlopeAt uses that the slope of tanh(log(1 + E)) is 4 E (1 + E) / (n + d)^2.
func mishSlopeAt(x float64) float64 {
	z := within(x, 750)
	n, d, e := mishParts(z)
	s := 4 * e * (1 + e) / ((n + d) * (n + d))
	if z >= 0 {
		s *= e
	}
	return n/(n+d) + z*s
}
