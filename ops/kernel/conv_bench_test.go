package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkConv2D measures the passes of a convolution of 32 filters of 3 x 3 on a batch of 128 images of 16 x 28 x 28.
func BenchmarkConv2D(b *testing.B) {
	s := ConvShape{Batch: 128, Channels: 16, Height: 28, Width: 28, Filters: 32, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}
	r := rand.New(rand.NewPCG(1, 2))
	random := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
		return x
	}
	images, weights, bias, grads := random(s.images()), random(s.weights()), random(s.Filters), random(s.outputs())
	out, in, dw := random(s.outputs()), random(s.images()), random(s.weights())
	for _, direct := range []bool{false, true} {
		c := &Conv2D[float32]{ConvShape: s, Direct: direct}
		for threads := 1; threads <= 2; threads++ {
			w := NewWorkers(threads)
			for _, pass := range []struct {
				name string
				f    func()
			}{
				{"Forward", func() { c.Forward(w, out, images, weights, bias) }},
				{"GradInput", func() { c.GradInput(w, in, grads, weights) }},
				{"GradWeights", func() { c.GradWeights(w, dw, images, grads) }},
			} {
				b.Run(fmt.Sprintf("direct=%v/threads=%d/%s", direct, threads, pass.name), func(b *testing.B) {
					for b.Loop() {
						pass.f()
					}
				})
			}
			w.Close()
		}
	}
}
