package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// shape is everything about a product but its numbers.
type shape struct {
	m, n, k                          int
	transA, transB, accumulate, bias bool
}

func (s shape) String() string {
	name := fmt.Sprintf("%dx%dx%d/", s.m, s.n, s.k)
	for _, op := range []struct {
		set bool
		is  string
	}{{s.transA, "T"}, {!s.transA, "N"}, {s.transB, "T"}, {!s.transB, "N"}, {s.accumulate, "+C"}, {s.bias, "+bias"}} {
		if op.set {
			name += op.is
		}
	}
	return name
}

// product is a product with what it must give and how much it may be off.
type product[T Float] struct {
	MatMul[T]
	want, bound []float64
}

// newProduct makes a product of random numbers and multiplies them in float64, plainly. alloc makes the slices.
func newProduct[T Float](r *rand.Rand, s shape, alloc func(n int) []T) *product[T] {
	random := func(n int) []T {
		x := alloc(n)
		for i := range x {
			x[i] = T(r.NormFloat64())
		}
		return x
	}
	p := &product[T]{MatMul: MatMul[T]{M: s.m, N: s.n, K: s.k, TransA: s.transA, TransB: s.transB, Accumulate: s.accumulate,
		A: random(s.m * s.k), B: random(s.k * s.n), C: random(s.m * s.n)}}
	if s.bias {
		p.Bias = random(s.n)
	}
	// The error of a sum of k terms is at most k*eps times the sum of the magnitudes; the plain sum may be as far off.
	eps := 2 * float64(s.k+2) * 0x1p-53
	if _, single := any(T(0)).(float32); single {
		eps = float64(s.k+2) * 0x1p-24
	}
	for i := range s.m {
		for j := range s.n {
			sum, magnitude := 0.0, 0.0
			add := func(x float64) { sum += x; magnitude += math.Abs(x) }
			for k := range s.k {
				add(float64(p.a(i, k)) * float64(p.b(k, j)))
			}
			if s.accumulate {
				add(float64(p.C[i*s.n+j]))
			}
			if s.bias {
				add(float64(p.Bias[j]))
			}
			p.want, p.bound = append(p.want, sum), append(p.bound, eps*magnitude)
		}
	}
	return p
}

// a returns element (i, k) of op(A).
func (p *product[T]) a(i, k int) T {
	if p.TransA {
		return p.A[k*p.M+i]
	}
	return p.A[i*p.K+k]
}

// b returns element (k, j) of op(B).
func (p *product[T]) b(k, j int) T {
	if p.TransB {
		return p.B[j*p.K+k]
	}
	return p.B[k*p.N+j]
}

// run multiplies and compares. It leaves C as it was, for the next variant.
func (p *product[T]) run(t fataler, w *Workers) {
	t.Helper()
	before := slices.Clone(p.C)
	p.Run(w)
	for i, want := range p.want {
		if got := float64(p.C[i]); !(math.Abs(got-want) <= p.bound[i]) {
			t.Fatalf("C[%d,%d] = %v, want %v +- %v", i/p.N, i%p.N, got, want, p.bound[i])
		}
	}
	copy(p.C, before)
}

// fataler is a *testing.T or a *rapid.T.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func plain[T Float](n int) []T { return make([]T, n) }

// TestMatMul: all small shapes with all options.
func TestMatMul(t *testing.T) {
	t.Run("float32", testMatMul[float32])
	t.Run("float64", testMatMul[float64])
}

func testMatMul[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sizes := []int{0, 1, 5, 12, 13, 33} // around the sizes of tiles and vectors
	for flags := range 16 {
		for _, m := range sizes {
			for _, n := range sizes {
				for _, k := range sizes {
					s := shape{m, n, k, flags&1 != 0, flags&2 != 0, flags&4 != 0, flags&8 != 0}
					p := newProduct(r, s, plain[T])
					eachVariant(t, s.String(), func(t *testing.T) { p.run(t, nil) })
				}
			}
		}
	}
}

// TestMatMulSpread: rows of A whose length is a multiple of 4096 bytes.
func TestMatMulSpread(t *testing.T) {
	w := NewWorkers(2)
	defer w.Close()
	r := rand.New(rand.NewPCG(5, 6))
	for _, s := range []shape{{m: 13, n: 100, k: 2048}, {m: 2048, n: 100, k: 13, transA: true}, {m: 1024, n: 70, k: 300, transA: true, accumulate: true}} {
		p, q := newProduct(r, s, plain[float32]), newProduct(r, s, plain[float64])
		eachVariant(t, s.String(), func(t *testing.T) { p.run(t, w); q.run(t, w) })
	}
}

