package kernel

// Repeat repeats a tensor along some axes and multiplies it by a factor: the gradient of a sum. It keeps its buffers, so that it allocates
// nothing after the first run. It is not safe for concurrent use.
type Repeat[T Float] struct {
	job
	inner  axis
	n, nx  int
	factor T
	dst, x []T
}

// NewRepeat returns a Repeat for a result of the given shape. The operand has the same shape without the axes that are repeated, or with
// size 1 there.
func NewRepeat[T Float](shape []int, repeated []bool) *Repeat[T] {
	axes, n := make([]axis, len(shape)), 1
	for i := len(shape) - 1; i >= 0; i-- {
		axes[i].size = shape[i]
		if !repeated[i] {
			axes[i].x = n
			n *= shape[i]
		}
	}
	axes = joined(axes)
	r := &Repeat[T]{inner: axes[len(axes)-1], n: elementsOf(shape), nx: n}
	r.outer, r.run = axes[:len(axes)-1], r.piece
	return r
}

// Run sets dst to the repeated x times factor.
func (r *Repeat[T]) Run(w *Workers, dst, x []T, factor float64) {
	check(r.n, dst)
	check(r.nx, x)
	r.dst, r.x, r.factor = dst, x, T(factor)
	r.split(w, parts(w, r.n))
	r.dst, r.x = nil, nil
}

func (r *Repeat[T]) piece(i int) {
	lo, hi := span(i, r.pieces, r.n)
	if lo >= hi {
		return
	}
	c, in := &r.cursors[i], r.inner
	c.seek(lo / in.size)
	for first := lo % in.size; lo < hi; first = 0 {
		n := min(in.size-first, hi-lo)
		r.row(r.dst[lo:lo+n], r.x[c.x+first*in.x:])
		lo += n
		c.next()
	}
}

func (r *Repeat[T]) row(dst, x []T) {
	if r.inner.x == 0 {
		v := r.factor * x[0]
		for i := range dst {
			dst[i] = v
		}
		return
	}
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = r.factor * v
	}
}
