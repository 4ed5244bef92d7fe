package kernel

// Operands are addressed by distances: element (i, k) of op(A) is A[i*aRow+k*aCol], and (k, j) of op(B) is B[k*bRow+j*bCol].
// They are passed as single words, because structs of slices would be copied for every panel.

// pack copies k rows of a panel of B to dst and returns it with the distance of its rows.
// A last panel narrower than a tile stays where it is.
func (g *gemm[T]) pack(b []T, k, cols int, dst []T) (panel []T, row int) {
	switch {
	case g.TransB:
		for j := 0; j < cols; j += g.lanes {
			g.transpose(min(g.lanes, cols-j), k, b[j*g.bCol:], g.bCol, dst[j:], g.cols)
		}
	case cols == g.cols:
		g.copyRows(k, b, g.bRow, dst)
	default:
		return b, g.bRow
	}
	return dst, g.cols
}

// ahead describes k rows of a panel of B as they lie in memory: columns, distance of rows, cache lines.
// The tiles of one panel fetch the next one into the cache, a line per step along k: weights come from main memory,
// since a network reads them once or twice per training step, and the rows of a panel lie too far apart for the
// processor to foresee. There is nothing to fetch if the panel has no columns.
func (g *gemm[T]) ahead(k, cols int) (n, row, lines int) {
	switch {
	case cols <= 0:
		return 0, 0, 0
	case g.TransB:
		return k, g.bCol, cols * ceil(k, g.line)
	default:
		return cols, g.bRow, k * ceil(cols, g.line)
	}
}

// spread copies m x k elements of A if its rows are a multiple of 4096 bytes long: those of a tile would compete
// for the same few lines of the first-level cache. It returns them with the distance of their rows.
func (g *gemm[T]) spread(a []T, m, k int, buf *scratch[T]) ([]T, int) {
	if g.aCol != 1 || g.aRow%(64*g.line) != 0 {
		return a, g.aRow
	}
	if buf.a == nil {
		buf.a = make([]T, mBlock*(kBlock+16))
	}
	row := k + 16
	for i := range m {
		copy(buf.a[i*row:], a[i*g.aRow:][:k])
	}
	return buf.a, row
}

// from returns the elements of x from index i on, none if there are not as many.
func from[T Float](x []T, i int) []T { return x[min(i, len(x)):] }
