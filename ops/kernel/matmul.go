package kernel

import "fmt"

// Float is the element type of a kernel.
type Float interface{ float32 | float64 }

// MatMul describes the matrix product C = op(A) op(B), where op(X) is X or its transpose.
//
// All matrices are dense and row-major: op(A) is M x K, op(B) is K x N, C is M x N. C must not overlap A or B.
// NaN and infinities propagate according to IEEE 754; nothing is skipped because a factor is zero.
// The value of each element of C depends on neither the number of threads nor the position of the slices in memory.
type MatMul[T Float] struct {
	M, N, K int
	// TransA means that A holds the transpose of op(A): K rows of M elements. TransB means that B holds N rows of K elements.
	TransA, TransB bool
	// A, B and C have exactly M*K, K*N and M*N elements.
	A, B, C []T
	// Packed, if not nil, takes the place of B, which must be nil. TransB must be false then.
	Packed *Packed[T]
	// Accumulate adds the product to C instead of overwriting it.
	Accumulate bool
	// Bias, if not nil, has N elements and is added to each row of C.
	Bias []T
	// Epilogue, if not nil, is called once for each finished block of C, rows i0 <= i < i1 and columns j0 <= j < j1, by the thread that
	// computed it, while the block is in cache. The blocks cover C without overlap. Use it for an activation function. Several threads call
	// it at the same time, with different blocks.
	Epilogue func(i0, i1, j0, j1 int)
}

// Run computes the product with the threads of w; small products stay on the caller's thread. It allocates nothing once its buffers are
// warm. It panics if a slice does not have the size described above.
func (p *MatMul[T]) Run(w *Workers) {
	p.check()
	if p.M == 0 || p.N == 0 {
		return
	}
	b := backendOf[T]()
	g := b.get()
	g.set(p, b.engines[cpu])
	g.split(w.Threads())
	g.reserve(w.Threads())
	w.run(g.rowParts*g.depthParts*g.colParts, g.rectangles)
	if g.depthParts > 1 {
		g.join()
	}
	b.put(g)
}

// check panics on sizes that contradict each other.
func (p *MatMul[T]) check() {
	b := len(p.B)
	if p.Packed != nil {
		if b > 0 || p.TransB || p.Packed.k != p.K || p.Packed.n != p.N {
			panic(fmt.Sprintf("kernel: matrix product of %d x %d and %d x %d: got a packed matrix of %d x %d, %d elements of B and TransB %t",
				p.M, p.K, p.K, p.N, p.Packed.k, p.Packed.n, b, p.TransB))
		}
		b = len(p.Packed.data)
	}
	if p.M < 0 || p.N < 0 || p.K < 0 || len(p.A) != p.M*p.K || b != p.K*p.N || len(p.C) != p.M*p.N ||
		p.Bias != nil && len(p.Bias) != p.N {
		panic(fmt.Sprintf("kernel: matrix product of %d x %d and %d x %d: got %d, %d, %d elements of A, B, C and a bias of %d",
			p.M, p.K, p.K, p.N, len(p.A), b, len(p.C), len(p.Bias)))
	}
}
