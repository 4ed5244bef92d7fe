package kernel

// pointwise is a function of the elements at the same index of up to three slices, in assembly, if vector is set, and as plain loops.
// Slices that it does not use are nil.
type pointwise struct {
	vector func(e *elements, dst, x, y, z []float32)
	single func(dst, x, y, z []float32)
	double func(dst, x, y, z []float64)
}

// runPointwise applies p to slices of equal length and divides them among the threads.
func runPointwise[T Float](w *Workers, p *pointwise, dst, x, y, z []T) {
	if n := parts(w, len(dst)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(dst))
			applyPointwise(p, dst[lo:hi], x[lo:hi], section(y, lo, hi), section(z, lo, hi))
		})
		return
	}
	applyPointwise(p, dst, x, y, z)
}

func applyPointwise[T Float](p *pointwise, dst, x, y, z []T) {
	if v := vectorized[T](); v != nil && p.vector != nil {
		p.vector(v, f32(dst), f32(x), f32(y), f32(z))
		return
	}
	switch dst := any(dst).(type) {
	case []float32:
		p.single(dst, f32(x), f32(y), f32(z))
	case []float64:
		p.double(dst, any(x).([]float64), any(y).([]float64), any(z).([]float64))
	}
}

// section returns x[lo:hi], or nil if x is nil.
func section[T Float](x []T, lo, hi int) []T {
	if x == nil {
		return nil
	}
	return x[lo:hi]
}
