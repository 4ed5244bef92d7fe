package kernel

// backend holds the engines and buffers that products of one element type share.
type backend[T Float] struct {
	engines [len(variants)]*engine[T] // by variant
	idle    freeList[gemm[T]]
}

var (
	backend32 = &backend[float32]{engines: engines32}
	backend64 = &backend[float64]{engines: engines64}
)

// backendOf returns the backend for T.
func backendOf[T Float]() *backend[T] {
	var b any = backend64
	if _, single := any(T(0)).(float32); single {
		b = backend32
	}
	return b.(*backend[T])
}

// get returns a gemm with the memory of an earlier product, if there is one.
func (b *backend[T]) get() *gemm[T] {
	g := b.idle.get()
	if g.rectangles.threaded == nil {
		g.rectangles = task{threaded: g.rectangle}
	}
	return g
}

// put takes a gemm back, and keeps nothing of the caller's alive.
func (b *backend[T]) put(g *gemm[T]) {
	g.MatMul = MatMul[T]{}
	b.idle.put(g)
}
