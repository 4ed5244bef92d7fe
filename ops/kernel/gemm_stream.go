package kernel

// A product of few rows uses each element of B a few times only, so the time is that of reading B. A tile, which walks down a narrow column
// of B, reads a cache line here and a cache line there. A stream reads a few whole rows of B side by side, in the order of memory, and keeps
// the sums in the first-level cache instead of the registers. Its sums are the same operations in the same order.
const (
	// streamMost is the number of rows of op(A) up to which streams are faster than tiles.
	streamMost = 12
	// streamCols is the number of columns of C whose sums are kept at a time.
	streamCols = 1024
)

// streams reports whether the product is computed by streams.
func (g *gemm[T]) streams() bool {
	return g.stream != nil && !g.turned && g.M <= streamMost && g.bCol == 1 && g.packs()
}

// streamSlab is slab by streams.
func (g *gemm[T]) streamSlab(i0, i1, j0, j1, k0, k1 int, buf *scratch[T]) {
	m := i1 - i0
	tiles := ceil(m, g.streamRows)
	rows := ceil(m, tiles)
	for j := j0; j < j1; j += streamCols {
		cols := min(streamCols, j1-j)
		row := cols + spacing
		sum := buf.sum[:m*row]
		clear(sum)
		g.stream(rows, tiles, rows*tiles-m, cols, k1-k0, from(g.A, i0*g.aRow+k0*g.aCol), g.aRow, g.aCol, from(g.B, k0*g.bRow+j), g.bRow, sum, row)
		for i := range m {
			g.settle(sum[i*row:][:cols], i0+i, j, k0, k1)
		}
	}
}

// settle adds the sums of some columns of a row to C, in the order of a tile: the bias, then C.
func (g *gemm[T]) settle(sum []T, i, j, k0, k1 int) {
	c := g.C[i*g.N+j:][:len(sum)]
	bias := g.Bias != nil && k1 == g.K
	add := g.Accumulate || k0 > 0
	switch {
	case bias && add:
		for q, b := range g.Bias[j:][:len(sum)] {
			c[q] = sum[q] + b + c[q]
		}
	case bias:
		for q, b := range g.Bias[j:][:len(sum)] {
			c[q] = sum[q] + b
		}
	case add:
		for q, x := range sum {
			c[q] = x + c[q]
		}
	default:
		copy(c, sum)
	}
}
