package kernel

import (
	"math"
	"slices"
)

// ColumnNorms sets dst to the Euclidean norms of the columns of v, a row-major matrix of len(dst) columns.
func ColumnNorms[T Float](w *Workers, dst, v []T) {
	columnProducts(w, dst, v, v)
	for j, x := range dst {
		dst[j] = T(math.Sqrt(float64(x)))
	}
}

// WeightNorm sets dst to v with column j scaled to the norm gain[j] (Salimans and Kingma 2016, Eq. 2).
func WeightNorm[T Float](w *Workers, dst, v, norms, gain []T) {
	cols := len(norms)
	checkColumns(cols, v, gain)
	check(len(v), dst)
	if n := rowParts(w, len(v), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := rowSpan(i, n, len(v), cols)
			weightNorm(dst[lo:hi], v[lo:hi], norms, gain)
		})
		return
	}
	weightNorm(dst, v, norms, gain)
}

func weightNorm[T Float](dst, v, norms, gain []T) {
	cols := len(norms)
	if e := vectorized[T](); e != nil && cols > 0 {
		e.weightNorm(len(v)/cols, cols, cols, f32(dst), f32(v), f32(norms), f32(gain))
		return
	}
	for ; len(v) > 0; v, dst = v[cols:], dst[cols:] {
		for j, x := range v[:cols] {
			dst[j] = gain[j] / norms[j] * x
		}
	}
}

// WeightNormGradGain sets dst to the gradient of the gains: the sum over rows of g v / norm.
func WeightNormGradGain[T Float](w *Workers, dst, g, v, norms []T) {
	check(len(dst), norms)
	columnProducts(w, dst, g, v)
	for j, n := range norms {
		dst[j] /= n
	}
}

// WeightNormGrad sets dst to the gradient of v: gain/norm (g - gainGrad v / norm), column by column
// (Salimans and Kingma 2016, Eq. 3).
func WeightNormGrad[T Float](w *Workers, dst, g, v, norms, gain, gainGrad []T) {
	cols := len(norms)
	checkColumns(cols, v, gain, gainGrad)
	check(len(v), dst, g)
	if n := rowParts(w, len(v), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := rowSpan(i, n, len(v), cols)
			weightNormGrad(dst[lo:hi], g[lo:hi], v[lo:hi], norms, gain, gainGrad)
		})
		return
	}
	weightNormGrad(dst, g, v, norms, gain, gainGrad)
}

func weightNormGrad[T Float](dst, g, v, norms, gain, gainGrad []T) {
	cols := len(norms)
	if e := vectorized[T](); e != nil && cols > 0 {
		e.weightNormGrad(len(v)/cols, cols, cols, f32(dst), f32(g), f32(v), f32(norms), f32(gain), f32(gainGrad))
		return
	}
	for ; len(v) > 0; v, g, dst = v[cols:], g[cols:], dst[cols:] {
		for j, x := range v[:cols] {
			dst[j] = gain[j] / norms[j] * (g[j] - T(gainGrad[j]/norms[j]*x))
		}
	}
}

// columnProducts sets dst to the sums over the rows of x times y, row-major matrices of len(dst) columns.
func columnProducts[T Float](w *Workers, dst, x, y []T) {
	cols := len(dst)
	checkColumns(cols, x)
	check(len(x), y)
	if n := columnParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, cols)
			sumProducts(dst[lo:hi], x[lo:], y[lo:], cols)
		})
		return
	}
	sumProducts(dst, x, y, cols)
}

// sumProducts is columnProducts for some columns of matrices with stride elements per row; see addSums.
func sumProducts[T Float](dst, x, y []T, stride int) {
	clear(dst)
	for block := range slices.Chunk(x, max(1, sumRows*stride)) {
		addProducts(dst, block, y[:len(block)], stride)
		y = y[len(block):]
	}
}

func addProducts[T Float](dst, x, y []T, stride int) {
	if e := vectorized[T](); e != nil {
		e.columnProducts(rowsOf(x, stride), len(dst), stride, f32(dst), f32(x), f32(y))
		return
	}
	for lo := 0; lo < len(dst); lo += stripCols {
		var sums [stripCols]T
		s := sums[:min(stripCols, len(dst)-lo)]
		for row := range rowsOf(x, stride) {
			y := y[row*stride+lo:][:len(s)]
			for j, v := range x[row*stride+lo:][:len(s)] {
				s[j] += T(v * y[j])
			}
		}
		for j, v := range s {
			dst[lo+j] += v
		}
	}
}
