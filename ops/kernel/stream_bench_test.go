package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkFewRows multiplies few rows with 8 matrices of 1,024 x 1,024, 33 MB, one after the other, as a prediction does.
func BenchmarkFewRows(b *testing.B) {
	const layers, units = 8, 1024
	r := rand.New(rand.NewPCG(1, 2))
	weights := make([][]float32, layers)
	for l := range weights {
		weights[l] = make([]float32, units*units)
		for i := range weights[l] {
			weights[l][i] = r.Float32() - .5
		}
	}
	for _, threads := range []int{1, 2} {
		w := NewWorkers(threads)
		defer w.Close()
		for _, rows := range []int{1, 2, 3, 4, 6, 8, 12, 16, 24, 32} {
			x, y := make([]float32, rows*units), make([]float32, rows*units)
			for i := range x {
				x[i] = r.Float32() - .5
			}
			b.Run(fmt.Sprintf("rows=%d/threads=%d", rows, threads), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for _, m := range weights {
						(&MatMul[float32]{M: rows, N: units, K: units, A: x, B: m, C: y}).Run(w)
					}
				}
				b.ReportMetric(4*layers*units*units*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GB/s")
			})
		}
	}
}
