package kernel

// MaxPool sets dst to the largest element of each window of x. Padding is never the largest; a NaN always is.
func MaxPool[T Float](w *Workers, dst, x []T, s PoolShape) {
	s.check(len(x), len(dst))
	if n := s.parts(w); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := cut(i, n, s.Planes, 1)
			maxPool(dst, x, s, lo, hi)
		})
		return
	}
	maxPool(dst, x, s, 0, s.Planes)
}

// maxPool is MaxPool for images lo to hi.
func maxPool[T Float](dst, x []T, s PoolShape, lo, hi int) {
	height, width := s.Output()
	for p := lo; p < hi; p++ {
		out, in := outputOf(&s, dst, p), imageOf(&s, x, p)
		for i := range height {
			row := out[i*width:][:width]
			if s.halves() {
				maxPairs(row, in[2*i*s.Width:], s.Width)
				continue
			}
			for j := range row {
				row[j] = in[largest(&s, in, i, j)]
			}
		}
	}
}

// halves reports whether the windows are the most usual ones: 2 x 2, side by side.
func (s PoolShape) halves() bool { return s.Size == 2 && s.Stride == 2 && s.Padding == 0 }

// maxPairs is one row of outputs of windows of 2 x 2. The rows of images are width elements long.
func maxPairs[T Float](dst, x []T, width int) {
	above, below := x[:width], x[width:2*width]
	for i := range dst {
		a, b := above[2*i:][:2], below[2*i:][:2]
		dst[i] = max(a[0], a[1], b[0], b[1])
	}
}

// largest returns the index of the largest element of a window, as PyTorch chooses it: the first of equal ones, the last NaN.
func largest[T Float](s *PoolShape, in []T, y, x int) int {
	y0, y1 := s.window(y, s.Height)
	x0, x1 := s.window(x, s.Width)
	at := y0*s.Width + x0
	for i := y0; i < y1; i++ {
		for j, v := range in[i*s.Width+x0 : i*s.Width+x1] {
			if v > in[at] || v != v {
				at = i*s.Width + x0 + j
			}
		}
	}
	return at
}

// MaxPoolGrad sets dst to the gradient of MaxPool at x, given that of its outputs: each goes to the element that was chosen.
func MaxPoolGrad[T Float](w *Workers, dst, grad, x []T, s PoolShape) {
	s.check(len(x), len(grad))
	check(len(x), dst)
	if n := s.parts(w); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := cut(i, n, s.Planes, 1)
			maxPoolGrad(dst, grad, x, s, lo, hi)
		})
		return
	}
	maxPoolGrad(dst, grad, x, s, 0, s.Planes)
}

// maxPoolGrad is MaxPoolGrad for images lo to hi.
func maxPoolGrad[T Float](dst, grad, x []T, s PoolShape, lo, hi int) {
	height, width := s.Output()
	for p := lo; p < hi; p++ {
		out, in, g := imageOf(&s, dst, p), imageOf(&s, x, p), outputOf(&s, grad, p)
		clear(out)
		for i := range height {
			row := g[i*width:][:width]
			if s.halves() {
				maxPairsGrad(out[2*i*s.Width:], row, in[2*i*s.Width:], s.Width)
				continue
			}
			for j, v := range row {
				out[largest(&s, in, i, j)] += v
			}
		}
	}
}

// maxPairsGrad is one row of outputs of windows of 2 x 2. It has no branches that depend on numbers, because the processor could not predict
// them.
func maxPairsGrad[T Float](dst, grad, x []T, width int) {
	above, below := x[:width], x[width:2*width]
	for i, g := range grad {
		a, b := above[2*i:][:2], below[2*i:][:2]
		m := max(a[0], a[1], b[0], b[1])
		at := width + 1
		if b[0] == m {
			at = width
		}
		if a[1] == m {
			at = 1
		}
		if a[0] == m {
			at = 0
		}
		if m != m {
			at = lastNaN(a[1], b[0], b[1], width)
		}
		dst[2*i+at] = g
	}
}

// lastNaN returns the offset of the last NaN of a window of 2 x 2 that has one.
func lastNaN[T Float](right, left2, right2 T, width int) int {
	switch {
	case right2 != right2:
		return width + 1
	case left2 != left2:
		return width
	case right != right:
		return 1
	}
	return 0
}
