package kernel

import "fmt"

// Packed is a copy of a matrix B in the order in which products read it: panels as wide as a tile, each in one piece. A product with it reads memory from
// front to back and packs nothing, which counts if A has few rows. It has the bits of the product with B. The zero value is an empty matrix.
type Packed[T Float] struct {
	k, n  int
	width int // of a panel
	data  []T
}

// Pack copies a matrix of k rows and n columns, row-major. It panics if b does not have k*n elements.
func Pack[T Float](k, n int, b []T) *Packed[T] {
	if k < 0 || n < 0 || len(b) != k*n {
		panic(fmt.Sprintf("kernel: %d elements to pack as %d x %d", len(b), k, n))
	}
	p := &Packed[T]{k: k, n: n, width: backendOf[T]().engines[cpu].cols, data: make([]T, 0, len(b))}
	blocks := max(1, ceil(k, kBlock))
	for block := range blocks {
		k0, k1 := cut(block, blocks, k, 16)
		for j := 0; j < n; j += p.width {
			for q := k0; q < k1; q++ {
				p.data = append(p.data, b[q*n+j:q*n+min(j+p.width, n)]...)
			}
		}
	}
	return p
}

// panel returns the rows k0 <= q < k1, a block, of the columns from j on. A matrix that is no wider than a tile lies as B does.
func (p *Packed[T]) panel(k0, k1, j int) []T { return from(p.data, k0*p.n+(k1-k0)*j) }

// packedPanel returns a panel of B and the distance of its rows, and what to fetch ahead: the panel beside it, or the first one of the next block.
func (g *gemm[T]) packedPanel(j0, j1, j, cols, k0, k1 int) (b []T, bRow int, next []T, elements int) {
	switch {
	case j+cols < j1:
		next, elements = g.Packed.panel(k0, k1, j+cols), (k1-k0)*min(g.cols, j1-j-cols)
	case k1 < g.K:
		blocks := ceil(g.K, kBlock)
		for block := range blocks {
			if lo, hi := cut(block, blocks, g.K, 16); lo == k1 {
				next, elements = g.Packed.panel(lo, hi, j0), (hi-lo)*min(g.cols, g.N-j0)
			}
		}
	}
	return g.Packed.panel(k0, k1, j), cols, next, elements
}
