package kernel

import "math"

// Lambda and Alpha are the constants of SELU for the fixed point mean 0, variance 1 (Klambauer et al. 2017, Eq. 14).
const (
	Lambda = 1.0507009873554804934193349852946
	Alpha  = 1.6732632423543772848170429916717
)

// SELU sets dst to selu(x) = λ x for x > 0 and λ α (e^x - 1) for x <= 0 (Klambauer et al. 2017, Eq. 2). NaN stays NaN.
func SELU[T Float](w *Workers, dst, x []T) {
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
	dst = dst[:len(x)]
	switch x := any(x).(type) {
	case []float32:
		dst := any(dst).([]float32)
		for i, v := range x {
			if v > 0 {
				dst[i] = Lambda * v
			} else {
				dst[i] = Lambda * Alpha * expm1Neg(v)
			}
		}
	case []float64:
		dst := any(dst).([]float64)
		for i, v := range x {
			if v > 0 {
				dst[i] = Lambda * v
			} else {
				dst[i] = Lambda * Alpha * math.Expm1(v)
			}
		}
	}
}

// SELUGrad sets dst to g times the slope of SELU at the points whose outputs are y: λ for y > 0 and y + λ α for y <= 0.
func SELUGrad[T Float](w *Workers, dst, g, y []T) {
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
	dst, g = dst[:len(y)], g[:len(y)]
	for i, v := range y {
		slope := T(Lambda)
		if !(v > 0) {
			slope = v + Lambda*Alpha
		}
		dst[i] = g[i] * slope
	}
}