// TestMatMulRandom: larger shapes, cut into several blocks in each direction.
func TestMatMulRandom(t *testing.T) {
	w := NewWorkers(2)
	defer w.Close()
	rapid.Check(t, func(t *rapid.T) {
		flag, size := rapid.Bool(), rapid.OneOf(rapid.IntRange(0, 70), rapid.IntRange(70, 800))
		s := shape{size.Draw(t, "m"), size.Draw(t, "n"), size.Draw(t, "k"),
			flag.Draw(t, "transA"), flag.Draw(t, "transB"), flag.Draw(t, "accumulate"), flag.Draw(t, "bias")}
		for s.m*s.n*s.k > 4e6 { // the slow product is slow
			s.m, s.n, s.k = s.n, s.k, (s.m+1)/2
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		p, q := newProduct(r, s, plain[float32]), newProduct(r, s, plain[float64])
		withVariants(func() { p.run(t, w); q.run(t, w) })
	})
}

// TestMatMulThreads: the result is the same to the last bit for every number of threads, and wherever the slices begin.
func TestMatMulThreads(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, s := range []shape{
		{m: 64, n: 64, k: 64}, {m: 131, n: 12, k: 700, transB: true}, {m: 700, n: 259, k: 65, transA: true},
		{m: 129, n: 512, k: 1024, bias: true}, {m: 1, n: 1000, k: 333}, {m: 500, n: 1, k: 500, accumulate: true, bias: true},
		{m: 128, n: 300, k: 520, transB: true, accumulate: true},
	} {
		p := newProduct(r, s, plain[float32])
		before := slices.Clone(p.C)
		eachVariant(t, s.String(), func(t *testing.T) {
			var want []float32
			for _, threads := range []int{1, 2, 3, 5, 16} {
				w := NewWorkers(threads)
				q := p.MatMul
				q.A, q.B, q.C = shift(p.A, threads), shift(p.B, threads+1), shift(before, threads+2)
				q.Run(w)
				w.Close()
				if want == nil {
					want = q.C
				}
				if !slices.Equal(q.C, want) {
					t.Errorf("%d threads give another result than one", threads)
				}
			}
		})
	}
}

// shift copies x to another position in memory.
func shift(x []float32, by int) []float32 { return append(make([]float32, by, by+len(x)), x...)[by:] }

// TestMatMulNonFinite: 0 times infinity is NaN and a NaN spreads over its row or column; the rest stays finite.
func TestMatMulNonFinite(t *testing.T) {
	const m, n, k = 30, 70, 40
	inf := float32(math.Inf(1))
	for _, s := range []shape{{m: m, n: n, k: k}, {m: m, n: n, k: k, transB: true}, {m: m, n: n, k: k, transA: true}} {
		eachVariant(t, s.String(), func(t *testing.T) {
			p := newProduct(rand.New(rand.NewPCG(5, 6)), s, plain[float32])
			at := func(trans bool, i, j, rows, cols int) int {
				if trans {
					return j*rows + i
				}
				return i*cols + j
			}
			p.A[at(s.transA, 3, 7, m, k)] = float32(math.NaN())
			p.A[at(s.transA, 5, 8, m, k)] = 0
			p.B[at(s.transB, 8, 69, k, n)] = inf
			p.Run(nil)
			for i := range m {
				for j := range n {
					x := float64(p.C[i*n+j])
					nan, infinite := i == 3 || i == 5 && j == 69, j == 69 && i != 3 && i != 5
					if math.IsNaN(x) != nan || math.IsInf(x, 0) != infinite {
						t.Fatalf("C[%d,%d] = %v", i, j, x)
					}
				}
			}
		})
	}
}

// TestMatMulEpilogue: it sees every element once, finished.
func TestMatMulEpilogue(t *testing.T) {
	w := NewWorkers(3)
	defer w.Close()
	for _, s := range []shape{{m: 5, n: 3, k: 0}, {m: 300, n: 1, k: 200, bias: true}, {m: 64, n: 64, k: 64}, {m: 401, n: 97, k: 300, bias: true, accumulate: true}} {
		p := newProduct(rand.New(rand.NewPCG(7, 8)), s, plain[float32])
		eachVariant(t, s.String(), func(t *testing.T) {
			plain := p.MatMul
			plain.C = slices.Clone(p.C)
			plain.Run(w)
			fused := p.MatMul
			fused.C = slices.Clone(p.C)
			var mu sync.Mutex
			fused.Epilogue = func(i0, i1, j0, j1 int) {
				mu.Lock()
				defer mu.Unlock()
				for i := i0; i < i1; i++ {
					for j := j0; j < j1; j++ {
						fused.C[i*s.n+j] *= -2
					}
				}
			}
			fused.Run(w)
			for i, x := range plain.C {
				if fused.C[i] != -2*x {
					t.Fatalf("C[%d,%d] = %v, want %v", i/s.n, i%s.n, fused.C[i], -2*x)
				}
			}
		})
	}
}

// TestMatMulAllocs: nothing is allocated once the buffers are there.
func TestMatMulAllocs(t *testing.T) {
	w := NewWorkers(2)
	defer w.Close()
	for _, s := range []shape{{m: 64, n: 64, k: 64}, {m: 128, n: 256, k: 1024}, {m: 128, n: 256, k: 300, transB: true}} {
		p := newProduct(rand.New(rand.NewPCG(9, 10)), s, plain[float32])
		eachVariant(t, s.String(), func(t *testing.T) {
			if n := testing.AllocsPerRun(20, func() { p.Run(w) }); n != 0 {
				t.Errorf("%v allocations", n)
			}
		})
	}
}

// TestMatMulSizes: sizes that contradict each other are a bug of the caller.
func TestMatMulSizes(t *testing.T) {
	for _, p := range []MatMul[float32]{
		{M: 1, N: 1, K: 1},
		{M: 2, N: 3, K: 0, C: make([]float32, 5)},
		{M: -1, N: -1, K: 0, C: make([]float32, 1)},
		{M: 1, N: 2, K: 0, C: make([]float32, 2), Bias: make([]float32, 1)},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("no panic for %+v", p)
				}
			}()
			p.Run(nil)
		}()
	}
}

// TestMatMulIdle: the memory kept for later products does not grow with the number of products at a time.
func TestMatMulIdle(t *testing.T) {
	b := &backend[float32]{}
	for range 3 * maxIdle {
		b.put(&gemm[float32]{})
	}
	if len(b.idle.idle) != maxIdle {
		t.Errorf("%d are kept, want %d", len(b.idle.idle), maxIdle)
	}
}
