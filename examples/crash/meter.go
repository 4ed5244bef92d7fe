package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
)

// start is about the time when the process started.
var start = time.Now()

// sample is one measurement of the process.
type sample struct {
	Minutes    float64 `json:"minutes"`
	Epoch      int     `json:"epoch"`
	Heap       float64 `json:"heap_bytes"` // live, after a collection
	Files      float64 `json:"open_files"`
	Goroutines float64 `json:"goroutines"`
	// A tenth of the steps since the last measurement took no longer than Step, and no epoch less time of the processors than Whole, with
	// its checkpoint, logs, validation, and the page that others read. Medians would say more about what else the machine does.
	Step  float64 `json:"step_seconds"`
	Whole float64 `json:"epoch_cpu_seconds"`
}

// meter is a callback that measures the process at the end of the first epoch after each interval.
type meter struct {
	every time.Duration
	w     io.Writer

	samples     []sample
	began, last time.Time
	epoch       time.Duration // cpuTime at the end of the last epoch; 0 after a measurement, which takes time itself
	stepped     time.Time     // end of the last step; zero at the beginning of an epoch
	steps       []float64
	fastest     float64 // epoch, in seconds
}

var (
	_ callback.StartCallback = (*meter)(nil)
	_ callback.StepCallback  = (*meter)(nil)
	_ callback.EpochCallback = (*meter)(nil)
)

// AtStart implements callback.StartCallback.
func (m *meter) AtStart(context.Context, *train.State) error {
	m.began, m.last = time.Now(), time.Now()
	_, err := fmt.Fprintln(m.w, "minutes  epoch  heap, MB  open files  goroutines  step, ms  CPU s per epoch")
	return err
}

// AfterStep implements callback.StepCallback.
func (m *meter) AfterStep(context.Context, *train.State) error {
	now := time.Now()
	if !m.stepped.IsZero() {
		m.steps = append(m.steps, now.Sub(m.stepped).Seconds())
	}
	m.stepped = now
	return nil
}

// AfterEpoch implements callback.EpochCallback.
func (m *meter) AfterEpoch(_ context.Context, s *train.State) error {
	now := time.Now()
	cpu := cpuTime()
	if m.epoch > 0 {
		if d := (cpu - m.epoch).Seconds(); m.fastest == 0 || d < m.fastest {
			m.fastest = d
		}
	}
	m.epoch, m.stepped = cpu, time.Time{}
	if now.Sub(m.last) < m.every || len(m.steps) == 0 || m.fastest == 0 {
		return nil
	}
	slices.Sort(m.steps)
	x := sample{
		Minutes: now.Sub(m.began).Minutes(), Epoch: s.Epoch, Heap: liveHeap(), Files: openFiles(), Goroutines: float64(runtime.NumGoroutine()),
		Step: m.steps[len(m.steps)/10], Whole: m.fastest,
	}
	m.steps, m.fastest, m.last, m.epoch = m.steps[:0], 0, time.Now(), 0
	m.samples = append(m.samples, x)
	_, err := fmt.Fprintf(m.w, "%7.1f  %5d  %8.1f  %10.0f  %10.0f  %8.3f  %15.3f\n",
		x.Minutes, x.Epoch, x.Heap/1e6, x.Files, x.Goroutines, x.Step*1e3, x.Whole)
	return err
}

// liveHeap is the number of bytes of objects that survive a collection. The second one finds those whose finalizers the first has run.
func liveHeap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// openFiles is the number of files and connections that the process has open, 0 if the system does not say.
func openFiles() float64 {
	for _, dir := range []string{"/proc/self/fd", "/dev/fd"} {
		if entries, err := os.ReadDir(dir); err == nil {
			return float64(len(entries) - 1) // without that of the folder itself
		}
	}
	return 0
}
