package kernel

var leakyReluValue = parametric{
	vector: func(e *elements, dst, x, _ []float32, a, _ float32) { e.leakyRelu(dst, x, a) },
	single: leakyReluLoop[float32],
	double: leakyReluLoop[float64],
}

// LeakyReLU sets dst to x for x > 0 and slope x for x <= 0 (Maas et al. 2013). NaN stays NaN.
func LeakyReLU[T Float](w *Workers, dst, x []T, slope float64) {
	check(len(x), dst)
	runParametric(w, &leakyReluValue, dst, x, nil, slope, 0)
}

func leakyReluLoop[T Float](dst, x, _ []T, slope, _ float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		if !(v > 0) {
			v *= T(slope)
		}
		dst[i] = v
	}
}

var leakyReluSlope = parametric{
	vector: func(e *elements, dst, g, x []float32, a, _ float32) { e.leakyReluGrad(dst, g, x, a) },
	single: leakyReluGradLoop[float32],
	double: leakyReluGradLoop[float64],
}

// LeakyReLUGrad sets dst to g where x > 0, to slope g where x <= 0, and to NaN where x is NaN.
func LeakyReLUGrad[T Float](w *Workers, dst, g, x []T, slope float64) {
	check(len(x), dst, g)
	runParametric(w, &leakyReluSlope, dst, g, x, slope, 0)
}

func leakyReluGradLoop[T Float](dst, g, x []T, slope, _ float64) {
	dst, g = dst[:len(x)], g[:len(x)]
	for i, v := range x {
		dst[i] = leak(v, g[i], T(slope))
	}
}

// leak is g for x > 0, slope g for x <= 0, and NaN for NaN.
func leak[T Float](x, g, slope T) T {
	switch {
	case x != x:
		return x
	case x > 0:
		return g
	}
	return slope * g
}
