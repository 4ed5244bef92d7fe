package kernel_test

import (
	"fmt"

	"github.com/selfnorm/selfnorm/ops/kernel"
)

// A dense layer: two rows of three inputs, two units, ReLU.
func ExampleMatMul() {
	p := kernel.MatMul[float32]{
		M: 2, N: 2, K: 3,
		A:    []float32{1, 2, 3, 4, 5, 6},
		B:    []float32{1, 0, 0, 1, 1, -1},
		C:    make([]float32, 4),
		Bias: []float32{10, 0.5},
	}
	p.Epilogue = func(i0, i1, j0, j1 int) {
		for i := i0; i < i1; i++ {
			row := p.C[i*p.N+j0 : i*p.N+j1]
			kernel.ReLU(nil, row, row)
		}
	}
	p.Run(kernel.Shared())
	fmt.Println(p.C)
	// Output: [14 0 20 0]
}
