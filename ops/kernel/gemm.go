package kernel

// A product is computed in tiles of C that fit into the registers. A tile walks along its rows of A, read where they
// lie, and down a panel of B as wide as itself, packed to be contiguous. From the inside out:
//
//	tile    up to engine.rows x engine.cols sums in registers
//	panel   the tiles below each other, which share a panel of B in the first-level cache
//	slab    the panels beside each other, which share mBlock x kBlock elements of A in the second-level cache
//	part    the slabs that add up to a rectangle of C, the work of one thread
//
// Sums are cut at the same k whatever the tile and the part, so each element always results from the same sequence of operations.
const (
	kBlock = 256
	mBlock = 384
)

// engine is one implementation of the inner steps of a product.
type engine[T Float] struct {
	rows, cols int // of the largest tile
	lanes      int // columns that transpose makes at a time
	line       int // elements of a cache line
	fetched    int // cache lines that panel prefetches at a time
	worth      int // fewest multiplications worth handing to another thread, half a microsecond

	// panel computes a column of tiles of C, cols wide: the first tiles have the given number of rows, the last short ones have one row
	// less. An element is the sum over k, plus bias if not nil, plus C if add is set. panel touches no other elements of A, B, C and bias.
	// On the way it may prefetch aheadLines cache lines of the matrix ahead, which is aheadCols columns wide.
	panel func(rows, tiles, short, cols, k int, a []T, aRow, aCol int, b []T, bRow int, c []T, cRow int, bias []T, add bool,
		ahead []T, aheadCols, aheadRow, aheadLines int)
	// copyRows packs k rows as wide as the largest tile.
	copyRows func(k int, src []T, srcRow int, dst []T)
	// transpose sets dst[q*dstRow+j] to src[j*srcRow+q] for q < k and j < rows <= lanes.
	// It may fill up the rows of dst, and their number, to a multiple of lanes.
	transpose func(rows, k int, src []T, srcRow int, dst []T, dstRow int)
	// stream adds the product of A with k rows of B to the sums, cols wide: the first tiles have the given number of rows, at most streamRows,
	// the last short ones have one row less. It may be nil.
	stream     func(rows, tiles, short, cols, k int, a []T, aRow, aCol int, b []T, bRow int, sum []T, sumRow int)
	streamRows int
	// settle sets the block of C to the sums of a stream, plus bias if not nil, plus C if add is set.
	settle func(rows, cols int, sum []T, sumRow int, c []T, cRow int, bias []T, add bool)
	// multiplyAdds does rounds of as many operations in registers alone: arithmetic multiplications and additions each. It may be nil.
	multiplyAdds func(rounds int)
	arithmetic   int
}

// gemm is a product in progress, cut into rowParts x colParts rectangles, or for few rows into depthParts x colParts sums.
type gemm[T Float] struct {
	MatMul[T]
	*engine[T]
	aRow, aCol         int  // distances of neighbours in op(A)
	bRow, bCol         int  // and in op(B)
	turned             bool // the product of the transposes is computed
	rowParts, colParts int
	depthParts         int          // parts of the sums, of which each computes all of C; then join adds them
	rectangles         task         // the method rectangle, bound once
	scratch            []scratch[T] // by thread
	apart              []T          // the sums of each kBlock, if there are depthParts
}

// rectangle computes a part.
func (g *gemm[T]) rectangle(part, thread int) {
	if g.depthParts > 1 {
		g.depthSums(part)
		return
	}
	i0, i1 := cut(part/g.colParts, g.rowParts, g.M, 1)
	j0, j1 := cut(part%g.colParts, g.colParts, g.N, g.cols)
	kParts, mParts := max(1, ceil(g.K, kBlock)), ceil(i1-i0, mBlock)
	for kPart := range kParts {
		k0, k1 := cut(kPart, kParts, g.K, 16)
		for mPart := range mParts {
			lo, hi := cut(mPart, mParts, i1-i0, 1)
			g.slab(i0+lo, i0+hi, j0, j1, k0, k1, &g.scratch[thread])
		}
	}
	g.finish(i0, i1, j0, j1)
}

// slab adds the products of k0 <= k < k1 to a rectangle of C.
func (g *gemm[T]) slab(i0, i1, j0, j1, k0, k1 int, buf *scratch[T]) {
	m, k := i1-i0, k1-k0
	if g.streams() {
		g.streamSlab(i0, i1, j0, j1, k0, k1, buf)
		return
	}
	a, aRow, aCol := from(g.A, i0*g.aRow+k0*g.aCol), g.aRow, g.aCol
	if g.spreads() {
		a, aRow, aCol = g.spread(a, m, k, buf.a)
	}
	tiles := ceil(m, g.rows)
	rows := ceil(m, tiles)
	pack := g.packs() && (g.TransB || tiles > 1) // rows that are needed only once may stay where they are
	for j := j0; j < j1; j += g.cols {
		cols, b, bRow := min(g.cols, j1-j), from(g.B, k0*g.bRow+j*g.bCol), g.bRow
		next, nextCols, nextRow, nextLines := b, 0, 0, 0
		if g.Packed != nil {
			b, bRow, next, nextCols = g.packedPanel(j0, j1, j, cols, k0, k1)
			nextLines = ceil(nextCols, g.line)
		} else if pack {
			next = from(b, g.cols*g.bCol)
			nextCols, nextRow, nextLines = g.ahead(k, min(g.cols, j1-j-g.cols))
			b, bRow = g.pack(b, k, cols, buf.b)
		}
		var bias []T
		if g.Bias != nil && k1 == g.K && !g.turned {
			bias = g.Bias[j:]
		}
		g.panel(rows, tiles, rows*tiles-m, cols, k, a, aRow, aCol, b, bRow, g.C[i0*g.N+j:], g.N,
			bias, g.Accumulate || k0 > 0, next, nextCols, nextRow, nextLines)
	}
}

// finish does the remaining work for a rectangle of C.
func (g *gemm[T]) finish(i0, i1, j0, j1 int) {
	if g.turned {
		if g.Bias != nil {
			for j := j0; j < j1; j++ {
				g.C[j] += g.Bias[0]
			}
		}
		i0, i1, j0, j1 = j0, j1, i0, i1
	}
	if g.Epilogue != nil {
		g.Epilogue(i0, i1, j0, j1)
	}
}

// set makes g the product p. A single column of C would leave most lanes of the vectors empty, so
// it is computed as the row of the transposed product, which lies in memory in the same way.
func (g *gemm[T]) set(p *MatMul[T], e *engine[T]) {
	g.MatMul, g.engine, g.turned = *p, e, p.N == 1 && p.M > 1
	if g.turned {
		if g.Packed != nil { // a single column lies as it does in B
			g.B, g.Packed = p.Packed.data, nil
		}
		g.M, g.N, g.A, g.B, g.TransA, g.TransB = 1, p.M, g.B, p.A, false, !p.TransA
	}
	g.aRow, g.aCol, g.bRow, g.bCol = g.K, 1, g.N, 1
	if g.TransA {
		g.aRow, g.aCol = 1, g.M
	}
	if g.TransB {
		g.bRow, g.bCol = 1, g.K
	}
}

// cut returns the bounds of part i of n equal parts of size, in whole units.
func cut(i, n, size, unit int) (lo, hi int) {
	units := ceil(size, unit)
	return min(size, units*i/n*unit), min(size, units*(i+1)/n*unit)
}

// ceil returns x/y, rounded up.
func ceil(x, y int) int { return (x + y - 1) / y }
