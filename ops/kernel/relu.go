package kernel

// ReLU sets dst to max(x, 0). NaN stays NaN.
func ReLU[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	if n := parts(w, len(x)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(x))
			relu(dst[lo:hi], x[lo:hi])
		})
		return
	}
	relu(dst, x)
}

func relu[T Float](dst, x []T) {
	if v := vectorized[T](); v != nil {
		v.relu(f32(dst), f32(x))
		return
	}
	dst = dst[:len(x)]
	for i, v := range x {
		if v < 0 {
			v = 0
		}
		dst[i] = v
	}
}

// ReLUGrad sets dst to g where the output y of ReLU is positive, and to y elsewhere, which is 0 or NaN.
func ReLUGrad[T Float](w *Workers, dst, g, y []T) {
	check(len(y), dst, g)
	if n := parts(w, len(y)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(y))
			reluGrad(dst[lo:hi], g[lo:hi], y[lo:hi])
		})
		return
	}
	reluGrad(dst, g, y)
}

func reluGrad[T Float](dst, g, y []T) {
	if v := vectorized[T](); v != nil {
		v.reluGrad(f32(dst), f32(g), f32(y))
		return
	}
	dst, g = dst[:len(y)], g[:len(y)]
	for i, v := range y {
		if v > 0 {
			v = g[i]
		}
		dst[i] = v
	}
}
