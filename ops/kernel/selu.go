package kernel

import "math"

// Lambda and Alpha are the constants of SELU for the fixed point mean 0, variance 1 (Klambauer et al. 2017, Eq. 14).
const (
	Lambda = 1.0507009873554804934193349852946
	Alpha  = 1.6732632423543772848170429916717
)

// SELU sets dst to selu(x) = λ x for x > 0 and λ α (e^x - 1) for x <= 0 (Klambauer et al. 2017, Eq. 2). NaN stays NaN.
// For float32 it is at most 2 units in the last place from the exact value.
func SELU[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	if n := parts(w, len(x)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(x))
			selu(dst[lo:hi], x[lo:hi])
		})
		return
	}
	selu(dst, x)
}

func selu[T Float](dst, x []T) {
	if v := vectorized[T](); v != nil {
		v.selu(f32(dst), f32(x))
		return
	}
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = seluOf(v)
	}
}

// seluOf is SELU of one number.
func seluOf[T Float](x T) T {
	if x > 0 {
		return Lambda * x
	}
	if _, single := any(x).(float32); single {
		return T(Lambda * Alpha * expm1Neg(float32(x)))
	}
	return T(Lambda * Alpha * math.Expm1(float64(x)))
}

// SELUGrad sets dst to g times the slope of SELU at the points whose outputs are y: λ for y > 0 and y + λ α for y <= 0.
func SELUGrad[T Float](w *Workers, dst, g, y []T) {
	check(len(y), dst, g)
	if n := parts(w, len(y)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(y))
			seluGrad(dst[lo:hi], g[lo:hi], y[lo:hi])
		})
		return
	}
	seluGrad(dst, g, y)
}

func seluGrad[T Float](dst, g, y []T) {
	if v := vectorized[T](); v != nil {
		v.seluGrad(f32(dst), f32(g), f32(y))
		return
	}
	dst, g = dst[:len(y)], g[:len(y)]
	for i, v := range y {
		slope := T(Lambda)
		if !(v > 0) {
			slope = v + Lambda*Alpha
		}
		dst[i] = g[i] * slope
	}
}
