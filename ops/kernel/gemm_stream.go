package kernel

// A product of few rows uses each element of B a few times only, so the time is that of reading B. A tile, which walks down a narrow column
// of B, reads a cache line here and a cache line there. A stream reads a few whole rows of B side by side, in the order of memory, and keeps
// the sums in the first-level cache instead of the registers. Its sums are the same operations in the same order.
//
// For one row of op(A), threads divide B by rows if they can, because that leaves each of them whole rows to read. The sums over each kBlock
// rows are kept apart then, and added in the order of the rows at the end. With more rows of op(A) these sums take longer than they save.
const (
	// streamMost is the number of rows of op(A) up to which streams are faster than tiles.
	streamMost = 24
	// streamCols is the number of columns of C whose sums are kept at a time.
	streamCols = 512
	// streamRead is the number of rows of op(A) whose products take as long as reading B.
	streamRead = 4
	// streamSums is the largest number of sums to keep apart.
	streamSums = 1 << 18
)

// streams reports whether the product is computed by streams.
func (g *gemm[T]) streams() bool {
	return g.stream != nil && !g.turned && g.M <= streamMost && g.bCol == 1 && g.packs()
}

// splitStream chooses the parts of a product computed by streams.
func (g *gemm[T]) splitStream(threads int) {
	parts := max(1, min(threads, max(g.M, streamRead)*g.N*g.K/g.worth))
	blocks := max(1, ceil(g.K, kBlock))
	g.rowParts, g.depthParts = 1, 1
	if g.M == 1 && blocks*(g.N+spacing) <= streamSums {
		g.depthParts = divisor(parts, blocks)
	}
	g.colParts = min(parts/g.depthParts, ceil(g.N, g.cols))
}

// divisor returns the greatest common divisor of positive numbers.
func divisor(x, y int) int {
	for y > 0 {
		x, y = y, x%y
	}
	return x
}

// streamSlab is slab by streams.
func (g *gemm[T]) streamSlab(i0, i1, j0, j1, k0, k1 int, buf *scratch[T]) {
	for j := j0; j < j1; j += streamCols {
		cols := min(streamCols, j1-j)
		row := cols + spacing
		sum := buf.sum[:(i1-i0)*row]
		g.sumStream(i0, i1, j, j+cols, k0, k1, sum, row)
		g.settleSums(i0, i1, j, j+cols, k0, k1, sum, row)
	}
}

// sumStream sets sums, in rows of the given length, to those over k0 <= k < k1 for at most streamCols columns.
func (g *gemm[T]) sumStream(i0, i1, j0, j1, k0, k1 int, sum []T, row int) {
	m := i1 - i0
	tiles := ceil(m, g.streamRows)
	rows := ceil(m, tiles)
	for i := range m {
		clear(sum[i*row:][:j1-j0])
	}
	g.stream(rows, tiles, rows*tiles-m, j1-j0, k1-k0, from(g.A, i0*g.aRow+k0*g.aCol), g.aRow, g.aCol, from(g.B, k0*g.bRow+j0), g.bRow, sum, row)
}

// settleSums adds sums in rows of the given length to a block of C, in the order of a tile: the bias, then C.
func (g *gemm[T]) settleSums(i0, i1, j0, j1, k0, k1 int, sum []T, row int) {
	var bias []T
	if g.Bias != nil && k1 == g.K {
		bias = g.Bias[j0:]
	}
	g.settle(i1-i0, j1-j0, sum, row, g.C[i0*g.N+j0:], g.N, bias, g.Accumulate || k0 > 0)
}

// depthSums computes sums of a part of the product whose blocks of k are divided among depthParts.
func (g *gemm[T]) depthSums(part int) {
	blocks := ceil(g.K, kBlock)
	lo, hi := cut(part/g.colParts, g.depthParts, blocks, 1)
	j0, j1 := cut(part%g.colParts, g.colParts, g.N, g.cols)
	for block := lo; block < hi; block++ {
		k0, k1 := cut(block, blocks, g.K, 16)
		for j := j0; j < j1; j += streamCols {
			g.sumStream(0, g.M, j, min(j+streamCols, j1), k0, k1, g.apart[block*g.M*(g.N+spacing)+j:], g.N+spacing)
		}
	}
}

// join adds the sums of all parts to C and finishes the product.
func (g *gemm[T]) join() {
	blocks := ceil(g.K, kBlock)
	for block := range blocks {
		k0, k1 := cut(block, blocks, g.K, 16)
		g.settleSums(0, g.M, 0, g.N, k0, k1, g.apart[block*g.M*(g.N+spacing):], g.N+spacing)
	}
	g.finish(0, g.M, 0, g.N)
}
