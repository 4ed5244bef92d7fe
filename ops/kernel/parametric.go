package kernel

// parametric is a function of the elements at the same index of two slices and of two parameters, in assembly and as plain loops. A slice
// that it does not use is nil.
type parametric struct {
	vector func(e *elements, dst, x, y []float32, a, b float32)
	single func(dst, x, y []float32, a, b float64)
	double func(dst, x, y []float64, a, b float64)
}

// runParametric applies p to slices of equal length and divides them among the threads.
func runParametric[T Float](w *Workers, p *parametric, dst, x, y []T, a, b float64) {
	if n := parts(w, len(dst)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(dst))
			applyParametric(p, dst[lo:hi], x[lo:hi], section(y, lo, hi), a, b)
		})
		return
	}
	applyParametric(p, dst, x, y, a, b)
}

func applyParametric[T Float](p *parametric, dst, x, y []T, a, b float64) {
	if v := vectorized[T](); v != nil {
		p.vector(v, f32(dst), f32(x), f32(y), float32(a), float32(b))
		return
	}
	switch dst := any(dst).(type) {
	case []float32:
		p.single(dst, f32(x), f32(y), a, b)
	case []float64:
		p.double(dst, any(x).([]float64), any(y).([]float64), a, b)
	}
}
