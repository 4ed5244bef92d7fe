package kernel

import "sync"

// backend is what products of one element type have in common.
type backend[T Float] struct {
	engines [avx512 + 1]*engine[T] // by variant
	gemms   sync.Pool              // of *gemm[T]
	scratch sync.Pool              // of *scratch[T]
}

var (
	backend32 = newBackend(engines32)
	backend64 = newBackend(engines64)
)

func newBackend[T Float](engines [avx512 + 1]*engine[T]) *backend[T] {
	b := &backend[T]{engines: engines}
	b.gemms.New = func() any {
		g := &gemm[T]{backend: b}
		g.part = g.rectangle
		return g
	}
	b.scratch.New = func() any { return &scratch[T]{b: make([]T, kBlock*widest)} }
	return b
}

// backendOf returns the backend for T.
func backendOf[T Float]() *backend[T] {
	var b any = backend64
	if _, single := any(T(0)).(float32); single {
		b = backend32
	}
	return b.(*backend[T])
}
