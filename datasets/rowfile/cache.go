package rowfile

import (
	"container/list"
	"encoding/binary"
	"hash/crc32"
	"sync"

	"github.com/pkg/errors"
)

// spare is the number of chunks that are kept beyond those of two windows, for the validation data.
const spare = 8

// cache holds the chunks that were used last: those of two windows. The memory of a chunk that goes is used for one that comes.
type cache struct {
	f    *File
	most int

	mu     sync.Mutex
	chunks map[int]*chunk
	recent *list.List // of *chunk, the one used last in front
	free   [][]byte
	closed bool

	plan    int // counts the calls of ahead: a reader ahead ends when its number is not this one
	readers sync.WaitGroup
}

// chunk is a chunk in memory, or one that is being read.
type chunk struct {
	number int
	data   []byte
	err    error
	ready  chan struct{}
	users  int
	place  *list.Element
}

func newCache(f *File) *cache {
	return &cache{f: f, most: 2*f.d.window() + spare, chunks: map[int]*chunk{}, recent: list.New()}
}

// window returns the number of chunks of a window.
func (d *Description) window() int {
	return max(1, min(d.WindowRows/d.ChunkRows, d.chunks()))
}

// get returns a chunk, which stays in memory until put gives it back.
func (c *cache) get(number int) (*chunk, error) {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil, errors.Errorf("rowfile: %s: it was closed", c.f.path)
	}
	k := c.chunks[number]
	if k != nil {
		k.users++
		c.recent.MoveToFront(k.place)
		c.mu.Unlock()
		<-k.ready
		if k.err != nil {
			return nil, k.err
		}
		return k, nil
	}
	k = &chunk{number: number, ready: make(chan struct{}), users: 1}
	c.chunks[number], k.place = k, c.recent.PushFront(k)
	k.data = c.room()
	c.mu.Unlock()
	k.err = c.f.readChunk(k)
	if k.err != nil { // it may be read again
		c.mu.Lock()
		delete(c.chunks, number)
		c.recent.Remove(k.place)
		c.mu.Unlock()
	}
	close(k.ready)
	return k, k.err
}

func (c *cache) put(k *chunk) {
	c.mu.Lock()
	k.users--
	c.mu.Unlock()
}

// room returns memory for a chunk, that of the one unused for longest if there are enough.
func (c *cache) room() []byte {
	for e := c.recent.Back(); e != nil && c.recent.Len() > c.most; {
		k := e.Value.(*chunk)
		e = e.Prev()
		if k.users == 0 {
			c.recent.Remove(k.place)
			delete(c.chunks, k.number)
			c.free = append(c.free, k.data)
		}
	}
	if n := len(c.free); n > 0 {
		b := c.free[n-1]
		c.free = c.free[:n-1]
		return b
	}
	return make([]byte, c.f.d.ChunkRows*c.f.d.bytes())
}

// readChunk reads a chunk and checks it.
func (f *File) readChunk(k *chunk) error {
	from, to := f.d.chunk(k.number)
	b := k.data[:(to-from)*f.d.bytes()]
	err := f.readAt(b, headSize+int64(from)*int64(f.d.bytes()))
	if err == nil && crc32.Checksum(b, castagnoli) != binary.LittleEndian.Uint32(f.sums[4*k.number:]) {
		err = errors.New("they were changed after the file was written, or are damaged: the checksum is wrong")
	}
	return errors.Wrapf(err, "rowfile: %s: rows %d to %d", f.path, from, to-1)
}

// ahead reads chunks in another goroutine, in place of those that an earlier call has not read yet.
func (c *cache) ahead(numbers []int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.plan++
	plan := c.plan
	c.readers.Add(1)
	go func() {
		defer c.readers.Done()
		for _, number := range numbers {
			if !c.current(plan) {
				return
			}
			if k, err := c.get(number); err == nil { // an error shows when the rows are needed
				c.put(k)
			}
		}
	}()
}

func (c *cache) current(plan int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.plan == plan && !c.closed
}

// close waits for the reader ahead and frees the memory.
func (c *cache) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.readers.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.chunks, c.free = nil, nil
	c.recent.Init()
}
