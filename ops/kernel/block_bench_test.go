package kernel_test

import (
	"fmt"
	"testing"

	"github.com/selfnorm/selfnorm/ops/kernel"
)

// A dense layer of SELU units, with the activation in the epilogue of its product and as a pass of its own.
func BenchmarkDenseSELU(b *testing.B) {
	for _, size := range []struct{ rows, units int }{{64, 64}, {128, 256}, {128, 1024}, {1024, 1024}} {
		x, w, bias := make([]float32, size.rows*size.units), make([]float32, size.units*size.units), make([]float32, size.units)
		z, y := make([]float32, len(x)), make([]float32, len(x))
		for i := range x {
			x[i] = float32(i%7) - 3
		}
		for i := range w {
			w[i] = float32(i%5) - 2
		}
		p := kernel.MatMul[float32]{M: size.rows, N: size.units, K: size.units, A: x, B: w, C: z}
		fused := p
		fused.Epilogue = func(i0, i1, j0, j1 int) { kernel.BiasSELU(z, bias, size.units, i0, i1, j0, j1) }
		p.Bias = bias
		b.Run(fmt.Sprintf("rows=%d/units=%d/fused", size.rows, size.units), func(b *testing.B) {
			for b.Loop() {
				fused.Run(kernel.Shared())
			}
		})
		b.Run(fmt.Sprintf("rows=%d/units=%d/separate", size.rows, size.units), func(b *testing.B) {
			for b.Loop() {
				p.Run(kernel.Shared())
				kernel.SELU(kernel.Shared(), y, z)
			}
		})
	}
}
