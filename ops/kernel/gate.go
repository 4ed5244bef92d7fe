package kernel

var gate = pointwise{
	vector: func(e *elements, dst, t, h, x []float32) { e.gate(dst, t, h, x) },
	single: gateOf[float32],
	double: gateOf[float64],
}

// Gate sets dst to t h + (1 - t) x, the output of a highway layer (Srivastava et al. 2015, Eq. 3).
func Gate[T Float](w *Workers, dst, t, h, x []T) {
	check(len(t), dst, h, x)
	runPointwise(w, &gate, dst, t, h, x)
}

func gateOf[T Float](dst, t, h, x []T) {
	dst, h, x = dst[:len(t)], h[:len(t)], x[:len(t)]
	for i, v := range t {
		dst[i] = T(v*h[i]) + T((1-v)*x[i])
	}
}

var gateGradT = pointwise{
	vector: func(e *elements, dst, g, h, x []float32) { e.gateGradT(dst, g, h, x) },
	single: gateGradTOf[float32],
	double: gateGradTOf[float64],
}

// GateGradT sets dst to the gradient of the gate t: g (h - x).
func GateGradT[T Float](w *Workers, dst, g, h, x []T) {
	check(len(g), dst, h, x)
	runPointwise(w, &gateGradT, dst, g, h, x)
}

func gateGradTOf[T Float](dst, g, h, x []T) {
	dst, h, x = dst[:len(g)], h[:len(g)], x[:len(g)]
	for i, v := range g {
		dst[i] = v * (h[i] - x[i])
	}
}

var gateGradX = pointwise{
	vector: func(e *elements, dst, g, t, _ []float32) { e.gateGradX(dst, g, t) },
	single: gateGradXOf[float32],
	double: gateGradXOf[float64],
}

// GateGradX sets dst to the gradient of x: g (1 - t). That of h is their product; see [Multiply].
func GateGradX[T Float](w *Workers, dst, g, t []T) {
	check(len(g), dst, t)
	runPointwise(w, &gateGradX, dst, g, t, nil)
}

func gateGradXOf[T Float](dst, g, t, _ []T) {
	dst, t = dst[:len(g)], t[:len(g)]
	for i, v := range g {
		dst[i] = v * (1 - t[i])
	}
}
