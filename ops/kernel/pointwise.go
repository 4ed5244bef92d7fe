package kernel

// pointwise is a function of the elements at the same index of up to three slices, in assembly, if vector is set, and as plain loops.
// Slices that it does not use are nil.
type pointwise struct {
	vector func(e *elements, dst, x, y, z []float32)
	single func(dst, x, y, z []float32)
	double func(dst, x, y, z []float64)
	// slow marks loops that compute an exponential per element, so that fewer elements are worth another thread.
	slow bool
}

// runPointwise applies p to slices of equal length and divides them among the threads.
func runPointwise[T Float](w *Workers, p *pointwise, dst, x, y, z []T) {
	n := parts(w, len(dst)*cost[T](p))
	if n == 1 {
		applyPointwise(p, dst, x, y, z)
		return
	}
	jobs := pointwiseJobsOf[T]()
	j := jobs.get()
	if j.run == nil {
		j.run = j.piece
	}
	j.p, j.pieces, j.dst, j.x, j.y, j.z = p, n, dst, x, y, z
	w.Run(n, j.run)
	j.dst, j.x, j.y, j.z = nil, nil, nil, nil
	jobs.put(j)
}

// cost returns the time of an element as a multiple of that of a vectorized SELU. An exponential takes about 10 ns.
func cost[T Float](p *pointwise) int {
	if p.slow && (p.vector == nil || vectorized[T]() == nil) {
		return 16
	}
	return 1
}

// pointwiseJob is work that several threads divide. It is kept for the next, because a function that captures the slices would be allocated
// in every run.
type pointwiseJob[T Float] struct {
	p            *pointwise
	pieces       int
	dst, x, y, z []T
	run          func(i int) // the method piece, bound once
}

func (j *pointwiseJob[T]) piece(i int) {
	lo, hi := span(i, j.pieces, len(j.dst))
	applyPointwise(j.p, j.dst[lo:hi], j.x[lo:hi], section(j.y, lo, hi), section(j.z, lo, hi))
}

var (
	pointwiseJobs32 freeList[pointwiseJob[float32]]
	pointwiseJobs64 freeList[pointwiseJob[float64]]
)

func pointwiseJobsOf[T Float]() *freeList[pointwiseJob[T]] {
	var jobs any = &pointwiseJobs64
	if _, single := any(T(0)).(float32); single {
		jobs = &pointwiseJobs32
	}
	return jobs.(*freeList[pointwiseJob[T]])
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
