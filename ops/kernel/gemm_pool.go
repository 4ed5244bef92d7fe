package kernel

import "sync"

// stack keeps values for reuse. It is a sync.Pool that garbage collections do not empty.
type stack[V any] struct {
	mu   sync.Mutex
	free []V
	make func() V
}

func (s *stack[V]) get() V {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		v := s.free[n-1]
		s.free = s.free[:n-1]
		return v
	}
	return s.make()
}

func (s *stack[V]) put(v V) {
	s.mu.Lock()
	s.free = append(s.free, v)
	s.mu.Unlock()
}

func newGemm[T Float]() *gemm[T] {
	g := &gemm[T]{}
	g.part = g.rectangle
	return g
}
func newBuf[T Float]() []T { return make([]T, 32*kBlock) }

var (
	packed32 = &stack[[]float32]{make: newBuf[float32]}
	packed64 = &stack[[]float64]{make: newBuf[float64]}
	gemms32  = &stack[*gemm[float32]]{make: newGemm[float32]}
	gemms64  = &stack[*gemm[float64]]{make: newGemm[float64]}
)

func packed[T Float]() *stack[[]T] {
	var t any = packed64
	if _, single := any(T(0)).(float32); single {
		t = packed32
	}
	return t.(*stack[[]T])
}

func gemms[T Float]() *stack[*gemm[T]] {
	var t any = gemms64
	if _, single := any(T(0)).(float32); single {
		t = gemms32
	}
	return t.(*stack[*gemm[T]])
}

func engineOf[T Float]() *engine[T] {
	var t any = engines64[cpu]
	if _, single := any(T(0)).(float32); single {
		t = engines32[cpu]
	}
	return t.(*engine[T])
}
