package kernel

import "fmt"

// elements are the kernels of one variant in assembly. They work on float32. The caller checks the lengths.
type elements struct {
	smooth

	selu, relu, elu, sigmoid, tanh                     func(dst, x []float32)
	seluGrad, reluGrad, eluGrad, sigmoidGrad, tanhGrad func(dst, g, y []float32)

	add, multiply   func(dst, x, y []float32)
	gate, gateGradT func(dst, x, y, z []float32)
	gateGradX       func(dst, g, t []float32)

	// The functions on blocks and on columns work on rows x cols elements of matrices with a row stride of stride elements.
	seluBlock, reluBlock         func(rows, cols, stride int, c []float32)
	biasSeluBlock, biasReluBlock func(rows, cols, stride int, c, bias []float32)

	// counter is that of the first element; limit is the number of noise words that drop an element.
	drop func(dst, x []float32, scale, shift, dropped float32, limit, counter, stream, seedLow, seedHigh, stepLow, stepHigh uint32)

	sgd                func(p, g []float32, rate, l2 float32)
	momentum, nesterov func(p, g, v []float32, rate, momentum, l2 float32)
	adam               func(p, g, m, v []float32, step, root, b1, b2, c1, c2, eps, l2 float32)

	// The sums over rows are added to dst. share is 1 / rows.
	columnSums     func(rows, cols, stride int, dst, x []float32)
	columnSquares  func(rows, cols, stride int, dst, x, mean []float32)
	normalizedSums func(rows, cols, stride int, dst, g, x, mean, inverseStd []float32)
	normalize      func(rows, cols, stride int, dst, x, mean, inverseStd, gamma, beta []float32)
	scaleColumns   func(rows, cols, stride int, dst, g, gamma, inverseStd []float32)
	batchNormGrad  func(rows, cols, stride int, dst, g, x, mean, inverseStd, gamma, gammaGrad, betaGrad []float32, share float32)
	divide         func(x []float32, divisor float32)
	blend          func(running, value []float32, keep, momentum float32)
	inverseStd     func(dst, variance []float32, eps float64)

	columnProducts func(rows, cols, stride int, dst, x, y []float32)
	weightNorm     func(rows, cols, stride int, dst, v, norms, gain []float32)
	weightNormGrad func(rows, cols, stride int, dst, g, v, norms, gain, gainGrad []float32)

	rowSum           func(x []float32) float64
	rowSquares       func(x []float32, mean float64) float64
	rowDot           func(g, gamma []float32) float64
	rowCenteredDot   func(g, gamma, x []float32, mean float64) float64
	rowNormalize     func(dst, x, gamma, beta []float32, mean, inverseStd float32)
	rowNormalizeGrad func(dst, g, x, gamma []float32, mean, inverseStd, meanGrad, meanDot float32)
	addNormalized    func(dst, g, x []float32, mean, inverseStd float32)

	bce              func(logits, targets, weights []float32) (loss, total float64)
	bceGrad          func(dst, logits, targets, weights []float32, scale float64)
	sumExp           func(row []float32) (sum, largest float64)
	scaledExp        func(dst, row []float32, shift, scale float64)
	squaredError     func(x, y []float32) float64
	scaledDifference func(dst, x, y []float32, scale float32)
	scale            func(x []float32, factor float32)
}

// vectorized returns the kernels in assembly for elements of type T, or nil if the plain loops must be used.
func vectorized[T Float]() *elements {
	if _, single := any(T(0)).(float32); single {
		return elements32[cpu]
	}
	return nil
}

// f32 returns x as the []float32 that it is.
func f32[T Float](x []T) []float32 { return any(x).([]float32) }

// check panics unless all slices have n elements.
func check[T Float](n int, slices ...[]T) {
	for _, s := range slices {
		if len(s) != n {
			panic(fmt.Sprintf("kernel: slices of %d and of %d elements", n, len(s)))
		}
	}
}
