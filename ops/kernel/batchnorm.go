package kernel

import "math"

// Matrices are row-major; mean, inverseStd, gamma, beta and their gradients have one element per column.

// InverseStd sets dst to 1 / sqrt(variance + eps).
func InverseStd[T Float](dst, variance []T, eps float64) {
	check(len(variance), dst)
	if v := vectorized[T](); v != nil {
		v.inverseStd(f32(dst), f32(variance), eps)
		return
	}
	for j, v := range variance {
		dst[j] = T(1 / math.Sqrt(float64(v)+eps))
	}
}

// Normalize sets dst to gamma (x - mean) inverseStd + beta.
func Normalize[T Float](w *Workers, dst, x, mean, inverseStd, gamma, beta []T) {
	cols := len(mean)
	checkColumns(cols, x, inverseStd, gamma, beta)
	check(len(x), dst)
	if n := rowParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := rowSpan(i, n, len(x), cols)
			normalize(dst[lo:hi], x[lo:hi], mean, inverseStd, gamma, beta)
		})
		return
	}
	normalize(dst, x, mean, inverseStd, gamma, beta)
}

func normalize[T Float](dst, x, mean, inverseStd, gamma, beta []T) {
	cols := len(mean)
	if v := vectorized[T](); v != nil && cols > 0 {
		v.normalize(len(x)/cols, cols, cols, f32(dst), f32(x), f32(mean), f32(inverseStd), f32(gamma), f32(beta))
		return
	}
	for ; len(x) > 0; x, dst = x[cols:], dst[cols:] {
		for j, v := range x[:cols] {
			dst[j] = T((v-mean[j])*(inverseStd[j]*gamma[j])) + beta[j]
		}
	}
}

// BatchNormGrad sets dst to the gradient of x when mean and inverseStd are statistics of x itself;
// gammaGrad and betaGrad are the gradients of gamma and beta (Ioffe and Szegedy 2015, section 3).
func BatchNormGrad[T Float](w *Workers, dst, g, x, mean, inverseStd, gamma, gammaGrad, betaGrad []T) {
	cols := len(mean)
	checkColumns(cols, x, inverseStd, gamma, gammaGrad, betaGrad)
	check(len(x), dst, g)
	if n := rowParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := rowSpan(i, n, len(x), cols)
			batchNormGrad(dst[lo:hi], g[lo:hi], x[lo:hi], mean, inverseStd, gamma, gammaGrad, betaGrad, 1/T(len(x)/cols))
		})
		return
	}
	batchNormGrad(dst, g, x, mean, inverseStd, gamma, gammaGrad, betaGrad, 1/T(len(x)/max(1, cols)))
}

// batchNormGrad handles some of the rows, each of which contributes the given share of the means.
func batchNormGrad[T Float](dst, g, x, mean, inverseStd, gamma, gammaGrad, betaGrad []T, share T) {
	cols := len(mean)
	if v := vectorized[T](); v != nil && cols > 0 {
		v.batchNormGrad(len(x)/cols, cols, cols, f32(dst), f32(g), f32(x), f32(mean), f32(inverseStd), f32(gamma),
			f32(gammaGrad), f32(betaGrad), float32(share))
		return
	}
	for ; len(x) > 0; x, g, dst = x[cols:], g[cols:], dst[cols:] {
		for j, v := range x[:cols] {
			slope, shift := inverseStd[j]*gammaGrad[j]*share, T(betaGrad[j]*share)
			dst[j] = gamma[j] * inverseStd[j] * (g[j] - shift - T((v-mean[j])*slope))
		}
	}
}

// ScaleColumns sets dst to g gamma inverseStd, column by column: the gradient of Normalize with fixed statistics.
func ScaleColumns[T Float](w *Workers, dst, g, gamma, inverseStd []T) {
	cols := len(gamma)
	checkColumns(cols, g, inverseStd)
	check(len(g), dst)
	if n := rowParts(w, len(g), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := rowSpan(i, n, len(g), cols)
			scaleColumns(dst[lo:hi], g[lo:hi], gamma, inverseStd)
		})
		return
	}
	scaleColumns(dst, g, gamma, inverseStd)
}

func scaleColumns[T Float](dst, g, gamma, inverseStd []T) {
	cols := len(gamma)
	if v := vectorized[T](); v != nil && cols > 0 {
		v.scaleColumns(len(g)/cols, cols, cols, f32(dst), f32(g), f32(gamma), f32(inverseStd))
		return
	}
	for ; len(g) > 0; g, dst = g[cols:], dst[cols:] {
		for j, v := range g[:cols] {
			dst[j] = v * (gamma[j] * inverseStd[j])
		}
	}
}

// rowParts returns the number of row ranges into which the work on a matrix of n elements is split.
func rowParts(w *Workers, n, cols int) int { return min(parts(w, n), n/max(1, cols)) }

// rowSpan returns the bounds of range i of k of the rows of a matrix of n elements.
func rowSpan(i, k, n, cols int) (lo, hi int) {
	rows := n / cols
	return rows * i / k * cols, rows * (i + 1) / k * cols
}
