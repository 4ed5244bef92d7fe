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
	// Moving a cache line from one core to another takes as long as thousands of multiplications. Here is one line
	// that Run writes and the goroutines poll, one that they write and Run polls, and what only Run needs.

	// state is generation<<32 | number of parts still to be claimed, or closed. A thread claims a part by decrementing
	// it, and may read the rest of the line until it has added the part to done, because Run waits for that.
	state  atomic.Uint64
	parts  int
	target uint64 // of done, when all parts are
	task   task
	_      [128]byte
	done   atomic.Uint64 // parts done by others than their caller, ever; plus parked while a caller sleeps
	_      [128]byte
	taken  atomic.Bool // a call of Run owns the pool, or it is closed
	woken  chan struct{}
	team   []*worker
	_      [128]byte
}

const (
	closed = 1 << 63 // of state
	parked = 1 << 63 // of done
)

// task is a function of the number of a part, and perhaps of the number of the thread that does it.
// Parts done at the same time have different threads below the size of the pool.
type task struct {
	plain    func(part int)
	threaded func(part, thread int)
}

func (t task) do(part, thread int) {
	if t.threaded != nil {
		t.threaded(part, thread)
	} else {
		t.plain(part)
	}
}

// worker is what Run sees of a goroutine of the pool.
type worker struct {
	parked atomic.Bool
	wake   chan struct{} // gets a token whenever somebody else sets parked to false
}

// NewWorkers starts a pool of n threads, GOMAXPROCS if n <= 0.
func NewWorkers(n int) *Workers {
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	w := &Workers{woken: make(chan struct{}, 1)}
	for thread := 1; thread < n; thread++ {
		t := &worker{wake: make(chan struct{}, 1)}
		w.team = append(w.team, t)
		go w.serve(t, thread)
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
	if w == nil || w.taken.Swap(true) {
		return
	}
	w.state.Store(closed)
	w.wakeUp(len(w.team))
}

// Run calls f(0), f(1), ... f(parts-1), each once, and returns when all have returned. f must not panic.
// Parts are begun in ascending order, the first by the caller. Run allocates nothing, but the pool keeps f until the next call.
func (w *Workers) Run(parts int, f func(part int)) { w.run(parts, task{plain: f}) }

// run is Run for either form of a task.
func (w *Workers) run(parts int, t task) {
	if parts <= 1 || w.Threads() == 1 || !w.taken.CompareAndSwap(false, true) {
		for part := range parts {
			t.do(part, 0)
		}
		return
	}
	others := uint64(parts - 1)
	w.parts, w.task = parts, t
	w.target += others
	w.state.Store((w.state.Load()>>32+1)<<32&^closed | others)
	w.wakeUp(parts - 1)
	t.do(0, 0)
	if w.done.Load() != w.target {
		w.help(0)
		w.wait()
	}
	w.taken.Store(false)
}

// help does parts until none is left to claim.
func (w *Workers) help(thread int) {
	for {
		s := w.state.Load()
		left := uint32(s)
		if left == 0 {
			return
		}
		if w.state.CompareAndSwap(s, s-1) {
			target := w.target
			w.task.do(w.parts-int(left), thread)
			if w.done.Add(1) == target|parked {
				w.woken <- struct{}{}
			}
		}
	}
}

// wait returns when all parts are done.
func (w *Workers) wait() {
	for turn := range turns {
		if w.done.Load() == w.target {
			return
		}
		pause(turn)
	}
	if w.done.Add(parked) != w.target|parked {
		<-w.woken
	}
	w.done.Add(parked) // flips the bit back
}

// turns is how often a thread looks before it parks, some 50 microseconds. Waking a parked thread takes longer than a
// small matrix product, and the steps of a training run follow each other closely.
const turns = 1 << 11

// serve is the life of one goroutine of the pool.
func (w *Workers) serve(t *worker, thread int) {
	for turn := 0; ; turn++ {
		if s := w.state.Load(); s == closed {
			return
		} else if uint32(s) != 0 {
			w.help(thread)
			turn = 0
		}
		if turn < turns {
			pause(turn)
			continue
		}
		turn = 0
		t.parked.Store(true)
		// Look again: what was published before parked was set has woken nobody.
		if s := w.state.Load(); s != closed && uint32(s) == 0 || !t.parked.CompareAndSwap(true, false) {
			<-t.wake
		}
	}
}

// wakeUp wakes those of the first n goroutines that are parked.
func (w *Workers) wakeUp(n int) {
	for _, t := range w.team[:min(n, len(w.team))] {
		if t.parked.Load() && t.parked.CompareAndSwap(true, false) {
			t.wake <- struct{}{}
		}
	}
}

// pause passes a moment of a waiting loop. Now and then it lets other goroutines run.
func pause(turn int) {
	if turn%64 == 63 {
		runtime.Gosched()
	} else {
		relax()
	}
}
