package kernel

import (
	"runtime"
	"sync/atomic"
)

// pool is the state that the threads of a Workers share.
type pool struct {
	// Moving a cache line from one core to another takes as long as thousands of multiplications. So the fields are grouped: a line that
	// share writes and the goroutines poll, a line that they write and share polls, and the fields that only share needs.

	// state is generation<<32 | number of parts still to be claimed, or closed. A thread claims a part by decrementing
	// it, and may read the rest of the line until it has added the part to done, because share waits for that.
	state  atomic.Uint64
	parts  int
	target uint64 // value of done when all parts are done
	task   task
	_      [128]byte
	done   atomic.Uint64 // total of parts done by threads other than the caller's; plus parked while a caller sleeps
	_      [128]byte
	taken  atomic.Bool // a call of share owns the pool, or the pool is closed
	failed atomic.Pointer[Panic]
	waker  atomic.Int64 // the processor of the last caller of wakeUp, or -1
	woken  chan struct{}
	team   []*worker
	_      [128]byte
}

const (
	closed = 1 << 63 // of state
	parked = 1 << 63 // of done
)

// task is a function of the index of a part, and optionally of the index of the thread that runs it. Parts that run at the same time have
// different thread indices, all below the size of the pool.
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

// worker is a goroutine of the pool.
type worker struct {
	parked atomic.Bool
	wake   chan struct{} // receives a token whenever another goroutine sets parked to false
}

// close ends the goroutines, unless the pool is in use.
func (p *pool) close() {
	if p.taken.Swap(true) {
		return
	}
	p.state.Store(closed)
	p.wakeUp(len(p.team))
}

// share runs the parts on all threads. The caller has set taken.
func (p *pool) share(parts int, t task) {
	others := uint64(parts - 1)
	p.parts, p.task = parts, t
	p.target += others
	p.state.Store((p.state.Load()>>32+1)<<32&^closed | others)
	p.wakeUp(parts - 1)
	defer p.release() // also if a part ends this goroutine, as testing.T.FailNow does
	p.attempt(0, 0)
	if p.done.Load() != p.target {
		p.help(0)
	}
}

// release waits for the other threads, frees the pool and re-raises a panic.
func (p *pool) release() {
	if p.done.Load() != p.target {
		p.wait()
	}
	p.task = task{} // keep no reference to the caller's data
	var failed *Panic
	if p.failed.Load() != nil {
		failed = p.failed.Swap(nil)
	}
	p.taken.Store(false)
	if failed != nil {
		panic(failed)
	}
}

// attempt runs a part and keeps its panic if it is the first.
func (p *pool) attempt(part, thread int) {
	defer func() {
		if r := recover(); r != nil {
			p.failed.CompareAndSwap(nil, newPanic(r))
		}
	}()
	p.task.do(part, thread)
}

// help runs parts until none is left to claim.
func (p *pool) help(thread int) {
	for {
		s := p.state.Load()
		left := uint32(s)
		if left == 0 {
			return
		}
		if p.state.CompareAndSwap(s, s-1) {
			p.claimed(p.parts-int(left), thread)
		}
	}
}

// claimed runs a part and counts it as done.
func (p *pool) claimed(part, thread int) {
	target := p.target
	defer func() {
		if p.done.Add(1) == target|parked {
			p.woken <- struct{}{}
		}
	}()
	p.attempt(part, thread)
}

// wait returns when all parts are done.
func (p *pool) wait() {
	for turn := range turns {
		if p.done.Load() == p.target {
			return
		}
		pause(turn)
	}
	if p.done.Add(parked) != p.target|parked {
		<-p.woken
	}
	p.done.Add(parked) // flips the bit back
}

// turns is how often a thread polls before it parks, some 50 microseconds. Waking a parked thread takes longer than a small matrix product,
// and the steps of a training run follow each other closely.
const turns = 1 << 11

// serve is the main loop of a goroutine of the pool.
func (p *pool) serve(t *worker, thread int) {
	ended := false
	defer func() {
		if !ended { // a part has ended this goroutine by runtime.Goexit
			go p.serve(t, thread)
		}
	}()
	for turn := 0; ; turn++ {
		if s := p.state.Load(); s == closed {
			ended = true
			return
		} else if uint32(s) != 0 {
			p.help(thread)
			turn = 0
		}
		if turn < turns {
			pause(turn)
			continue
		}
		turn = 0
		t.parked.Store(true)
		// Look again: work published before parked was set has not woken this goroutine.
		if s := p.state.Load(); s != closed && uint32(s) == 0 || !t.parked.CompareAndSwap(true, false) {
			<-t.wake
			if waker := int(p.waker.Load()); waker >= 0 {
				leave(waker)
			}
		}
	}
}

// wakeUp wakes the parked goroutines among the first n.
func (p *pool) wakeUp(n int) {
	woken := false
	for _, t := range p.team[:min(n, len(p.team))] {
		if t.parked.Load() && t.parked.CompareAndSwap(true, false) {
			p.waker.Store(int64(processor()))
			t.wake <- struct{}{}
			woken = true
		}
	}
	if woken {
		yield()
	}
}

// pause spins briefly in a waiting loop. Now and then it lets other goroutines run.
func pause(turn int) {
	if turn%64 == 63 {
		runtime.Gosched()
	} else {
		relax()
	}
}
