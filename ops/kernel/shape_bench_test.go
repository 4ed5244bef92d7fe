package kernel

import "testing"

// BenchmarkShape measures the ops that move, join and add elements on a float32 matrix of 1024 x 1024.
func BenchmarkShape(b *testing.B) {
	const n = 1024
	x, y, row, out := make([]float32, n*n), make([]float32, n*n), make([]float32, n), make([]float32, n*n)
	for i := range x {
		x[i], y[i], row[i%n] = float32(i%7), 1+float32(i%5), 2
	}
	square := []int{n, n}
	w := Shared()
	full, rows, cols := NewBroadcast[float32](Sum, square, square), NewBroadcast[float32](Product, square, []int{n}), NewBroadcast[float32](Quotient, square, []int{n, 1})
	both, first, last := NewSumAxes[float32](square, []bool{true, true}), NewSumAxes[float32](square, []bool{true, false}), NewSumAxes[float32](square, []bool{false, true})
	repeat, transpose := NewRepeat[float32](square, []bool{true, false}), NewTranspose[float32](square, []int{1, 0})
	channels := NewTranspose[float32]([]int{64, 16, 1024}, []int{0, 2, 1})
	blocks := &Blocks[float32]{Count: n, Size: n / 2, From: 3, FromStep: n, ToStep: n / 2}
	softmax := NewRows(n, func(dst, x, _ []float32) { Softmax(dst, x) })
	for _, c := range []struct {
		name string
		run  func()
	}{
		{"copy", func() { copy(out, x) }},
		{"add", func() { full.Run(w, out, x, y) }},
		{"multiply by a row", func() { rows.Run(w, out, x, row) }},
		{"divide by a column", func() { cols.Run(w, out, x, row) }},
		{"sum", func() { both.Run(w, out[:1], x, 1) }},
		{"sum over rows", func() { first.Run(w, out[:n], x, 1) }},
		{"sum over columns", func() { last.Run(w, out[:n], x, 1) }},
		{"repeat", func() { repeat.Run(w, out, row, 0.5) }},
		{"transpose", func() { transpose.Run(w, out, x) }},
		{"transpose channels", func() { channels.Run(w, out, x) }},
		{"slice", func() { blocks.Run(w, out[:n*n/2], x) }},
		{"softmax", func() { softmax.Run(w, out, x, nil) }},
		{"sqrt", func() { Sqrt(w, out, x) }},
		{"exp", func() { Exp(w, out, y) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(4 * n * n)
			for range b.N {
				c.run()
			}
		})
	}
}
