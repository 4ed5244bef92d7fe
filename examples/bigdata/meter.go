package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/selfnorm/selfnorm/train/callback"
)

// meter measures the anonymous memory of the process, where the system tells it, and the steps per second.
type meter struct {
	steps int
	began time.Time
	last  time.Time
	most  int64 // bytes
}

// meterSteps is the number of steps from one measurement to the next.
const meterSteps = 64

// AfterStep implements callback.StepCallback.
func (m *meter) AfterStep(context.Context, *callback.State) error {
	if m.steps == 0 {
		m.began = time.Now()
	}
	if m.steps++; m.steps%meterSteps == 1 {
		m.most = max(m.most, anonymous())
	}
	m.last = time.Now()
	return nil
}

// report prints what was measured.
func (m *meter) report(w io.Writer) {
	if m.steps < 2 {
		return
	}
	seconds := m.last.Sub(m.began).Seconds()
	fmt.Fprintf(w, "%d steps, %.2f ms per step", m.steps, 1e3*seconds/float64(m.steps-1))
	if m.most > 0 {
		fmt.Fprintf(w, "; at most %d MB of anonymous memory (RssAnon)", m.most/1e6)
	}
	fmt.Fprintln(w)
}

// anonymous returns the anonymous memory of the process in bytes, or 0 where /proc does not tell it.
func anonymous() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return n << 10
		}
	}
	return 0
}
