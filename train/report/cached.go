package report

import (
	"sync"
	"time"
)

const (
	// updateEvery is the minimum time between two versions of the live page, and costShare the maximum fraction of one core's time spent on
	// creating versions.
	updateEvery = 500 * time.Millisecond
	costShare   = 0.01
)

// cached renders the run at a limited rate, however many clients ask.
type cached struct {
	recorder *Recorder
	make     func(r *Run) ([]byte, error)

	mu   sync.Mutex
	made time.Time
	last edition
}

// edition is a rendered version of the run.
type edition struct {
	data    []byte
	version uint64
	pause   time.Duration // time until the next one
}

// get returns an edition of a recent version of the run, or of the newest one.
func (c *cached) get(newest bool) (edition, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	begin := time.Now()
	if c.last.data != nil && (c.recorder.changes() == c.last.version || !newest && begin.Sub(c.made) < c.last.pause) {
		return c.last, nil
	}
	run, version := c.recorder.snapshot()
	data, err := c.make(&run)
	if err != nil {
		return edition{}, err
	}
	c.made = time.Now()
	cost := float64(c.made.Sub(begin))
	c.last = edition{data, version, max(updateEvery, time.Duration(cost/costShare))}
	return c.last, nil
}
