package kernel

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// panicOf returns what f panics with, nil if it does not.
func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// TestWorkersPanic: a panic of any part comes to the caller after all parts are done, and leaves the pool free.
func TestWorkersPanic(t *testing.T) {
	fault := errors.New("fault")
	for _, threads := range []int{1, 2, 3} {
		w := NewWorkers(threads)
		for part := range 6 {
			var done atomic.Int32
			got := panicOf(func() {
				w.Run(6, func(i int) {
					if i == part {
						panic(fault)
					}
					done.Add(1)
				})
			})
			if err, ok := got.(error); !ok || !errors.Is(err, fault) {
				t.Errorf("%d threads, part %d: panic %v, want %v", threads, part, got, fault)
			}
			if n := done.Load(); threads > 1 && n != 5 {
				t.Errorf("%d threads, part %d: %d other parts were done, want 5", threads, part, n)
			}
			if w.taken.Load() {
				t.Fatalf("%d threads, part %d: the pool is still taken", threads, part)
			}
			w.Run(6, func(int) { done.Add(1) })
		}
		w.Close()
	}
}

// TestWorkersPanicStack: the panic of another thread comes with its stack, also through a nested call; the first one wins.
func TestWorkersPanicStack(t *testing.T) {
	w := NewWorkers(2)
	defer w.Close()
	began := make(chan struct{})
	got := panicOf(func() {
		w.Run(2, func(part int) {
			if part == 0 {
				<-began // leaves part 1 to the other thread
				return
			}
			defer close(began)
			w.Run(3, explode)
		})
	})
	p, ok := got.(*Panic)
	if !ok || p.Value != "boom" || !strings.Contains(string(p.Stack), "explode") || !strings.Contains(p.Error(), "boom") || p.Unwrap() != nil {
		t.Errorf("panic %v, want boom with the stack of explode", got)
	}
}

func explode(int) { panic("boom") }

// TestWorkersGoexit: parts that end their goroutine, as FailNow of a test does, leave the pool in order.
func TestWorkersGoexit(t *testing.T) {
	w := NewWorkers(3)
	defer w.Close()
	for range 20 {
		var caller sync.WaitGroup
		caller.Go(func() { w.Run(6, func(int) { runtime.Goexit() }) })
		caller.Wait()
		var n atomic.Int32
		w.Run(6, func(int) { n.Add(1) })
		if n.Load() != 6 || w.taken.Load() {
			t.Fatalf("%d parts were done after it, the pool is taken: %v", n.Load(), w.taken.Load())
		}
	}
	var meet sync.WaitGroup // only passed if all three threads take part
	meet.Add(3)
	w.Run(3, func(int) { meet.Done(); meet.Wait() })
}

// TestWorkersForgotten: the goroutines of a pool that nobody refers to end, even if its last task did.
func TestWorkersForgotten(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 5 {
		w := NewWorkers(3)
		var n atomic.Int32
		w.Run(3, func(int) { n.Add(int32(w.Threads())) })
	}
	for runtime.NumGoroutine() > before {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
}

// TestWorkersZero: the zero value is a pool of one thread.
func TestWorkersZero(t *testing.T) {
	w, n := new(Workers), 0
	w.Run(3, func(int) { n++ })
	w.Close()
	if n != 3 || w.Threads() != 1 {
		t.Errorf("%d parts done by %d threads", n, w.Threads())
	}
}
