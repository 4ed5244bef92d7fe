package opstest

import (
	"runtime"
	"strings"
	"sync"
	"time"
)

// patience is how long one call of the op may take.
var patience = 30 * time.Second

// watch knows what is going on, for the case that it does not end.
type watch struct {
	sync.Mutex
	what  string
	since time.Time
	depth int
}

// begin notes the start of a call of the op and returns the function that notes its end.
func (w *watch) begin(what string) (end func()) {
	w.Lock()
	defer w.Unlock()
	if w.depth++; w.depth == 1 {
		w.what, w.since = what, time.Now()
	}
	return w.end
}

func (w *watch) end() {
	w.Lock()
	defer w.Unlock()
	w.depth--
}

// stuck returns what has been going on for too long, if anything.
func (w *watch) stuck() (what string, is bool) {
	w.Lock()
	defer w.Unlock()
	return w.what, w.depth > 0 && time.Since(w.since) > patience
}

// wait returns when done is closed, or when a call takes too long: then it returns a fault.
func (w *watch) wait(done <-chan struct{}) *fault {
	tick := time.NewTicker(max(patience/20, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-done:
			return nil
		case <-tick.C:
			what, is := w.stuck()
			if !is {
				continue
			}
			f := faultf("%s does not return: it has been running for %v", what, patience)
			if where := stuckAt(); where != "" {
				f.when("(%s)", where)
			}
			return f
		}
	}
}

// stuckAt finds the line of code of the goroutine that runs the checks.
func stuckAt() string {
	buf := make([]byte, 1<<20)
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if _, frames, ok := strings.Cut(g, "\n"); ok && strings.Contains(g, "opstest.(*kit).run(") {
			return origin("panic(\n" + frames)
		}
	}
	return ""
}
