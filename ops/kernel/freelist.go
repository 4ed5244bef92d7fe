package kernel

import (
	"runtime"
	"sync"
)

// freeList keeps values for reuse. Unlike a sync.Pool it survives garbage collection.
type freeList[T any] struct {
	mu   sync.Mutex
	idle []*T
}

// maxIdle bounds the memory that is kept after many simultaneous jobs. At most one per processor runs at a time.
var maxIdle = max(8, runtime.NumCPU())

// get returns a value that was put back, or a new one.
func (f *freeList[T]) get() *T {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := len(f.idle); n > 0 {
		x := f.idle[n-1]
		f.idle = f.idle[:n-1]
		return x
	}
	return new(T)
}

func (f *freeList[T]) put(x *T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.idle) < maxIdle {
		f.idle = append(f.idle, x)
	}
}
