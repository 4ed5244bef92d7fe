package kernel

import "math"

// LayerNorm normalizes each row of x and then scales and shifts its columns: dst = gamma (x - mean) inverseStd + beta.
// mean and inverseStd, one element per row, receive the statistics; the variance is divided by the number of columns.
func LayerNorm[T Float](dst, mean, inverseStd, x, gamma, beta []T, eps float64) {
	cols := len(gamma)
	for i := range mean {
		row, out := x[i*cols:][:cols], dst[i*cols:][:cols]
		m, s := rowStatistics(row, eps)
		mean[i], inverseStd[i] = m, s
		for j, v := range row {
			out[j] = (v-m)*s*gamma[j] + beta[j]
		}
	}
}

func rowStatistics[T Float](row []T, eps float64) (mean, inverseStd T) {
	sum := 0.0
	for _, v := range row {
		sum += float64(v)
	}
	m := sum / float64(len(row))
	sum = 0
	for _, v := range row {
		d := float64(v) - m
		sum += d * d
	}
	return T(m), T(1 / math.Sqrt(sum/float64(len(row))+eps))
}

// LayerNormGrad sets dst to the gradient of x (Ba et al. 2016), given the statistics of the forward pass.
func LayerNormGrad[T Float](dst, g, x, mean, inverseStd, gamma []T) {
	cols := len(gamma)
	for i := range mean {
		row, up, out := x[i*cols:][:cols], g[i*cols:][:cols], dst[i*cols:][:cols]
		m, s := mean[i], inverseStd[i]
		var sum, dot float64
		for j, v := range row {
			scaled := float64(up[j] * gamma[j])
			sum += scaled
			dot += scaled * float64((v-m)*s)
		}
		meanGrad, meanDot := T(sum/float64(cols)), T(dot/float64(cols))
		for j, v := range row {
			out[j] = s * (up[j]*gamma[j] - meanGrad - (v-m)*s*meanDot)
		}
	}
}

// LayerNormGradGamma sets dst, one element per column, to the sums over the rows of g times the normalized x.
func LayerNormGradGamma[T Float](dst, g, x, mean, inverseStd []T) {
	cols := len(dst)
	clear(dst)
	for i := range mean {
		row, up := x[i*cols:][:cols], g[i*cols:][:cols]
		for j, v := range row {
			dst[j] += up[j] * ((v - mean[i]) * inverseStd[i])
		}
	}
}
