package kernel

import "slices"

// ColumnMoments sets mean and variance, each of length cols, to the mean and the variance (divided by the number of rows)
// of the columns of x, a row-major matrix of at least one row.
func ColumnMoments[T Float](w *Workers, mean, variance, x []T, cols int) {
	checkColumns(cols, x, mean, variance)
	if n := columnParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, cols)
			columnMoments(mean, variance, x, cols, lo, hi)
		})
		return
	}
	columnMoments(mean, variance, x, cols, 0, cols)
}

// columnMoments is ColumnMoments for columns lo to hi.
func columnMoments[T Float](mean, variance, x []T, cols, lo, hi int) {
	columnSums(mean, x, cols, lo, hi)
	mean, variance = mean[lo:hi], variance[lo:hi]
	rows := T(len(x) / max(1, cols))
	divide(mean, rows)
	clear(variance)
	for block := range slices.Chunk(x, max(1, sumRows*cols)) {
		addSquares(variance, mean, block[lo:], cols)
	}
	divide(variance, rows)
}

func divide[T Float](x []T, divisor T) {
	if v := vectorized[T](); v != nil {
		v.divide(f32(x), float32(divisor))
		return
	}
	for i := range x {
		x[i] /= divisor
	}
}

// addSquares adds to dst the sums over the rows of the squares of x - mean; see addSums.
func addSquares[T Float](dst, mean, x []T, stride int) {
	if v := vectorized[T](); v != nil {
		v.columnSquares(rowsOf(x, stride), len(dst), stride, f32(dst), f32(x), f32(mean))
		return
	}
	for lo := 0; lo < len(dst); lo += stripCols {
		var sums [stripCols]T
		s := sums[:min(stripCols, len(dst)-lo)]
		mean := mean[lo:][:len(s)]
		for row := range rowsOf(x, stride) {
			for j, v := range x[row*stride+lo:][:len(s)] {
				d := v - mean[j]
				s[j] += T(d * d)
			}
		}
		for j, v := range s {
			dst[lo+j] += v
		}
	}
}

// NormalizedSums sets dst to the sums over the rows of g times the normalized x, (x - mean) inverseStd: the gradient of gamma.
func NormalizedSums[T Float](w *Workers, dst, g, x, mean, inverseStd []T) {
	cols := len(mean)
	checkColumns(cols, x, dst, inverseStd)
	check(len(x), g)
	if n := columnParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, cols)
			normalizedSums(dst, g, x, mean, inverseStd, lo, hi)
		})
		return
	}
	normalizedSums(dst, g, x, mean, inverseStd, 0, cols)
}

// normalizedSums is NormalizedSums for columns lo to hi.
func normalizedSums[T Float](dst, g, x, mean, inverseStd []T, lo, hi int) {
	cols := len(mean)
	clear(dst[lo:hi])
	for first := 0; first < len(x); first += sumRows * cols {
		last := min(len(x), first+sumRows*cols)
		addNormalized(dst[lo:hi], g[first+lo:last], x[first+lo:last], mean[lo:hi], inverseStd[lo:hi], cols)
	}
}

// addNormalized adds to dst the sums over the rows of g (x - mean) inverseStd; see addSums.
func addNormalized[T Float](dst, g, x, mean, inverseStd []T, stride int) {
	if v := vectorized[T](); v != nil {
		v.normalizedSums(rowsOf(x, stride), len(dst), stride, f32(dst), f32(g), f32(x), f32(mean), f32(inverseStd))
		return
	}
	for lo := 0; lo < len(dst); lo += stripCols {
		var sums [stripCols]T
		s := sums[:min(stripCols, len(dst)-lo)]
		mean := mean[lo:][:len(s)]
		for row := range rowsOf(x, stride) {
			g := g[row*stride+lo:][:len(s)]
			for j, v := range x[row*stride+lo:][:len(s)] {
				s[j] += T(g[j] * (v - mean[j]))
			}
		}
		for j, v := range s {
			dst[lo+j] += T(v * inverseStd[lo+j])
		}
	}
}
