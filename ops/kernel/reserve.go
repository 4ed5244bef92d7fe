package kernel

import "sync"

// reserve keeps values for reuse: a sync.Pool that garbage collections do not empty.
type reserve[V any] struct {
	mu   sync.Mutex
	free []*V
	make func() *V
}

func (r *reserve[V]) get() *V {
	r.mu.Lock()
	n := len(r.free)
	if n == 0 {
		r.mu.Unlock()
		return r.make()
	}
	v := r.free[n-1]
	r.free = r.free[:n-1]
	r.mu.Unlock()
	return v
}

func (r *reserve[V]) put(v *V) {
	r.mu.Lock()
	r.free = append(r.free, v)
	r.mu.Unlock()
}
