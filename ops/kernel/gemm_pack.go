package kernel

// Operands are addressed by distances: element (i, k) of op(A) is A[i*aRow+k*aCol], and (k, j) of op(B) is B[k*bRow+j*bCol].
// They are passed as single words, because structs of slices would be copied for every panel.

// scratch is the memory of one thread: a panel of B and, if needed, the part of A that a slab uses, or the sums of a stream.
type scratch[T Float] struct{ b, a, sum []T }

// gap is the smallest number of elements between the panels of two threads, so that a core that prefetches beyond its panel does not evict
// the other panel from the other core's cache.
const gap = 1024

// reserve allocates the scratch memory of the given number of threads.
func (g *gemm[T]) reserve(threads int) {
	for len(g.scratch) < threads {
		g.scratch = append(g.scratch, scratch[T]{})
	}
	packs, spreads, streams := g.packs(), g.spreads(), g.streams()
	if g.depthParts > 1 {
		if n := ceil(g.K, kBlock) * g.M * (g.N + spacing); len(g.apart) < n {
			g.apart = make([]T, n)
		}
	}
	for i := range g.scratch[:threads] {
		buf := &g.scratch[i]
		if streams {
			if buf.sum == nil {
				buf.sum = make([]T, streamMost*(streamCols+spacing))
			}
			continue
		}
		if packs && buf.b == nil {
			buf.b = make([]T, panelElements)
		}
		if spreads && buf.a == nil {
			buf.a = make([]T, slabElements)
		}
	}
}

// packs reports whether panels of B have to be packed. Rows that lie close together are used in place.
func (g *gemm[T]) packs() bool {
	return g.Packed == nil && (g.TransB || g.N > g.cols && min(g.K, kBlock)*g.N > kBlock*g.cols)
}

// pack copies k rows of a panel of B to dst and returns it with the distance of its rows. A last panel narrower than a tile is used in
// place.
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
		return k, g.bCol, cols * g.lines(k)
	default:
		return cols, g.bRow, k * g.lines(cols)
	}
}

// lines returns how many cache lines a panel fetches for a row of n elements.
func (g *gemm[T]) lines(n int) int { return g.fetched * ceil(n, g.fetched*g.line) }

// spreads reports whether A is copied: if its rows in memory are a multiple of 4096 bytes long, what a tile reads of them
// competes for the same few lines of the first-level cache.
func (g *gemm[T]) spreads() bool {
	row := max(g.aRow, g.aCol)
	return row > 1 && row%(64*g.line) == 0 && g.N > 2*g.cols
}

// spacing is the number of unused elements after each spread row.
const spacing = 16

// spread copies m x k elements of A to dst and returns them with the distances of their rows and columns.
func (g *gemm[T]) spread(a []T, m, k int, dst []T) (copied []T, aRow, aCol int) {
	if g.aCol > 1 {
		row := m + spacing
		for q := range k {
			copy(dst[q*row:], a[q*g.aCol:][:m])
		}
		return dst, 1, row
	}
	row := k + spacing
	for i := range m {
		copy(dst[i*row:], a[i*g.aRow:][:k])
	}
	return dst, row, 1
}

// from returns the elements of x from index i on, none if x is shorter.
func from[T Float](x []T, i int) []T { return x[min(i, len(x)):] }
