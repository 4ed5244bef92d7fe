package kernel

import "fmt"

// BiasSELU adds bias to the rows of a block of c and applies SELU, in place. Use it in [MatMul].Epilogue.
//
// The block consists of rows i0 <= i < i1 and columns j0 <= j < j1 of a row-major matrix with n columns. bias has n elements, or is nil for
// none. The result is the same however the matrix is divided into blocks.
func BiasSELU[T Float](c, bias []T, n, i0, i1, j0, j1 int) {
	if !checkBlock(len(c), len(bias), n, i0, i1, j0, j1) {
		return
	}
	switch v, first := vectorized[T](), i0*n+j0; {
	case v == nil:
		for i := i0; i < i1; i++ {
			row := biased(c[i*n:], bias, j0, j1)
			seluLoop(row, row, nil, nil)
		}
	case bias == nil:
		v.seluBlock(i1-i0, j1-j0, n, f32(c[first:]))
	default:
		v.biasSeluBlock(i1-i0, j1-j0, n, f32(c[first:]), f32(bias[j0:]))
	}
}

// BiasReLU is BiasSELU with ReLU.
func BiasReLU[T Float](c, bias []T, n, i0, i1, j0, j1 int) {
	if !checkBlock(len(c), len(bias), n, i0, i1, j0, j1) {
		return
	}
	switch v, first := vectorized[T](), i0*n+j0; {
	case v == nil:
		for i := i0; i < i1; i++ {
			row := biased(c[i*n:], bias, j0, j1)
			reluLoop(row, row, nil, nil)
		}
	case bias == nil:
		v.reluBlock(i1-i0, j1-j0, n, f32(c[first:]))
	default:
		v.biasReluBlock(i1-i0, j1-j0, n, f32(c[first:]), f32(bias[j0:]))
	}
}

// biased adds the bias to columns j0 to j1 of a row, and returns them.
func biased[T Float](row, bias []T, j0, j1 int) []T {
	row = row[j0:j1]
	if bias != nil {
		for j, b := range bias[j0:j1] {
			row[j] += b
		}
	}
	return row
}

// checkBlock panics unless the block lies within the matrix, and reports whether the block has any elements.
func checkBlock(size, biases, n, i0, i1, j0, j1 int) bool {
	if i0 < 0 || i0 > i1 || i1*n > size || j0 < 0 || j0 > j1 || j1 > n || biases > 0 && biases != n {
		panic(fmt.Sprintf("kernel: block of rows %d to %d, columns %d to %d of %d, with %d elements and %d of the bias",
			i0, i1, j0, j1, n, size, biases))
	}
	return i0 < i1 && j0 < j1
}
