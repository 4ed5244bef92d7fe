package kernel

// ColumnSums sets dst, of length cols, to the sums over the rows of x, a row-major matrix with cols columns.
func ColumnSums[T Float](dst, x []T, cols int) {
	clear(dst)
	for ; len(x) >= cols && cols > 0; x = x[cols:] {
		for j, v := range x[:cols] {
			dst[j] += v
		}
	}
}
