package kernel

// smooth are the kernels in assembly of the further activations, of one variant. The caller checks the lengths.
type smooth struct {
	silu, geluTanh, gelu, softplus, mish                     func(dst, x []float32)
	siluGrad, geluTanhGrad, geluGrad, softplusGrad, mishGrad func(dst, g, x []float32)

	hardTanh, hardSigmoid, hardSwish             func(dst, x []float32)
	hardTanhGrad, hardSigmoidGrad, hardSwishGrad func(dst, g, x []float32)

	seluOf, serlu         func(dst, x []float32, positive, negative float32)
	seluOfGrad, serluGrad func(dst, g, y []float32, positive, negative float32)
	leakyRelu             func(dst, x []float32, slope float32)
	leakyReluGrad         func(dst, g, x []float32, slope float32)
	scaledTanh            func(dst, x []float32, scale, shift float32)
	scaledTanhGrad        func(dst, g, y []float32, scale, shift, inverse float32)

	// On rows x cols elements of matrices with a row stride of stride elements, and one weight per column.
	prelu, parametricSelu         func(rows, cols, stride int, dst, x, weight []float32)
	preluGrad, parametricSeluGrad func(rows, cols, stride int, dst, g, x, weight []float32)
	// Their results are added to dst, one element per column.
	preluGradSlope, parametricSeluGradWeight func(rows, cols, stride int, dst, g, x []float32)

	rowScale func(dst, x, gain []float32, factor float32)
}

// applied returns the loop of an activation that is computed in float64.
func applied[T Float](f func(x float64) float64) func(dst, x, _, _ []T) {
	return func(dst, x, _, _ []T) {
		dst = dst[:len(x)]
		for i, v := range x {
			dst[i] = T(f(float64(v)))
		}
	}
}

// sloped returns the loop of its gradient: g times the slope at x.
func sloped[T Float](slope func(x float64) float64) func(dst, g, x, _ []T) {
	return func(dst, g, x, _ []T) {
		dst, g = dst[:len(x)], g[:len(x)]
		for i, v := range x {
			dst[i] = T(float64(g[i]) * slope(float64(v)))
		}
	}
}

// activation returns both kernels of an activation without parameters, given those of a variant.
func activation(f, slope func(x float64) float64, vector func(e *elements) (f func(dst, x []float32), grad func(dst, g, x []float32))) (value, grad *pointwise) {
	value = &pointwise{
		vector: func(e *elements, dst, x, _, _ []float32) { f, _ := vector(e); f(dst, x) },
		single: applied[float32](f),
		double: applied[float64](f),
		slow:   true,
	}
	grad = &pointwise{
		vector: func(e *elements, dst, g, x, _ []float32) { _, grad := vector(e); grad(dst, g, x) },
		single: sloped[float32](slope),
		double: sloped[float64](slope),
		slow:   true,
	}
	return value, grad
}
