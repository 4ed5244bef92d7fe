package rowfile

import (
	"math/rand/v2"

	"github.com/pkg/errors"
)

// order keeps the parts of the order of an epoch that were computed last.
type order struct {
	epochs [2]chunkOrder // of even and of odd epochs
	window window
}

// chunkOrder is the order of the chunks in an epoch.
type chunkOrder struct {
	seed  uint64
	epoch int
	perm  []int
	short int // the place of the last chunk, which may have fewer rows
}

// window are the rows of a window in their order.
type window struct {
	seed     uint64
	epoch, k int
	rows     []int
	from     int // their first place in the epoch
	known    bool
}

// windows returns the number of windows of an epoch, which have about as many chunks each.
func (p *Part) windows() int {
	n, size := p.number(), p.f.d.window()
	return (n + size - 1) / size
}

// bounds returns the places of the chunks of a window.
func (p *Part) bounds(k int) (from, to int) {
	n, all := p.number(), p.windows()
	return int(int64(k) * int64(n) / int64(all)), int(int64(k+1) * int64(n) / int64(all))
}

// chunkOrder returns the order of the chunks in an epoch.
func (p *Part) chunkOrder(seed uint64, epoch int) *chunkOrder {
	o := &p.order.epochs[epoch&1]
	if o.perm != nil && o.seed == seed && o.epoch == epoch {
		return o
	}
	*o = chunkOrder{seed: seed, epoch: epoch, perm: rand.New(rand.NewPCG(seed, uint64(epoch))).Perm(p.number())}
	for i, k := range o.perm {
		if k == p.number()-1 {
			o.short = i
		}
	}
	return o
}

// start returns the first place of a window's rows in the epoch.
func (p *Part) start(o *chunkOrder, k int) int {
	at, _ := p.bounds(k)
	rows := at * p.f.d.ChunkRows
	if o.short < at {
		rows -= p.f.d.ChunkRows - p.size(p.number()-1)
	}
	return rows
}

// Sequence writes the rows at the places from, from+1, ... of an epoch's order. The order is a function of the file, the seed and the epoch. When the
// places reach a new window, the chunks of the next one are read in another goroutine.
func (p *Part) Sequence(seed uint64, epoch, from int, rows []int) error {
	if p == nil || p.f == nil || from < 0 || from > p.rows || len(rows) > p.rows-from {
		return errors.Errorf("rowfile: places %d to %d of an epoch of %d rows", from, from+len(rows), p.Len())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(rows) > 0 {
		w := p.windowAt(seed, epoch, from)
		n := copy(rows, w.rows[from-w.from:])
		rows, from = rows[n:], from+n
	}
	return nil
}

// windowAt returns the window with a place.
func (p *Part) windowAt(seed uint64, epoch, place int) *window {
	w := &p.order.window
	if w.known && w.seed == seed && w.epoch == epoch && place >= w.from && place < w.from+len(w.rows) {
		return w
	}
	o := p.chunkOrder(seed, epoch)
	low, high := 0, p.windows() // the last window that starts at the place or before
	for high-low > 1 {
		if k := (low + high) / 2; p.start(o, k) <= place {
			low = k
		} else {
			high = k
		}
	}
	follows := w.known && w.seed == seed && (w.epoch == epoch && w.k+1 == low || w.epoch+1 == epoch && low == 0 && w.k+1 == p.windows())
	*w = window{seed: seed, epoch: epoch, k: low, rows: w.rows[:0], from: p.start(o, low), known: true}
	first, last := p.bounds(low)
	for _, k := range o.perm[first:last] {
		for i := range p.size(k) {
			w.rows = append(w.rows, k*p.f.d.ChunkRows+i)
		}
	}
	r := rand.New(rand.NewPCG(seed+uint64(low+1)*0x9e3779b97f4a7c15, uint64(epoch)))
	r.Shuffle(len(w.rows), func(i, j int) { w.rows[i], w.rows[j] = w.rows[j], w.rows[i] })
	p.readAhead(w, follows)
	return w
}

// readAhead begins to read the chunks of the window after w, and before them those of w unless they have been read.
func (p *Part) readAhead(w *window, follows bool) {
	var numbers []int
	add := func(epoch, k int) {
		from, to := p.bounds(k)
		for _, c := range p.chunkOrder(w.seed, epoch).perm[from:to] {
			numbers = append(numbers, p.chunk(c))
		}
	}
	if !follows {
		add(w.epoch, w.k)
	}
	if w.k+1 < p.windows() {
		add(w.epoch, w.k+1)
	} else {
		add(w.epoch+1, 0)
	}
	p.f.cache.ahead(numbers)
}
