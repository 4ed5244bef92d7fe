package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Workers is a fixed pool of threads that share the parts of one piece of work.
//
// The caller of Run is one of the threads, so a pool of n holds n-1 goroutines.
// A nil *Workers is a pool of one thread: the caller's.
//
// Several goroutines may call Run on one pool at the same time, and a part may call Run again:
// whoever finds the pool taken does all of its parts on its own thread. Nothing waits for the pool, so nothing deadlocks.
type Workers struct {
	// state is generation<<32 | parts not yet claimed. A thread claims a part by decrementing it, and may read
	// parts and f between that and the decrement of pending, because the caller waits for pending to become 0.
	state   atomic.Uint64
	parts   int
	f       func(part int)
	_       [64]byte // keeps the polled word and the counter of the finishers in different cache lines
	pending atomic.Int64
	_       [64]byte

	taken  atomic.Bool // a call of Run owns the pool
	closed atomic.Bool
	team   []*worker
}

// worker is the side of one goroutine of the pool that Run sees.
type worker struct {
	parked atomic.Bool
	wake   chan struct{} // buffered, one token per transition of parked from true to false by Run
}

// NewWorkers starts a pool of n threads, GOMAXPROCS if n <= 0.
func NewWorkers(n int) *Workers {
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	w := &Workers{}
	for range n - 1 {
		t := &worker{wake: make(chan struct{}, 1)}
		w.team = append(w.team, t)
		go w.serve(t)
	}
	return w
}

// Shared returns the pool of the whole process. It has GOMAXPROCS threads (read at the first call) and is never closed.
func Shared() *Workers { return shared() }

var shared = sync.OnceValue(func() *Workers { return NewWorkers(0) })

// Threads returns the number of threads of the pool, the caller of Run included.
func (w *Workers) Threads() int {
	if w == nil {
		return 1
	}
	return len(w.team) + 1
}

// Close ends the goroutines of the pool. It must not be called during Run; afterwards Run works on the caller's thread alone.
func (w *Workers) Close() {
	if w == nil || w.closed.Swap(true) {
		return
	}
	w.wakeAll(len(w.team))
}

// Run calls f(0), f(1), ... f(parts-1), each once, and returns when all have returned.
// Parts are claimed in ascending order; f must not panic. Run itself allocates nothing.
func (w *Workers) Run(parts int, f func(part int)) {
	if parts <= 1 || w.Threads() == 1 || w.closed.Load() || !w.taken.CompareAndSwap(false, true) {
		for part := range parts {
			f(part)
		}
		return
	}
	w.parts, w.f = parts, f
	w.pending.Store(int64(parts))
	w.state.Store((w.state.Load()>>32+1)<<32 | uint64(uint32(parts)))
	w.wakeAll(parts - 1)
	w.help()
	for spins := 0; w.pending.Load() > 0; spins++ {
		pause(spins)
	}
	w.f = nil
	w.taken.Store(false)
}

// help does parts until none is left to claim.
func (w *Workers) help() {
	for {
		s := w.state.Load()
		left := uint32(s)
		if left == 0 {
			return
		}
		if w.state.CompareAndSwap(s, s-1) {
			w.f(w.parts - int(left))
			w.pending.Add(-1)
		}
	}
}

// spins is how often an idle worker looks for work before it parks. Waking a parked goroutine takes longer than
// a small matrix product, and the steps of a training run follow each other closely.
const spins = 1 << 12

// serve is the life of one goroutine of the pool.
func (w *Workers) serve(t *worker) {
	for idle := 0; !w.closed.Load(); idle++ {
		if uint32(w.state.Load()) != 0 {
			w.help()
			idle = 0
		}
		if idle < spins {
			pause(idle)
			continue
		}
		idle = 0
		t.parked.Store(true)
		// Look again: work published before parked was set has woken nobody.
		if (uint32(w.state.Load()) != 0 || w.closed.Load()) && t.parked.CompareAndSwap(true, false) {
			continue
		}
		<-t.wake
	}
}

// wakeAll wakes up to n parked workers.
func (w *Workers) wakeAll(n int) {
	for _, t := range w.team {
		if n <= 0 {
			return
		}
		if t.parked.Load() && t.parked.CompareAndSwap(true, false) {
			t.wake <- struct{}{}
		}
		n--
	}
}

// pause passes a moment of a waiting loop that has already made spins turns.
func pause(spins int) {
	if spins&15 == 15 {
		runtime.Gosched()
	}
}
