package kernel

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestWorkersRun: every part is done exactly once, whatever the numbers of threads and parts.
func TestWorkersRun(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 5} {
		w := NewWorkers(threads)
		for _, parts := range []int{0, 1, 2, 3, 7, 64} {
			for round := range 50 {
				done := make([]atomic.Int32, parts)
				w.Run(parts, func(part int) { done[part].Add(1) })
				for part := range done {
					if n := done[part].Load(); n != 1 {
						t.Fatalf("%d threads, %d parts, round %d: part %d ran %d times", threads, parts, round, part, n)
					}
				}
			}
		}
		w.Close()
	}
}

// TestWorkersNested: a part may call Run on its own pool.
func TestWorkersNested(t *testing.T) {
	w := NewWorkers(3)
	defer w.Close()
	var n atomic.Int32
	w.Run(4, func(int) {
		w.Run(4, func(int) {
			w.Run(4, func(int) { n.Add(1) })
		})
	})
	if n.Load() != 64 {
		t.Errorf("innermost parts done: %d, want 64", n.Load())
	}
}

// TestWorkersConcurrent: several callers share a pool.
func TestWorkersConcurrent(t *testing.T) {
	w := NewWorkers(3)
	defer w.Close()
	var n atomic.Int32
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for range 200 {
				w.Run(5, func(int) { n.Add(1) })
			}
		})
	}
	callers.Wait()
	if n.Load() != 4*200*5 {
		t.Errorf("parts done: %d, want %d", n.Load(), 4*200*5)
	}
}

// TestWorkersPark: parked workers wake up for work and for Close.
func TestWorkersPark(t *testing.T) {
	before := runtime.NumGoroutine()
	w := NewWorkers(3)
	for range 3 {
		for !w.team[0].parked.Load() || !w.team[1].parked.Load() {
			time.Sleep(time.Millisecond)
		}
		var meet sync.WaitGroup // only passed if all three threads take part
		meet.Add(3)
		w.Run(3, func(int) { meet.Done(); meet.Wait() })
	}
	w.Close()
	w.Close()
	for runtime.NumGoroutine() > before {
		time.Sleep(time.Millisecond)
	}
	n := 0
	w.Run(3, func(int) { n++ }) // on this thread alone, or the race detector would complain
	if n != 3 {
		t.Errorf("parts done after Close: %d, want 3", n)
	}
}

// TestWorkersWait: a caller that has parked because another thread takes long is woken when the work is done.
func TestWorkersWait(t *testing.T) {
	w := NewWorkers(2)
	defer w.Close()
	for range 5 {
		begun, done := make(chan struct{}, 1), false
		w.Run(2, func(part int) {
			if part == 0 {
				<-begun // leaves part 1 to the other thread
				return
			}
			begun <- struct{}{}
			time.Sleep(5 * time.Millisecond)
			done = true
		})
		if !done {
			t.Fatal("Run returned before part 1")
		}
	}
}

func TestWorkersNil(t *testing.T) {
	var w *Workers
	n := 0
	w.Run(3, func(int) { n++ })
	w.Close()
	if n != 3 || w.Threads() != 1 {
		t.Errorf("nil pool: %d parts done by %d threads", n, w.Threads())
	}
	if got, want := Shared().Threads(), runtime.GOMAXPROCS(0); got != want {
		t.Errorf("shared pool: %d threads, want %d", got, want)
	}
}

// BenchmarkWorkersRun is the cost of handing out empty parts, without a pause between the calls.
func BenchmarkWorkersRun(b *testing.B) {
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) {
			w := NewWorkers(threads)
			defer w.Close()
			f := func(int) {}
			b.ReportAllocs()
			for b.Loop() {
				w.Run(threads, f)
			}
		})
	}
}
