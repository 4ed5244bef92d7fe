package baseline

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"golang.org/x/sync/errgroup"
)

// Described are rows that are described by bags of several kinds, by numbers, or by both: molecules, for example, by the counts of their
// substructures and by scaled descriptors.
type Described struct {
	Bags   []Bags
	Values Matrix // the zero Matrix if there are none
}

// Rows returns the number of rows.
func (d Described) Rows() int {
	if len(d.Bags) > 0 {
		return d.Bags[0].Rows()
	}
	return d.Values.Rows
}

// check returns an error unless all parts have the same rows.
func (d Described) check() error {
	if len(d.Bags) == 0 && d.Values.Columns == 0 {
		return errors.New("rows without bags and values")
	}
	for i, b := range d.Bags {
		if err := b.check(); err != nil {
			return err
		}
		if b.Rows() != d.Rows() {
			return errors.Errorf("%d rows of bags of kind %d, and %d of the first", b.Rows(), i, d.Rows())
		}
	}
	if d.Values.Columns == 0 && d.Values.Rows == 0 && len(d.Values.Values) == 0 {
		return nil
	}
	if d.Values.Rows != d.Rows() {
		return errors.Errorf("%d rows of values, and %d of bags", d.Values.Rows, d.Rows())
	}
	return d.Values.check()
}

// like returns an error unless d has the kinds of bags and the columns of the rows of a training.
func (d Described) like(of Described) error {
	if len(d.Bags) != len(of.Bags) || d.Values.Columns != of.Values.Columns {
		return errors.Errorf("%d kinds of bags and %d columns, but the training had %d and %d", len(d.Bags), d.Values.Columns, len(of.Bags), of.Values.Columns)
	}
	return nil
}

// distinct returns the rows that differ from all before them, and for each row its place among those.
func (d Described) distinct() (first, place []int) {
	known := map[[sha256.Size]byte]int{}
	var text []byte
	for i := range d.Rows() {
		text = text[:0]
		for _, b := range d.Bags {
			text = binary.LittleEndian.AppendUint64(text, uint64(b.Start[i+1]-b.Start[i]))
			for k := b.Start[i]; k < b.Start[i+1]; k++ {
				text = binary.LittleEndian.AppendUint32(text, b.ID[k])
				text = binary.LittleEndian.AppendUint16(text, b.N[k])
			}
		}
		if d.Values.Columns > 0 {
			for _, v := range d.Values.row(i) {
				text = binary.LittleEndian.AppendUint64(text, math.Float64bits(v+0)) // -0 is 0
			}
		}
		key := sha256.Sum256(text)
		at, ok := known[key]
		if !ok {
			at = len(first)
			known[key] = at
			first = append(first, i)
		}
		place = append(place, at)
	}
	return first, place
}

// subset returns some rows.
func (d Described) subset(rows []int) (s Described) {
	for _, b := range d.Bags {
		c := Bags{Start: []int{0}}
		for _, i := range rows {
			c.ID = append(c.ID, b.ID[b.Start[i]:b.Start[i+1]]...)
			c.N = append(c.N, b.N[b.Start[i]:b.Start[i+1]]...)
			c.Start = append(c.Start, len(c.ID))
		}
		s.Bags = append(s.Bags, c)
	}
	if d.Values.Columns > 0 {
		s.Values = Matrix{Rows: len(rows), Columns: d.Values.Columns}
		for _, i := range rows {
			s.Values.Values = append(s.Values.Values, d.Values.row(i)...)
		}
	}
	return s
}

// medianDistance returns the median of the squared distances of the values of 1,000 random pairs of rows, or 1 if it is 0.
func (d Described) medianDistance() float64 {
	random := rand.New(rand.NewPCG(1, 1))
	var all []float64
	for range 1000 {
		sum := 0.0
		a, b := d.Values.row(random.IntN(d.Values.Rows)), d.Values.row(random.IntN(d.Values.Rows))
		for j := range a {
			sum += (a[j] - b[j]) * (a[j] - b[j])
		}
		all = append(all, sum)
	}
	slices.Sort(all)
	if m := all[len(all)/2]; m > 0 {
		return m
	}
	return 1
}

// similarities computes the kernel between rows: the mean of the Tanimoto similarities of the bags of each kind, and of exp(-gamma d^2) with the
// distance d of the values.
type similarities struct {
	rows     Described
	postings []map[uint32][]posting // by kind
	totals   [][]int32              // by kind and row
	values   kernelRows
}

func newSimilarities(rows Described, gamma float64) *similarities {
	s := &similarities{rows: rows, values: newKernelRows(rows.Values, gamma)}
	for _, b := range rows.Bags {
		postings, totals := b.index()
		s.postings, s.totals = append(s.postings, postings), append(s.totals, totals)
	}
	return s
}

// parts is the number of kernels whose mean is taken.
func (s *similarities) parts() float64 {
	n := len(s.rows.Bags)
	if s.rows.Values.Columns > 0 {
		n++
	}
	return float64(n)
}

// addTanimoto adds the sums of the Tanimoto similarities between row i of d and all rows to dst. common is memory for as many numbers.
func (s *similarities) addTanimoto(dst []float64, common []int32, d Described, i int) {
	for kind, b := range d.Bags {
		commonCounts(common, s.postings[kind], b, i)
		total := b.total(i)
		for row, c := range common {
			if c > 0 {
				dst[row] += float64(c) / float64(total+s.totals[kind][row]-c)
			}
		}
	}
}

// of sets dst to the kernel between row i of d and all rows. more is memory for as many numbers.
func (s *similarities) of(dst, more []float64, common []int32, d Described, i int) {
	clear(dst)
	s.addTanimoto(dst, common, d, i)
	if s.rows.Values.Columns > 0 {
		s.values.of(more, d.Values.row(i))
		for k, v := range more {
			dst[k] += v
		}
	}
	parts := s.parts()
	for k := range dst {
		dst[k] /= parts
	}
}

// matrix returns the kernel between all rows, row-major.
func (s *similarities) matrix(ctx context.Context, threads int) ([]float32, error) {
	n := s.rows.Rows()
	k := make([]float32, n*n)
	if s.rows.Values.Columns > 0 {
		s.products(k, n, threads)
	}
	parts := s.parts()
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(max(1, threads), n) {
		group.Go(func() error {
			sums, common := make([]float64, n), make([]int32, n)
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				clear(sums)
				s.addTanimoto(sums, common, s.rows, i)
				row := k[i*n : (i+1)*n]
				for j, sum := range sums {
					if s.rows.Values.Columns > 0 {
						sum += math.Exp(-s.values.gamma * max(0, s.values.norms[i]+s.values.norms[j]-2*float64(row[j])))
					}
					row[j] = float32(sum / parts)
				}
			}
			return nil
		})
	}
	return k, group.Wait()
}

// products sets k to the scalar products of the values.
func (s *similarities) products(k []float32, n, threads int) {
	x := make([]float32, len(s.rows.Values.Values))
	for i, v := range s.rows.Values.Values {
		x[i] = float32(v)
	}
	w := kernel.NewWorkers(max(1, threads))
	defer w.Close()
	p := kernel.MatMul[float32]{M: n, N: n, K: s.rows.Values.Columns, A: x, B: x, TransB: true, C: k}
	p.Run(w)
}
