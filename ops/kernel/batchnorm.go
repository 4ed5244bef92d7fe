package kernel

import "math"

// ColumnMoments sets mean and variance, each of length cols, to the mean and the variance (divided by the number of rows)
// of the columns of x, a row-major matrix of at least one row.
func ColumnMoments[T Float](mean, variance, x []T, cols int) {
	rows := T(len(x) / cols)
	ColumnSums(mean, x, cols)
	for j := range mean {
		mean[j] /= rows
	}
	clear(variance)
	for ; len(x) >= cols; x = x[cols:] {
		for j, v := range x[:cols] {
			d := v - mean[j]
			variance[j] += d * d
		}
	}
	for j := range variance {
		variance[j] /= rows
	}
}

// InverseStd sets dst to 1 / sqrt(variance + eps).
func InverseStd[T Float](dst, variance []T, eps float64) {
	for j, v := range variance {
		dst[j] = T(1 / math.Sqrt(float64(v)+eps))
	}
}

// Normalize sets dst to gamma (x - mean) inverseStd + beta, column by column; len(mean) columns.
func Normalize[T Float](dst, x, mean, inverseStd, gamma, beta []T) {
	cols := len(mean)
	for ; len(x) >= cols && cols > 0; x, dst = x[cols:], dst[cols:] {
		for j, v := range x[:cols] {
			dst[j] = (v-mean[j])*inverseStd[j]*gamma[j] + beta[j]
		}
	}
}

// NormalizedSums sets dst to the sums over the rows of g times the normalized x: the gradient of gamma.
func NormalizedSums[T Float](dst, g, x, mean, inverseStd []T) {
	cols := len(mean)
	clear(dst)
	for ; len(x) >= cols && cols > 0; x, g = x[cols:], g[cols:] {
		for j, v := range x[:cols] {
			dst[j] += g[j] * ((v - mean[j]) * inverseStd[j])
		}
	}
}

// BatchNormGrad sets dst to the gradient of x when mean and inverseStd are statistics of x itself;
// gammaGrad and betaGrad are the gradients of gamma and beta (Ioffe and Szegedy 2015, section 3).
func BatchNormGrad[T Float](dst, g, x, mean, inverseStd, gamma, gammaGrad, betaGrad []T) {
	cols := len(mean)
	rows := T(len(x) / cols)
	for ; len(x) >= cols; x, g, dst = x[cols:], g[cols:], dst[cols:] {
		for j, v := range x[:cols] {
			normalized := (v - mean[j]) * inverseStd[j]
			dst[j] = gamma[j] * inverseStd[j] * (g[j] - (betaGrad[j]+normalized*gammaGrad[j])/rows)
		}
	}
}

// ScaleColumns sets dst to g gamma inverseStd, column by column: the gradient of Normalize with fixed statistics.
func ScaleColumns[T Float](dst, g, gamma, inverseStd []T) {
	cols := len(gamma)
	for ; len(g) >= cols && cols > 0; g, dst = g[cols:], dst[cols:] {
		for j, v := range g[:cols] {
			dst[j] = v * gamma[j] * inverseStd[j]
		}
	}
}

// Blend moves running towards value: running = (1 - momentum) running + momentum value.
func Blend[T Float](running, value []T, momentum float64) {
	for j, v := range value {
		running[j] = T(1-momentum)*running[j] + T(momentum)*v
	}
}
