package rowfile

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
)

// Part holds chunks of a file: all of them, or those that [Part.Split] has chosen. It is data for training, validation and prediction: it implements
// the interfaces Data, Streamed, Identified and Validator of package train/data. Its rows are numbered from 0.
type Part struct {
	f      *File
	chunks []int // ascending; nil means all
	rows   int
	scaler *datasets.Scaler

	mu            sync.Mutex
	x, y, weights []float32 // the rows of a batch
	order         order
}

// All returns all rows of the file. Those of a nil file are none.
func (f *File) All() *Part {
	if f == nil || f.cache == nil {
		return nil
	}
	return &Part{f: f, rows: f.d.Rows}
}

// number returns the number of chunks.
func (p *Part) number() int {
	if p.chunks == nil {
		return p.f.d.chunks()
	}
	return len(p.chunks)
}

// chunk returns the number in the file of a chunk.
func (p *Part) chunk(k int) int {
	if p.chunks == nil {
		return k
	}
	return p.chunks[k]
}

// size returns the number of rows of a chunk.
func (p *Part) size(k int) int {
	from, to := p.f.d.chunk(p.chunk(k))
	return to - from
}

// Len returns the number of rows.
func (p *Part) Len() int {
	if p == nil {
		return 0
	}
	return p.rows
}

// Inputs describes the features, for graphs.New.
func (p *Part) Inputs() []batch.Input {
	if p == nil || p.f == nil {
		return nil
	}
	s, err := p.f.d.set(nil, nil, nil)
	if err != nil {
		return nil
	}
	return s.Inputs()
}

// Outputs returns the number of outputs that a network needs: one per class if there are classes, otherwise one per task.
func (p *Part) Outputs() int {
	if p == nil || p.f == nil {
		return 0
	}
	if p.f.d.Classes != nil {
		return len(p.f.d.Classes)
	}
	return len(p.f.d.Tasks)
}

// Identity identifies the rows and their order in an epoch: the checksum of the file, and one of the chunks. It implements the interface Identified of
// package train/data.
func (p *Part) Identity() string {
	if p == nil || p.f == nil {
		return ""
	}
	return fmt.Sprintf("%.16s, %d rows of chunks %08x", p.f.checksum, p.rows, crc32.ChecksumIEEE([]byte(fmt.Sprint(p.chunks))))
}

// Validate returns an error if the file was closed, or its size has changed since it was opened.
func (p *Part) Validate() error {
	if p == nil || p.f == nil {
		return errors.New("rowfile: there is no file")
	}
	info, err := p.f.file.Stat()
	if err != nil {
		return errors.Wrap(err, "rowfile")
	}
	if info.Size() != p.f.size {
		return errors.Errorf("rowfile: %s: it has %d bytes, and had %d when it was opened", p.f.path, info.Size(), p.f.size)
	}
	return nil
}

// Split divides the chunks at random: second gets the given share of them, which are about as large a share of the rows. The same seed gives the same
// split. Rows that are next to each other in the file stay together, so first and second share few neighbours. It returns an error for a share
// outside 0 to 1, and if one of the two would be empty.
func (p *Part) Split(share float64, seed uint64) (first, second *Part, err error) {
	if p == nil || p.f == nil {
		return nil, nil, errors.New("rowfile: there is no file to split")
	}
	if !(share >= 0 && share <= 1) {
		return nil, nil, errors.Errorf("rowfile: %s: a share of %v, want 0 to 1", p.f.path, share)
	}
	n := p.number()
	cut := n - int(math.Round(share*float64(n)))
	if cut == 0 || cut == n {
		return nil, nil, errors.Errorf("rowfile: %s: a share of %v of %d chunks of %d rows leaves a part empty; write the file with fewer rows in a chunk", p.f.path, share, n, p.f.d.ChunkRows)
	}
	perm := rand.New(rand.NewPCG(seed, 0x73706c6974)).Perm(n)
	return p.of(perm[:cut]), p.of(perm[cut:]), nil
}

