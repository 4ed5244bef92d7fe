package kernel

var preluColumns = columnwise{
	vector: func(e *elements, rows, cols int, dst, x, slope, _ []float32) {
		e.prelu(rows, cols, cols, dst, x, slope)
	},
	single: preluRow[float32],
	double: preluRow[float64],
}

// PReLU sets dst to x for x > 0 and to slope x for x <= 0, with a slope per column (He et al. 2015, Eq. 1). x is a row-major matrix of len(slope)
// columns. NaN stays NaN.
func PReLU[T Float](w *Workers, dst, x, slope []T) {
	runColumnwise(w, &preluColumns, dst, x, slope, nil)
}

func preluRow[T Float](dst, x, slope, _ []T) {
	for j, v := range x {
		if !(v > 0) {
			v *= slope[j]
		}
		dst[j] = v
	}
}

var preluGradColumns = columnwise{
	vector: func(e *elements, rows, cols int, dst, x, slope, g []float32) {
		e.preluGrad(rows, cols, cols, dst, g, x, slope)
	},
	single: preluGradRow[float32],
	double: preluGradRow[float64],
}

// PReLUGrad sets dst to the gradient of x: g where x > 0, slope g where x <= 0, and NaN where x is NaN.
func PReLUGrad[T Float](w *Workers, dst, g, x, slope []T) {
	runColumnwise(w, &preluGradColumns, dst, x, slope, g)
}

func preluGradRow[T Float](dst, x, slope, g []T) {
	for j, v := range x {
		dst[j] = leak(v, g[j], slope[j])
	}
}

var preluSums = columnSum{
	vector: func(e *elements, rows, cols, stride int, dst, g, x []float32) {
		e.preluGradSlope(rows, cols, stride, dst, g, x)
	},
	single: preluTerm[float32],
	double: preluTerm[float64],
}

// PReLUGradSlope sets dst, one element per column, to the gradient of the slopes: the sums over the rows of g x where x <= 0. g and x have len(dst)
// columns.
func PReLUGradSlope[T Float](w *Workers, dst, g, x []T) { sumColumnwise(w, &preluSums, dst, g, x) }

func preluTerm[T Float](g, x T) T {
	if x > 0 {
		x = 0
	}
	return T(g * x)
}
