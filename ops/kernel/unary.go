package kernel

import "math"

// The loops of this file have no assembly: the square root is one instruction, and the others are rare in a network.

// Sqrt sets dst to the square roots of x.
func Sqrt[T Float](w *Workers, dst, x []T) {
	check(len(dst), x)
	runPointwise(w, &sqrt, dst, x, nil, nil)
}

var sqrt = pointwise{single: sqrtOf[float32], double: sqrtOf[float64]}

func sqrtOf[T Float](dst, x, _, _ []T) {
	for i, v := range x {
		dst[i] = T(math.Sqrt(float64(v)))
	}
}

// SqrtGrad sets dst to g / (2 y), where y is a square root.
func SqrtGrad[T Float](w *Workers, dst, g, y []T) {
	check(len(dst), g, y)
	runPointwise(w, &sqrtGrad, dst, g, y, nil)
}

var sqrtGrad = pointwise{single: sqrtGradOf[float32], double: sqrtGradOf[float64]}

func sqrtGradOf[T Float](dst, g, y, _ []T) {
	for i, v := range g {
		dst[i] = v / (2 * y[i])
	}
}

// Exp sets dst to e^x.
func Exp[T Float](w *Workers, dst, x []T) {
	check(len(dst), x)
	runPointwise(w, &exp, dst, x, nil, nil)
}

var exp = pointwise{single: expOf[float32], double: expOf[float64], slow: true}

func expOf[T Float](dst, x, _, _ []T) {
	for i, v := range x {
		dst[i] = T(math.Exp(float64(v)))
	}
}

// Log sets dst to the natural logarithms of x.
func Log[T Float](w *Workers, dst, x []T) {
	check(len(dst), x)
	runPointwise(w, &log, dst, x, nil, nil)
}

var log = pointwise{single: logOf[float32], double: logOf[float64], slow: true}

func logOf[T Float](dst, x, _, _ []T) {
	for i, v := range x {
		dst[i] = T(math.Log(float64(v)))
	}
}

// Divide sets dst to x / y.
func Divide[T Float](w *Workers, dst, x, y []T) {
	check(len(dst), x, y)
	runPointwise(w, &quotients, dst, x, y, nil)
}

var quotients = pointwise{single: divideOf[float32], double: divideOf[float64]}

func divideOf[T Float](dst, x, y, _ []T) { divideRow(dst, x, y, 1, 1) }

// Square sets dst to x squared.
func Square[T Float](w *Workers, dst, x []T) { Multiply(w, dst, x, x) }

// SquareGrad sets dst to 2 g x.
func SquareGrad[T Float](w *Workers, dst, g, x []T) {
	check(len(dst), g, x)
	runPointwise(w, &squareGrad, dst, g, x, nil)
}

var squareGrad = pointwise{single: squareGradOf[float32], double: squareGradOf[float64]}

func squareGradOf[T Float](dst, g, x, _ []T) {
	for i, v := range g {
		dst[i] = 2 * v * x[i]
	}
}

// Abs sets dst to the magnitudes of x.
func Abs[T Float](w *Workers, dst, x []T) {
	check(len(dst), x)
	runPointwise(w, &abs, dst, x, nil, nil)
}

var abs = pointwise{single: absOf[float32], double: absOf[float64]}

func absOf[T Float](dst, x, _, _ []T) {
	for i, v := range x {
		dst[i] = T(math.Abs(float64(v)))
	}
}

// AbsGrad sets dst to g for x > 0, -g for x < 0 and 0 for x = 0; NaN stays NaN.
func AbsGrad[T Float](w *Workers, dst, g, x []T) {
	check(len(dst), g, x)
	runPointwise(w, &absGrad, dst, g, x, nil)
}

var absGrad = pointwise{single: absGradOf[float32], double: absGradOf[float64]}

func absGradOf[T Float](dst, g, x, _ []T) {
	for i, v := range g {
		switch a := x[i]; {
		case a > 0:
			dst[i] = v
		case a < 0:
			dst[i] = -v
		case a == 0:
			dst[i] = 0 * v
		default:
			dst[i] = a
		}
	}
}

// Negate sets dst to -x.
func Negate[T Float](w *Workers, dst, x []T) {
	check(len(dst), x)
	runPointwise(w, &negate, dst, x, nil, nil)
}

var negate = pointwise{single: negateOf[float32], double: negateOf[float64]}

func negateOf[T Float](dst, x, _, _ []T) {
	for i, v := range x {
		dst[i] = -v
	}
}
