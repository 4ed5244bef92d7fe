package kernel

import "math"

// LayerNorm normalizes each row of x and then scales and shifts its columns: dst = gamma (x - mean) inverseStd + beta.
// mean and inverseStd, one element per row, receive the statistics; the variance is divided by the number of columns.
func LayerNorm[T Float](w *Workers, dst, mean, inverseStd, x, gamma, beta []T, eps float64) {
	cols := len(gamma)
	check(cols, beta)
	check(len(mean)*cols, dst, x)
	check(len(mean), inverseStd)
	if n := rowParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := len(mean)*i/n, len(mean)*(i+1)/n
			layerNorm(dst[lo*cols:hi*cols], mean[lo:hi], inverseStd[lo:hi], x[lo*cols:hi*cols], gamma, beta, eps)
		})
		return
	}
	layerNorm(dst, mean, inverseStd, x, gamma, beta, eps)
}

func layerNorm[T Float](dst, mean, inverseStd, x, gamma, beta []T, eps float64) {
	cols := len(gamma)
	for i := range mean {
		row, out := x[i*cols:][:cols], dst[i*cols:][:cols]
		m := rowSum(row) / float64(cols)
		mean[i], inverseStd[i] = T(m), T(1/math.Sqrt(rowSquares(row, m)/float64(cols)+eps))
		if v := vectorized[T](); v != nil {
			v.rowNormalize(f32(out), f32(row), f32(gamma), f32(beta), float32(mean[i]), float32(inverseStd[i]))
			continue
		}
		for j, v := range row {
			out[j] = T((v-mean[i])*inverseStd[i]*gamma[j]) + beta[j]
		}
	}
}

func rowSum[T Float](row []T) (sum float64) {
	if v := vectorized[T](); v != nil {
		return v.rowSum(f32(row))
	}
	for _, v := range row {
		sum += float64(v)
	}
	return sum
}

// rowSquares returns the sum of the squares of row - mean.
func rowSquares[T Float](row []T, mean float64) (sum float64) {
	if v := vectorized[T](); v != nil {
		return v.rowSquares(f32(row), mean)
	}
	for _, v := range row {
		d := float64(v) - mean
		sum += d * d
	}
	return sum
}

// LayerNormGrad sets dst to the gradient of x (Ba et al. 2016), given the statistics of the forward pass.
func LayerNormGrad[T Float](w *Workers, dst, g, x, mean, inverseStd, gamma []T) {
	cols := len(gamma)
	check(len(mean)*cols, dst, g, x)
	check(len(mean), inverseStd)
	if n := rowParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := len(mean)*i/n, len(mean)*(i+1)/n
			layerNormGrad(dst[lo*cols:hi*cols], g[lo*cols:hi*cols], x[lo*cols:hi*cols], mean[lo:hi], inverseStd[lo:hi], gamma)
		})
		return
	}
	layerNormGrad(dst, g, x, mean, inverseStd, gamma)
}

func layerNormGrad[T Float](dst, g, x, mean, inverseStd, gamma []T) {
	cols := len(gamma)
	for i, m := range mean {
		row, up, out, s := x[i*cols:][:cols], g[i*cols:][:cols], dst[i*cols:][:cols], inverseStd[i]
		sum, dot := rowDots(up, gamma, row, float64(m))
		meanGrad, meanDot := T(sum/float64(cols)), T(dot*float64(s)/float64(cols))
		if v := vectorized[T](); v != nil {
			v.rowNormalizeGrad(f32(out), f32(up), f32(row), f32(gamma), float32(m), float32(s), float32(meanGrad), float32(meanDot))
			continue
		}
		for j, v := range row {
			out[j] = s * (T(up[j]*gamma[j]) - meanGrad - T((v-m)*s*meanDot))
		}
	}
}

// rowDots returns the sum of g gamma, and that of g gamma (row - mean).
func rowDots[T Float](g, gamma, row []T, mean float64) (sum, dot float64) {
	if v := vectorized[T](); v != nil {
		return v.rowDot(f32(g), f32(gamma)), v.rowCenteredDot(f32(g), f32(gamma), f32(row), mean)
	}
	for j, v := range row {
		scaled := float64(g[j]) * float64(gamma[j])
		sum += scaled
		dot += scaled * (float64(v) - mean)
	}
	return sum, dot
}

// LayerNormGradGamma sets dst, one element per column, to the sums over the rows of g times the normalized x.
func LayerNormGradGamma[T Float](w *Workers, dst, g, x, mean, inverseStd []T) {
	cols := len(dst)
	check(len(mean)*cols, g, x)
	check(len(mean), inverseStd)
	if n := columnParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, cols)
			layerNormGradGamma(dst, g, x, mean, inverseStd, lo, hi)
		})
		return
	}
	layerNormGradGamma(dst, g, x, mean, inverseStd, 0, cols)
}

// layerNormGradGamma is LayerNormGradGamma for columns lo to hi.
func layerNormGradGamma[T Float](dst, g, x, mean, inverseStd []T, lo, hi int) {
	cols := len(dst)
	dst = dst[lo:hi]
	clear(dst)
	for i, m := range mean {
		row, up, s := x[i*cols+lo:i*cols+hi], g[i*cols+lo:i*cols+hi], inverseStd[i]
		if v := vectorized[T](); v != nil {
			v.addNormalized(f32(dst), f32(up), f32(row), float32(m), float32(s))
			continue
		}
		for j, v := range row {
			dst[j] += T(up[j] * ((v - m) * s))
		}
	}
}
