package kernel

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// Workers is a fixed pool of threads that divide the parts of a job among them.
//
// The caller of Run is one of the threads, so a pool of n holds n-1 goroutines, until Close or until nothing refers to the
// pool any more. A nil or zero *Workers is a pool of one thread: the caller's.
//
// Several goroutines may call Run on one pool at the same time, and a part may call Run again: if the pool is busy, the
// caller runs all parts itself. Nothing waits for the pool, so nothing deadlocks.
type Workers struct {
	*pool // The goroutines refer only to this, so that the garbage collector can tell when a Workers is no longer used.
}

// NewWorkers starts a pool of n threads, GOMAXPROCS if n <= 0.
func NewWorkers(n int) *Workers {
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	p := &pool{woken: make(chan struct{}, 1)}
	for thread := 1; thread < n; thread++ {
		t := &worker{wake: make(chan struct{}, 1)}
		p.team = append(p.team, t)
		go p.serve(t, thread)
	}
	w := &Workers{p}
	runtime.AddCleanup(w, (*pool).close, p)
	return w
}

// Shared returns the pool that the whole process shares. It has GOMAXPROCS threads, as of the first call. Do not close it.
func Shared() *Workers { return shared() }

var shared = sync.OnceValue(func() *Workers { return NewWorkers(0) })

// Threads returns the number of threads of the pool, including the caller of Run.
func (w *Workers) Threads() int {
	if w == nil || w.pool == nil {
		return 1
	}
	return len(w.team) + 1
}

// Close ends the goroutines of the pool. Do not call it during Run; afterwards Run works on the caller's thread alone.
func (w *Workers) Close() {
	if w != nil && w.pool != nil {
		w.close()
	}
}

// Run calls f(0), f(1), ... f(parts-1), each once, and returns when all have returned. Parts start in ascending order, the first on the
// caller's thread. If parts panic, Run finishes the others and then panics with the first panic, as a *Panic; if the caller runs all parts
// itself, it panics at once. Run allocates nothing.
func (w *Workers) Run(parts int, f func(part int)) { w.run(parts, task{plain: f}) }

// run is Run for either form of a task.
func (w *Workers) run(parts int, t task) {
	if parts <= 1 || w.Threads() == 1 || !w.taken.CompareAndSwap(false, true) {
		for part := range parts {
			t.do(part, 0)
		}
		return
	}
	w.share(parts, t)
	runtime.KeepAlive(w)
}

// Panic is the panic of a part, which may have run on a thread other than the caller's.
type Panic struct {
	Value any    // of the call of panic
	Stack []byte // of that thread
}

func (p *Panic) Error() string { return fmt.Sprintf("%v\n\n%s", p.Value, p.Stack) }

// Unwrap returns the value if it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// newPanic returns what recover gave as a *Panic. Call it in the function that recovers.
func newPanic(value any) *Panic {
	if p, ok := value.(*Panic); ok {
		return p
	}
	return &Panic{Value: value, Stack: debug.Stack()}
}
