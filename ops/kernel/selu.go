package kernel

import "math"

// Lambda and Alpha are the constants of SELU for the fixed point mean 0, variance 1 (Klambauer et al. 2017, Eq. 14).
const (
	Lambda = 1.0507009873554804934193349852946
	Alpha  = 1.6732632423543772848170429916717
)

var selu = pointwise{
	vector: func(e *elements, dst, x, _, _ []float32) { e.selu(dst, x) },
	single: seluLoop[float32],
	double: seluLoop[float64],
	slow:   true,
}

// SELU sets dst to selu(x) = λ x for x > 0 and λ α (e^x - 1) for x <= 0 (Klambauer et al. 2017, Eq. 2). NaN stays NaN. For float32 the
// error is at most 2 units in the last place.
func SELU[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, &selu, dst, x, nil, nil)
}

func seluLoop[T Float](dst, x, _, _ []T) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = seluOf(v)
	}
}

// seluOf is SELU for a single number.
func seluOf[T Float](x T) T {
	if x > 0 {
		return Lambda * x
	}
	if _, single := any(x).(float32); single {
		return T(Lambda * Alpha * expm1Neg(float32(x)))
	}
	return T(Lambda * Alpha * math.Expm1(float64(x)))
}

var seluGrad = pointwise{
	vector: func(e *elements, dst, g, y, _ []float32) { e.seluGrad(dst, g, y) },
	single: seluGradLoop[float32],
	double: seluGradLoop[float64],
}

// SELUGrad sets dst to g times the slope of SELU at the points whose outputs are y: λ for y > 0 and y + λ α for y <= 0.
func SELUGrad[T Float](w *Workers, dst, g, y []T) {
	check(len(y), dst, g)
	runPointwise(w, &seluGrad, dst, g, y, nil)
}

func seluGradLoop[T Float](dst, g, y, _ []T) {
	dst, g = dst[:len(y)], g[:len(y)]
	for i, v := range y {
		slope := T(Lambda)
		if !(v > 0) {
			slope = v + Lambda*Alpha
		}
		dst[i] = g[i] * slope
	}
}
