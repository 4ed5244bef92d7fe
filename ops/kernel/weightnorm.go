package kernel

import "math"

// ColumnNorms sets dst to the Euclidean norms of the columns of v, a row-major matrix of len(dst) columns.
func ColumnNorms[T Float](dst, v []T) {
	clear(dst)
	for ; len(v) >= len(dst) && len(dst) > 0; v = v[len(dst):] {
		for j, x := range v[:len(dst)] {
			dst[j] += x * x
		}
	}
	for j, x := range dst {
		dst[j] = T(math.Sqrt(float64(x)))
	}
}

// WeightNorm sets dst to v with column j scaled to the norm gain[j] (Salimans and Kingma 2016, Eq. 2).
func WeightNorm[T Float](dst, v, norms, gain []T) {
	cols := len(norms)
	for ; len(v) >= cols && cols > 0; v, dst = v[cols:], dst[cols:] {
		for j, x := range v[:cols] {
			dst[j] = gain[j] / norms[j] * x
		}
	}
}

// WeightNormGradGain sets dst to the gradient of the gains: the sum over rows of g v / norm.
func WeightNormGradGain[T Float](dst, g, v, norms []T) {
	cols := len(norms)
	clear(dst)
	for ; len(v) >= cols && cols > 0; v, g = v[cols:], g[cols:] {
		for j, x := range v[:cols] {
			dst[j] += g[j] * x
		}
	}
	for j, n := range norms {
		dst[j] /= n
	}
}

// WeightNormGrad sets dst to the gradient of v: gain/norm (g - gainGrad v / norm), column by column
// (Salimans and Kingma 2016, Eq. 3).
func WeightNormGrad[T Float](dst, g, v, norms, gain, gainGrad []T) {
	cols := len(norms)
	for ; len(v) >= cols && cols > 0; v, g, dst = v[cols:], g[cols:], dst[cols:] {
		for j, x := range v[:cols] {
			dst[j] = gain[j] / norms[j] * (g[j] - gainGrad[j]*x/norms[j])
		}
	}
}
