package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// benchShapes are the products of a network of 8 layers, as in the comparison with OpenBLAS.
var benchShapes = []struct {
	op      string
	m, n, k int
}{
	{"NN", 128, 1024, 1024}, {"NT", 128, 1024, 1024}, {"TN", 1024, 1024, 128},
	{"NN", 128, 256, 256}, {"NT", 128, 256, 256}, {"TN", 256, 256, 128},
	{"NN", 64, 64, 64}, {"NN", 128, 1024, 1644}, {"TN", 1644, 1024, 128},
	{"NN", 128, 12, 1024}, {"NT", 128, 1024, 12}, {"NN", 1024, 1024, 1024},
}

func BenchmarkMatMul(b *testing.B) {
	for _, threads := range []int{1, 2} {
		for _, s := range benchShapes {
			b.Run(fmt.Sprintf("%s/%dx%dx%d/threads=%d", s.op, s.m, s.n, s.k, threads), func(b *testing.B) {
				benchmarkMatMul[float32](b, threads, s.op, s.m, s.n, s.k)
			})
		}
	}
}

func benchmarkMatMul[T Float](b *testing.B, threads int, op string, m, n, k int) {
	w := NewWorkers(threads)
	defer w.Close()
	r := rand.New(rand.NewPCG(1, 2))
	fill := func(size int) []T {
		x := make([]T, size)
		for i := range x {
			x[i] = T(r.Float64() - .5)
		}
		return x
	}
	p := &MatMul[T]{M: m, N: n, K: k, TransA: op[0] == 'T', TransB: op[1] == 'T', A: fill(m * k), B: fill(k * n), C: fill(m * n)}
	b.ReportAllocs()
	for b.Loop() {
		p.Run(w)
	}
	b.ReportMetric(2*float64(m)*float64(n)*float64(k)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
}
