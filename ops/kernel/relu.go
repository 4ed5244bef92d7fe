package kernel

var relu = pointwise{
	vector: func(e *elements, dst, x, _, _ []float32) { e.relu(dst, x) },
	single: reluLoop[float32],
	double: reluLoop[float64],
}

// ReLU sets dst to max(x, 0). NaN stays NaN.
func ReLU[T Float](w *Workers, dst, x []T) {
	check(len(x), dst)
	runPointwise(w, &relu, dst, x, nil, nil)
}

func reluLoop[T Float](dst, x, _, _ []T) {
	dst = dst[:len(x)]
	for i, v := range x {
		if v < 0 {
			v = 0
		}
		dst[i] = v
	}
}

var reluGrad = pointwise{
	vector: func(e *elements, dst, g, y, _ []float32) { e.reluGrad(dst, g, y) },
	single: reluGradLoop[float32],
	double: reluGradLoop[float64],
}

// ReLUGrad sets dst to g where the output y of ReLU is positive, and to y elsewhere, which is 0 or NaN.
func ReLUGrad[T Float](w *Workers, dst, g, y []T) {
	check(len(y), dst, g)
	runPointwise(w, &reluGrad, dst, g, y, nil)
}

func reluGradLoop[T Float](dst, g, y, _ []T) {
	dst, g = dst[:len(y)], g[:len(y)]
	for i, v := range y {
		if v > 0 {
			v = g[i]
		}
		dst[i] = v
	}
}
