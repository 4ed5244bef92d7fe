package kernel

// engine is one implementation of the steps of a matrix product.
type engine[T Float] struct {
	rows, cols int // of the largest tile
	lanes      int // columns that transpose makes at a time
	// tile computes rows x cols elements of C: sums over k, plus bias if not nil, plus C if add.
	// It never touches an element outside the tile, the k columns of A beside it and the k rows of B above it.
	tile func(rows, cols, k int, a []T, aRow, aCol int, b []T, bRow int, c []T, cRow int, bias []T, add bool)
	// copyRows packs k rows of one tile's width.
	copyRows func(k int, src []T, srcRow int, dst []T)
	// transpose sets dst[q*dstRow+j] to src[j*srcRow+q] for q < k, j < rows. It may write to dst up to
	// a whole number of lanes in both directions.
	transpose func(rows, k int, src []T, srcRow int, dst []T, dstRow int)
}

// gemm is a product on its way: split into parts, each a rectangle of C.
type gemm[T Float] struct {
	MatMul[T]
	*engine[T]
	rowParts, colParts int
	part               func(int) // the method rectangle, bound once
}

const (
	kBlock = 512
)

// span returns the bounds of part i of n of size elements, in units.
func spanOf(i, n, size, unit int) (lo, hi int) {
	units := (size + unit - 1) / unit
	return min(size, units*i/n*unit), min(size, units*(i+1)/n*unit)
}

// rectangle computes one part.
func (g *gemm[T]) rectangle(part int) {
	i0, i1 := spanOf(part/g.colParts, g.rowParts, g.M, 1)
	j0, j1 := spanOf(part%g.colParts, g.colParts, g.N, g.cols)
	buf := packed[T]().get()
	blocks := max(1, (g.K+kBlock-1)/kBlock)
	for q := range blocks {
		k0, k1 := spanOf(q, blocks, g.K, 16)
		g.slab(i0, i1, j0, j1, k0, k1, buf)
	}
	packed[T]().put(buf)
	if g.Epilogue != nil {
		g.Epilogue(i0, i1, j0, j1)
	}
}

// slab adds the products of k0 <= k < k1 to a rectangle of C.
func (g *gemm[T]) slab(i0, i1, j0, j1, k0, k1 int, buf []T) {
	add := g.Accumulate || k0 > 0
	aRow, aCol := g.K, 1
	if g.TransA {
		aRow, aCol = 1, g.M
	}
	blocks := (i1 - i0 + g.rows - 1) / g.rows
	k := k1 - k0
	pack := blocks > 1 && k*g.N > 32<<10/4 && g.N > g.cols
	for j := j0; j < j1; j += g.cols {
		cols := min(g.cols, j1-j)
		var b []T
		var bRow int
		switch {
		case g.TransB:
			for t := 0; t < cols; t += g.lanes {
				g.transpose(min(g.lanes, cols-t), k, g.B[(j+t)*g.K+k0:], g.K, buf[t:], g.cols)
			}
			b, bRow = buf, g.cols
		case pack && cols == g.cols:
			g.copyRows(k, g.B[k0*g.N+j:], g.N, buf)
			b, bRow = buf, g.cols
		default:
			b, bRow = g.B[min(len(g.B), k0*g.N+j):], g.N
		}
		var bias []T
		if g.Bias != nil && k1 == g.K {
			bias = g.Bias[j:]
		}
		for block := range blocks {
			lo, hi := spanOf(block, blocks, i1-i0, 1)
			lo, hi = lo+i0, hi+i0
			g.tile(hi-lo, cols, k, g.A[min(len(g.A), lo*aRow+k0*aCol):], aRow, aCol, b, bRow, g.C[lo*g.N+j:], g.N, bias, add)
		}
	}
}
