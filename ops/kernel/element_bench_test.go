package kernel

import (
	"fmt"
	"testing"
)

// BenchmarkElement measures all element kernels on matrices of 1024 columns.
func BenchmarkElement(b *testing.B) {
	const cols = 1024
	for _, c := range elementCases[float32]() {
		for _, rows := range []int{4, 128, 4096} {
			for _, threads := range []int{1, 2} {
				b.Run(fmt.Sprintf("%s/%d/threads=%d", c.name, rows*cols, threads), func(b *testing.B) {
					benchmarkElement(b, c, rows, cols, threads)
				})
			}
		}
	}
}

// BenchmarkLoss measures the losses on the logits of small tasks.
func BenchmarkLoss(b *testing.B) {
	for _, c := range elementCases[float32]() {
		switch c.name {
		case "BCE", "BCEGrad", "CrossEntropy", "CrossEntropyGrad", "SquaredError", "ScaledDifference":
			b.Run(c.name+"/128x12", func(b *testing.B) { benchmarkElement(b, c, 128, 12, 1) })
		}
	}
}

func benchmarkElement(b *testing.B, c elementCase[float32], rows, cols, threads int) {
	w := NewWorkers(threads)
	defer w.Close()
	o := newOperands[float32](rows, cols, false)
	c.run(w, o) // the memory is there before the clock runs
	b.SetBytes(int64(rows * cols * c.bytes))
	b.ReportAllocs()
	for b.Loop() {
		o.results = o.results[:0]
		c.run(w, o)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows*cols), "ns/elem")
}
