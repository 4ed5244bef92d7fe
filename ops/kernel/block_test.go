package kernel

import "testing"

// TestBlocks: an activation by blocks is the activation of the sum of matrix and bias, whatever the blocks are, and
// nothing outside a block changes.
func TestBlocks(t *testing.T) {
	const rows, cols = 7, 53
	kernels := map[string]struct {
		block func(c, bias []float32, n, i0, i1, j0, j1 int)
		whole func(w *Workers, dst, x []float32)
	}{"SELU": {BiasSELU[float32], SELU[float32]}, "ReLU": {BiasReLU[float32], ReLU[float32]}}
	eachVariant(t, "blocks", func(t *testing.T) {
		o := newOperands[float32](rows, cols, true)
		for name, k := range kernels {
			for _, bias := range [][]float32{nil, o.beta} {
				want := make([]float32, rows*cols)
				for i, v := range o.x {
					if bias != nil {
						v += bias[i%cols]
					}
					want[i] = v
				}
				sum := append([]float32(nil), want...)
				k.whole(nil, want, want)
				for _, cuts := range [][2][]int{{{0, rows}, {0, cols}}, {{0, 3, 3, rows}, {0, 1, 16, 33, cols}}, {{0, 1, rows}, {0, 8, 8, 40, cols}}} {
					got := append([]float32(nil), o.x...)
					for a := 1; a < len(cuts[0]); a++ {
						for b := 1; b < len(cuts[1]); b++ {
							k.block(got, bias, cols, cuts[0][a-1], cuts[0][a], cuts[1][b-1], cuts[1][b])
						}
					}
					for i := range got {
						if ulps(got[i], want[i]) > 0 {
							t.Fatalf("%s of %g by blocks %v is %g, want %g", name, sum[i], cuts, got[i], want[i])
						}
					}
				}
			}
			got := append([]float32(nil), o.x...)
			k.block(got, nil, cols, 2, 4, 5, 30)
			for i := range got {
				inside := i/cols >= 2 && i/cols < 4 && i%cols >= 5 && i%cols < 30
				if !inside && ulps(got[i], o.x[i]) > 0 {
					t.Errorf("%s wrote outside of its block, at row %d, column %d", name, i/cols, i%cols)
				}
			}
		}
	})
}

// TestBlockEpilogue runs the activation as the epilogue of a matrix product.
func TestBlockEpilogue(t *testing.T) {
	const m, n, k = 37, 70, 20
	w := NewWorkers(3)
	defer w.Close()
	eachVariant(t, "epilogue", func(t *testing.T) {
		a, b := newOperands[float32](m, k, false).x, newOperands[float32](k, n, false)
		want, got := make([]float32, m*n), make([]float32, m*n)
		p := MatMul[float32]{M: m, N: n, K: k, A: a, B: b.x, C: want, Bias: b.beta}
		p.Run(nil)
		SELU(nil, want, want)
		p.C, p.Epilogue = got, func(i0, i1, j0, j1 int) { BiasSELU(got, nil, n, i0, i1, j0, j1) }
		p.Run(w)
		for i := range got {
			if ulps(got[i], want[i]) > 0 {
				t.Fatalf("element %d is %g, want %g", i, got[i], want[i])
			}
		}
	})
}
