package kernel

// AvgPool sets dst to the mean of each window of x. Padding counts as zeros.
func AvgPool[T Float](w *Workers, dst, x []T, s PoolShape) {
	s.check(len(x), len(dst))
	if n := s.parts(w); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := cut(i, n, s.Planes, 1)
			avgPool(dst, x, s, lo, hi)
		})
		return
	}
	avgPool(dst, x, s, 0, s.Planes)
}

// avgPool is AvgPool for images lo to hi.
func avgPool[T Float](dst, x []T, s PoolShape, lo, hi int) {
	height, width := s.Output()
	share := 1 / T(s.Size*s.Size)
	for p := lo; p < hi; p++ {
		out, in := outputOf(&s, dst, p), imageOf(&s, x, p)
		for o := range height * width {
			y0, y1 := s.window(o/width, s.Height)
			x0, x1 := s.window(o%width, s.Width)
			sum := T(0)
			for i := y0; i < y1; i++ {
				for _, v := range in[i*s.Width+x0 : i*s.Width+x1] {
					sum += v
				}
			}
			out[o] = sum * share
		}
	}
}

// AvgPoolGrad sets dst to the gradient of AvgPool, given that of its outputs: each is divided among its window.
func AvgPoolGrad[T Float](w *Workers, dst, grad []T, s PoolShape) {
	s.check(len(dst), len(grad))
	if n := s.parts(w); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := cut(i, n, s.Planes, 1)
			avgPoolGrad(dst, grad, s, lo, hi)
		})
		return
	}
	avgPoolGrad(dst, grad, s, 0, s.Planes)
}

// avgPoolGrad is AvgPoolGrad for images lo to hi.
func avgPoolGrad[T Float](dst, grad []T, s PoolShape, lo, hi int) {
	_, width := s.Output()
	share := 1 / T(s.Size*s.Size)
	for p := lo; p < hi; p++ {
		out := imageOf(&s, dst, p)
		clear(out)
		for o, g := range outputOf(&s, grad, p) {
			y0, y1 := s.window(o/width, s.Height)
			x0, x1 := s.window(o%width, s.Width)
			g *= share
			for i := y0; i < y1; i++ {
				row := out[i*s.Width+x0 : i*s.Width+x1]
				for j := range row {
					row[j] += g
				}
			}
		}
	}
}
