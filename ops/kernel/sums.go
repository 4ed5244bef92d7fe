package kernel

import (
	"fmt"
	"slices"
)

// Sums over the rows of a matrix add the rows in order within blocks of sumRows, and then the blocks. This keeps the rounding error small
// for many rows. The columns are divided among the threads.
const sumRows = 128

// stripCols is the number of columns that a plain loop sums at a time.
const stripCols = 64

// ColumnSums sets dst, of length cols, to the sums over the rows of x, a row-major matrix with cols columns.
func ColumnSums[T Float](w *Workers, dst, x []T, cols int) {
	checkColumns(cols, x, dst)
	if n := columnParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, cols)
			columnSums(dst, x, cols, lo, hi)
		})
		return
	}
	columnSums(dst, x, cols, 0, cols)
}

// columnSums is ColumnSums for columns lo to hi.
func columnSums[T Float](dst, x []T, cols, lo, hi int) {
	clear(dst[lo:hi])
	for block := range slices.Chunk(x, max(1, sumRows*cols)) {
		addSums(dst[lo:hi], block[lo:], cols)
	}
}

// addSums adds to dst the sums over the rows of x, which has stride elements per row; the last row may have fewer.
func addSums[T Float](dst, x []T, stride int) {
	if v := vectorized[T](); v != nil {
		v.columnSums(rowsOf(x, stride), len(dst), stride, f32(dst), f32(x))
		return
	}
	for lo := 0; lo < len(dst); lo += stripCols {
		var sums [stripCols]T
		s := sums[:min(stripCols, len(dst)-lo)]
		for row := range rowsOf(x, stride) {
			for j, v := range x[row*stride+lo:][:len(s)] {
				s[j] += v
			}
		}
		for j, v := range s {
			dst[lo+j] += v
		}
	}
}

// rowsOf returns the number of rows of a matrix whose first row may lack its first elements.
func rowsOf[T Float](x []T, stride int) int { return (len(x) + stride - 1) / stride }

// columnParts returns the number of column ranges into which the work on a matrix of n elements is split.
func columnParts(w *Workers, n, cols int) int { return min(parts(w, n), (cols+63)/64) }

// checkColumns panics unless the matrix x has whole rows and vectors have one element per column.
func checkColumns[T Float](cols int, x []T, vectors ...[]T) {
	if cols < 0 || cols == 0 && len(x) > 0 || cols > 0 && len(x)%cols != 0 {
		panic(fmt.Sprintf("kernel: %d elements in rows of %d", len(x), cols))
	}
	check(cols, vectors...)
}
