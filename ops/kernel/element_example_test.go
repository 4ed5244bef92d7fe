package kernel_test

import (
	"fmt"

	"github.com/selfnorm/selfnorm/ops/kernel"
)

// A layer is a matrix product whose epilogue adds the bias and applies the activation, block by block.
func ExampleBiasSELU() {
	x := []float32{1, 2}  // 1 x 2
	weights := []float32{ // 2 x 3
		1, 0, -1,
		0, 1, -1,
	}
	bias := []float32{0.5, -2, 0}
	y := make([]float32, 3)
	layer := kernel.MatMul[float32]{
		M: 1, K: 2, N: 3, A: x, B: weights, C: y,
		Epilogue: func(i0, i1, j0, j1 int) { kernel.BiasSELU(y, bias, 3, i0, i1, j0, j1) },
	}
	layer.Run(kernel.Shared())
	fmt.Printf("%.4f\n", y)
	// Output: [1.5761 0.0000 -1.6706]
}

// The same seed, stream and step give the same mask again, which is how a backward pass finds it.
func ExampleDrop() {
	noise := kernel.Philox{Seed: 1, Stream: 0, Step: 0}
	dropout := kernel.Dropping{Rate: 0.5, Scale: 2}
	x, y, grad := []float32{1, 2, 3, 4, 5, 6}, make([]float32, 6), make([]float32, 6)
	kernel.Drop(nil, y, x, dropout, noise)
	kernel.DropGrad(nil, grad, []float32{1, 1, 1, 1, 1, 1}, dropout, noise)
	fmt.Println(y)
	fmt.Println(grad)
	// Output:
	// [2 4 0 8 0 0]
	// [2 2 0 2 0 0]
}
