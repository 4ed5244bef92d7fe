package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// product is one product and what it must be.
type product[T Float] struct {
	MatMul[T]
	want, scale []float64 // scale bounds the rounding: the sum of the magnitudes
}

// randomProduct fills a product of the given shape and multiplies in float64, plainly.
func randomProduct[T Float](r *rand.Rand, m, n, k int, transA, transB, accumulate, bias bool) *product[T] {
	p := &product[T]{MatMul: MatMul[T]{M: m, N: n, K: k, TransA: transA, TransB: transB, Accumulate: accumulate}}
	fill := func(size int) []T {
		x := make([]T, size)
		for i := range x {
			x[i] = T(r.NormFloat64())
		}
		return x
	}
	p.A, p.B, p.C = fill(m*k), fill(k*n), fill(m*n)
	if bias {
		p.Bias = fill(n)
	}
	p.want, p.scale = make([]float64, m*n), make([]float64, m*n)
	for i := range m {
		for j := range n {
			at := i*n + j
			add := func(x float64) { p.want[at] += x; p.scale[at] += math.Abs(x) }
			if accumulate {
				add(float64(p.C[at]))
			}
			if bias {
				add(float64(p.Bias[j]))
			}
			for q := range k {
				b := q*n + j
				if transB {
					b = j*k + q
				}
				a := i*k + q
				if transA {
					a = q*m + i
				}
				add(float64(p.A[a]) * float64(p.B[b]))
			}
		}
	}
	return p
}

// check compares C with the slow product: the error of a sum of k terms is at most k*eps times the sum of
// the magnitudes, and the slow product may be as far off.
func (p *product[T]) check(t *testing.T) {
	t.Helper()
	eps := 0x1p-53
	if _, single := any(T(0)).(float32); single {
		eps = 0x1p-24
	}
	for i, want := range p.want {
		if bound := 2 * float64(p.K+2) * eps * p.scale[i]; !(math.Abs(float64(p.C[i])-want) <= bound) {
			t.Fatalf("C[%d,%d] = %v, want %v +- %v", i/p.N, i%p.N, p.C[i], want, bound)
		}
	}
}

func TestMatMul(t *testing.T) {
	t.Run("float32", testMatMul[float32])
	t.Run("float64", testMatMul[float64])
}

func testMatMul[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sizes := []int{0, 1, 2, 7, 12, 33}
	for variant := range 16 {
		for _, m := range sizes {
			for _, n := range sizes {
				for _, k := range sizes {
					p := randomProduct[T](r, m, n, k, variant&1 != 0, variant&2 != 0, variant&4 != 0, variant&8 != 0)
					t.Run(fmt.Sprintf("%dx%dx%d/%04b", m, n, k, variant), func(t *testing.T) {
						p.Run(nil)
						p.check(t)
					})
				}
			}
		}
	}
}
