package kernel

import "math"

var geluValue, geluSlope = activation(gelu, geluSlopeAt, func(e *elements) (func(dst, x []float32), func(dst, g, x []float32)) {
	return e.gelu, e.geluGrad
})

// GELU sets dst to x P(Z < x) for a standard normal Z (Hendrycks and Gimpel 2016). NaN stays NaN, and -Inf gives 0. The error is at most 1e-15 of
// |x| for float64, and for float32 3e-7 of |x|.
func GELU[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, geluValue, dst, x, nil, nil)
}

// GELUGrad sets dst to g times the slope of GELU at x.
func GELUGrad[T Float](w *Workers, dst, g, x []T) {
	check(len(x), dst, g)
	runPointwise(w, geluSlope, dst, g, x, nil)
}

// gelu is GELU for a single number. Erfc, unlike 1 + Erf, keeps all digits far below 0.
func gelu(x float64) float64 {
	const vanishing = -39 // where erfc is 0
	return math.Max(x, vanishing) * (math.Erfc(-x/math.Sqrt2) / 2)
}

func geluSlopeAt(x float64) float64 {
	z := within(x, 39)
	return math.Erfc(-z/math.Sqrt2)/2 + z*math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)
}

// within is x between -limit and limit, and NaN for NaN.
func within(x, limit float64) float64 { return math.Max(-limit, math.Min(limit, x)) }

var geluTanhValue, geluTanhSlope = activation(geluTanh, geluTanhSlopeAt, func(e *elements) (func(dst, x []float32), func(dst, g, x []float32)) {
	return e.geluTanh, e.geluTanhGrad
})

// GELUTanh sets dst to x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), the approximation of GELU (Hendrycks and Gimpel 2016). NaN stays NaN, and
// -Inf gives 0. The error is at most 1e-15 of |x| for float64, and for float32 3e-7 of |x|.
func GELUTanh[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, geluTanhValue, dst, x, nil, nil)
}

// GELUTanhGrad sets dst to g times the slope of GELUTanh at x.
func GELUTanhGrad[T Float](w *Workers, dst, g, x []T) {
	check(len(x), dst, g)
	runPointwise(w, geluTanhSlope, dst, g, x, nil)
}

// (1 + tanh u)/2 is the logistic function of 2u, in which nothing cancels. 2u is x (linear + cubic x^2).
const (
	geluLinear = 2 * 0.7978845608028653558798921198687637369517 // 2 sqrt(2/pi)
	geluCubic  = 0.044715 * geluLinear
)

func geluTanh(x float64) float64 {
	z := math.Max(x, -25) // where the logistic function is 0
	return z * logistic(z*(geluLinear+geluCubic*z*z))
}

func geluTanhSlopeAt(x float64) float64 {
	z := within(x, 25)
	u := z * (geluLinear + geluCubic*z*z)
	return logistic(u) * (1 + z*(geluLinear+3*geluCubic*z*z)*logistic(-u))
}
