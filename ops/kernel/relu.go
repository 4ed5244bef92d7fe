package kernel

// ReLU sets dst to max(x, 0). NaN stays NaN.
func ReLU[T Float](w *Workers, dst, x []T) {
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
	dst = dst[:len(x)]
	for i, v := range x {
		if v < 0 {
			v = 0
		}
		dst[i] = v
	}
}

// ReLUGrad sets dst to g where the output y of ReLU is positive, to 0 where it is 0, and to NaN where it is NaN.
func ReLUGrad[T Float](w *Workers, dst, g, y []T) {
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
	dst, g = dst[:len(y)], g[:len(y)]
	for i, v := range y {
		switch {
		case v > 0:
			dst[i] = g[i]
		case v == 0:
			dst[i] = 0
		default:
			dst[i] = v
		}
	}
}
