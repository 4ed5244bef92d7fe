package kernel

import "slices"

// columnwise is a function of the elements of up to two row-major matrices and of a weight per column, in assembly for whole matrices and as plain loops for
// a row. g may be nil.
type columnwise struct {
	vector func(e *elements, rows, cols int, dst, x, weight, g []float32)
	single func(dst, x, weight, g []float32)
	double func(dst, x, weight, g []float64)
}

// runColumnwise applies c to matrices of len(weight) columns and divides their rows among the threads.
func runColumnwise[T Float](w *Workers, c *columnwise, dst, x, weight, g []T) {
	cols := len(weight)
	checkColumns(cols, x)
	check(len(x), dst)
	if g != nil {
		check(len(x), g)
	}
	if n := rowParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := rowSpan(i, n, len(x), cols)
			applyColumnwise(c, dst[lo:hi], x[lo:hi], weight, section(g, lo, hi))
		})
		return
	}
	applyColumnwise(c, dst, x, weight, g)
}

func applyColumnwise[T Float](c *columnwise, dst, x, weight, g []T) {
	cols := len(weight)
	if cols == 0 {
		return
	}
	if e := vectorized[T](); e != nil {
		c.vector(e, len(x)/cols, cols, f32(dst), f32(x), f32(weight), f32(g))
		return
	}
	for lo := 0; lo < len(x); lo += cols {
		hi := lo + cols
		switch dst := any(dst[lo:hi]).(type) {
		case []float32:
			c.single(dst, f32(x[lo:hi]), f32(weight), f32(section(g, lo, hi)))
		case []float64:
			c.double(dst, any(x[lo:hi]).([]float64), any(weight).([]float64), any(section(g, lo, hi)).([]float64))
		}
	}
}

// columnSum is a sum over the rows of matrices of a term of the elements of two, in assembly and for single elements.
type columnSum struct {
	vector func(e *elements, rows, cols, stride int, dst, g, x []float32)
	single func(g, x float32) float32
	double func(g, x float64) float64
}

// sumColumnwise sets dst to the sums over the rows of g and x, of len(dst) columns, in the order of [ColumnSums].
func sumColumnwise[T Float](w *Workers, c *columnSum, dst, g, x []T) {
	cols := len(dst)
	checkColumns(cols, x)
	check(len(x), g)
	if n := columnParts(w, len(x), cols); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, cols)
			sumTerms(c, dst[lo:hi], g[lo:], x[lo:], cols)
		})
		return
	}
	sumTerms(c, dst, g, x, cols)
}

// sumTerms is sumColumnwise for some columns of matrices with stride elements per row; see addSums.
func sumTerms[T Float](c *columnSum, dst, g, x []T, stride int) {
	clear(dst)
	for block := range slices.Chunk(x, max(1, sumRows*stride)) {
		up := g[:len(block)]
		g = g[len(block):]
		if e := vectorized[T](); e != nil {
			c.vector(e, rowsOf(block, stride), len(dst), stride, f32(dst), f32(up), f32(block))
			continue
		}
		switch dst := any(dst).(type) {
		case []float32:
			addTerms(c.single, dst, f32(up), f32(block), stride)
		case []float64:
			addTerms(c.double, dst, any(up).([]float64), any(block).([]float64), stride)
		}
	}
}

func addTerms[T Float](term func(g, x T) T, dst, g, x []T, stride int) {
	for lo := 0; lo < len(dst); lo += stripCols {
		var sums [stripCols]T
		s := sums[:min(stripCols, len(dst)-lo)]
		for row := range rowsOf(x, stride) {
			g := g[row*stride+lo:][:len(s)]
			for j, v := range x[row*stride+lo:][:len(s)] {
				s[j] += term(g[j], v)
			}
		}
		for j, v := range s {
			dst[lo+j] += v
		}
	}
}
