package kernel

import "math"

// RMSNorm divides each row of x by its root mean square and scales its columns: dst = gain x inverse with inverse = 1 / sqrt(mean of x^2 + eps), one
// element per row (Zhang and Sennrich 2019, Eq. 4). Sums are float64.
func RMSNorm[T Float](w *Workers, dst, inverse, x, gain []T, eps float64) {
	cols := len(gain)
	check(len(inverse)*cols, dst, x)
	if n := rowParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := len(inverse)*i/n, len(inverse)*(i+1)/n
			rmsNorm(dst[lo*cols:hi*cols], inverse[lo:hi], x[lo*cols:hi*cols], gain, eps)
		})
		return
	}
	rmsNorm(dst, inverse, x, gain, eps)
}

func rmsNorm[T Float](dst, inverse, x, gain []T, eps float64) {
	cols := len(gain)
	for i := range inverse {
		row, out := x[i*cols:][:cols], dst[i*cols:][:cols]
		s := T(1 / math.Sqrt(rowSquares(row, 0)/float64(cols)+eps))
		inverse[i] = s
		if v := vectorized[T](); v != nil {
			v.rowScale(f32(out), f32(row), f32(gain), float32(s))
			continue
		}
		for j, v := range row {
			out[j] = T(v*s) * gain[j]
		}
	}
}

// RMSNormGrad sets dst to the gradient of x: inverse (g gain - n mean(g gain n)) with n = x inverse.
func RMSNormGrad[T Float](w *Workers, dst, g, x, inverse, gain []T) {
	cols := len(gain)
	check(len(inverse)*cols, dst, g, x)
	if n := rowParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := len(inverse)*i/n, len(inverse)*(i+1)/n
			rmsNormGrad(dst[lo*cols:hi*cols], g[lo*cols:hi*cols], x[lo*cols:hi*cols], inverse[lo:hi], gain)
		})
		return
	}
	rmsNormGrad(dst, g, x, inverse, gain)
}

func rmsNormGrad[T Float](dst, g, x, inverse, gain []T) {
	cols := len(gain)
	for i, s := range inverse {
		row, up, out := x[i*cols:][:cols], g[i*cols:][:cols], dst[i*cols:][:cols]
		_, dot := rowDots(up, gain, row, 0)
		meanDot := T(dot * float64(s) / float64(cols))
		if v := vectorized[T](); v != nil {
			v.rowNormalizeGrad(f32(out), f32(up), f32(row), f32(gain), 0, float32(s), 0, float32(meanDot))
			continue
		}
		for j, v := range row {
			out[j] = s * (T(up[j]*gain[j]) - T(T(v*s)*meanDot))
		}
	}
}

// RMSNormGradGain sets dst, one element per column, to the gradient of the gains: the sums over the rows of g x inverse.
func RMSNormGradGain[T Float](w *Workers, dst, g, x, inverse []T) {
	cols := len(dst)
	check(len(inverse)*cols, g, x)
	if n := columnParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, cols)
			rmsNormGradGain(dst, g, x, inverse, lo, hi)
		})
		return
	}
	rmsNormGradGain(dst, g, x, inverse, 0, cols)
}

// rmsNormGradGain is RMSNormGradGain for columns lo to hi.
func rmsNormGradGain[T Float](dst, g, x, inverse []T, lo, hi int) {
	cols := len(dst)
	dst = dst[lo:hi]
	clear(dst)
	for i, s := range inverse {
		row, up := x[i*cols+lo:i*cols+hi], g[i*cols+lo:i*cols+hi]
		if v := vectorized[T](); v != nil {
			v.addNormalized(f32(dst), f32(up), f32(row), 0, float32(s))
			continue
		}
		for j, v := range row {
			dst[j] += T(up[j] * T(v*s))
		}
	}
}
