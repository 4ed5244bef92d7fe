package kernel

var parametricSELUColumns = columnwise{
	vector: func(e *elements, rows, cols int, dst, x, w, _ []float32) {
		e.parametricSelu(rows, cols, cols, dst, x, w)
	},
	single: parametricSELURow[float32],
	double: parametricSELURow[float64],
}

// ParametricSELU sets dst to x + (selu(x) - x) weight, with a weight per column: 0 is the identity, 1 is SELU. x is a row-major matrix of len(weight)
// columns. NaN stays NaN.
func ParametricSELU[T Float](w *Workers, dst, x, weight []T) {
	runColumnwise(w, &parametricSELUColumns, dst, x, weight, nil)
}

func parametricSELURow[T Float](dst, x, weight, _ []T) {
	for j, v := range x {
		dst[j] = v + T((seluOf(v)-v)*weight[j])
	}
}

var parametricSELUGradColumns = columnwise{
	vector: func(e *elements, rows, cols int, dst, x, w, g []float32) {
		e.parametricSeluGrad(rows, cols, cols, dst, g, x, w)
	},
	single: parametricSELUGradRow[float32],
	double: parametricSELUGradRow[float64],
}

// ParametricSELUGrad sets dst to the gradient of x: g (1 + (selu'(x) - 1) weight).
func ParametricSELUGrad[T Float](w *Workers, dst, g, x, weight []T) {
	runColumnwise(w, &parametricSELUGradColumns, dst, x, weight, g)
}

func parametricSELUGradRow[T Float](dst, x, weight, g []T) {
	for j, v := range x {
		bend := T(Lambda - 1)
		if !(v > 0) {
			bend = seluOf(v) + Lambda*Alpha - 1
		}
		dst[j] = g[j] * (T(bend*weight[j]) + 1)
	}
}

var parametricSELUSums = columnSum{
	vector: func(e *elements, rows, cols, stride int, dst, g, x []float32) {
		e.parametricSeluGradWeight(rows, cols, stride, dst, g, x)
	},
	single: parametricSELUTerm[float32],
	double: parametricSELUTerm[float64],
}

// ParametricSELUGradWeight sets dst, one element per column, to the gradient of the weights: the sums over the rows of g (selu(x) - x). g and x have
// len(dst) columns.
func ParametricSELUGradWeight[T Float](w *Workers, dst, g, x []T) {
	sumColumnwise(w, &parametricSELUSums, dst, g, x)
}

func parametricSELUTerm[T Float](g, x T) T { return T(g * (seluOf(x) - x)) }