// of returns the part of some chunks of this one.
func (p *Part) of(chunks []int) *Part {
	q := &Part{f: p.f, scaler: p.scaler}
	for _, k := range chunks {
		q.chunks = append(q.chunks, p.chunk(k))
		q.rows += p.size(k)
	}
	slices.Sort(q.chunks)
	return q
}

// Scaled returns the same rows with scaled features. It returns an error for a scaler of another number of columns.
func (p *Part) Scaled(s *datasets.Scaler) (*Part, error) {
	if p == nil || p.f == nil {
		return nil, errors.New("rowfile: there is no file to scale")
	}
	if s.Cols() != p.f.d.Width {
		return nil, errors.Errorf("rowfile: %s: a scaler for %d columns, the file has %d", p.f.path, s.Cols(), p.f.d.Width)
	}
	return &Part{f: p.f, chunks: p.chunks, rows: p.rows, scaler: s}, nil
}

// Moments returns the statistics of the features, unscaled, from one pass over the rows, for a scaler. It ends with an error when ctx does.
func (p *Part) Moments(ctx context.Context) (*datasets.Moments, error) {
	if p == nil || p.f == nil || ctx == nil {
		return nil, errors.New("rowfile: there is no file, or no context")
	}
	m, err := datasets.NewMoments(p.f.d.Width)
	if err != nil {
		return nil, err
	}
	row := make([]float32, p.f.d.Width)
	for k := range p.number() {
		if err := ctx.Err(); err != nil {
			return nil, errors.Wrapf(err, "rowfile: %s", p.f.path)
		}
		c, err := p.f.cache.get(p.chunk(k))
		if err != nil {
			return nil, err
		}
		for i := range p.size(k) {
			decode(row, c.data[i*p.f.d.bytes():])
			if err := m.Add(row); err != nil {
				p.f.cache.put(c)
				return nil, err
			}
		}
		p.f.cache.put(c)
	}
	return m, nil
}

// decode reads as many values as dst has.
func decode(dst []float32, from []byte) {
	from = from[:4*len(dst)]
	for i := range dst {
		dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(from[4*i:]))
	}
}

// Gather writes rows to the tensors of a batch, as *datasets.Set does. It returns an error that names the file and the rows for rows that cannot
// be read or are damaged.
func (p *Part) Gather(rows []int, b *batch.Batch) error {
	if p == nil || p.f == nil || b == nil {
		return errors.New("rowfile: there is no file, or no batch")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	d := &p.f.d
	tasks := len(d.Tasks)
	p.x, p.y = room(p.x, len(rows)*d.Width), room(p.y, len(rows)*tasks)
	p.weights = p.weights[:0]
	if d.Weights {
		p.weights = room(p.weights, len(rows))
	}
	places := make([]int, len(rows))
	for i, r := range rows {
		if r < 0 || r >= p.rows {
			return errors.Errorf("rowfile: %s: row %d of %d", p.f.path, r, p.rows)
		}
		k, at := r/d.ChunkRows, r%d.ChunkRows // all chunks but the last have the same size
		c, err := p.f.cache.get(p.chunk(k))
		if err != nil {
			return err
		}
		from := c.data[at*d.bytes():]
		x := p.x[i*d.Width:][:d.Width]
		decode(x, from)
		decode(p.y[i*tasks:][:tasks], from[4*d.Width:])
		if d.Weights {
			decode(p.weights[i:i+1], from[4*(d.Width+tasks):])
		}
		p.f.cache.put(c)
		if p.scaler != nil {
			if err := p.scaler.ScaleRow(x); err != nil {
				return err
			}
		}
		places[i] = i
	}
	var weights []float32
	if d.Weights {
		weights = p.weights
	}
	set, err := d.set(p.x, p.y, weights)
	if err != nil {
		return err
	}
	return set.Gather(places, b)
}

// room returns a slice of n values.
func room(x []float32, n int) []float32 {
	if cap(x) < n {
		return make([]float32, n)
	}
	return x[:n]
}
