package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkRows measures updates of 1,024 rows of tables of two sizes: they should take about as long.
func BenchmarkRows(b *testing.B) {
	const width, batch = 32, 1024
	for _, categories := range []int{100_000, 1_000_000} {
		n := categories * width
		p, g, m, v := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
		for i := range n {
			p[i], g[i], m[i], v[i] = 1, 1, 1, 1
		}
		out := make([]float32, batch*width)
		r := rand.New(rand.NewPCG(1, 1))
		batches := make([][]int, 256)
		for i := range batches {
			for range batch {
				batches[i] = append(batches[i], r.IntN(categories))
			}
		}
		a := Adam{Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, T: 3}
		for name, run := range map[string]func(rows []int){
			"gather": func(rows []int) { GatherRows(nil, out, p, rows, width) },
			"sgd":    func(rows []int) { SGDRows(SGD{Rate: 1e-3}, nil, p, g, rows, width) },
			"adam":   func(rows []int) { AdamRows(a, nil, p, g, m, v, rows, width) },
		} {
			b.Run(fmt.Sprintf("%s/%d", name, categories), func(b *testing.B) {
				for i := range b.N {
					run(batches[i%len(batches)])
				}
			})
		}
	}
}
