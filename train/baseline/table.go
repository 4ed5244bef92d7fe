package baseline

import (
	"context"
	"math"
	"sync/atomic"

	"github.com/pkg/errors"
	"golang.org/x/sync/errgroup"
)

// Source is a table of numbers that is read by rows, such as a datasets.Features.
type Source interface {
	// Dims returns the number of rows and columns.
	Dims() (rows, cols int)
	// Gather copies some rows to dst, row i to dst[i*stride:].
	Gather(dst []float32, stride int, rows []int) error
}

// Table holds numbers in the form in which trees read them: of each column the distinct values in ascending order, and for each row which of
// them it has. It holds only the other rows of a column in which most have the same value. It is read-only, so that several trainings may
// share it.
type Table struct {
	rows    int
	columns []column
	single  bool     // all values are float32
	twin    []uint64 // by row: equal for rows that are equal
}

// NewTable reads a table in parts, so that it is never in memory as numbers. threads is the number of goroutines; 0 means 1. It returns an
// error if a value is not finite, and errors of the source.
func NewTable(ctx context.Context, s Source, threads int) (*Table, error) {
	if ctx == nil || s == nil {
		return nil, errors.New("baseline: table: there is no context or no source")
	}
	rows, columns := s.Dims()
	if rows < 0 || rows > math.MaxInt32 || columns < 1 || columns > maxColumns || threads < 0 {
		return nil, errors.Errorf("baseline: table: %d rows of %d columns, %d threads", rows, columns, threads)
	}
	t := &Table{rows: rows, columns: make([]column, columns), single: true}
	all := make([]int, rows)
	for i := range all {
		all[i] = i
	}
	width := max(1, min(columns, partSize/max(1, rows)))
	part := make([]float32, width*rows) // column after column
	buffer := make([]float32, min(rows, gatherRows)*columns)
	for lo := 0; lo < columns; lo += width {
		hi := min(lo+width, columns)
		if err := transpose(ctx, part, s, all, buffer, lo, hi, columns); err != nil {
			return nil, err
		}
		err := t.fill(ctx, lo, hi, threads, func(j int, into []float64) {
			for i, v := range part[(j-lo)*rows : (j-lo+1)*rows] {
				into[i] = float64(v)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	t.findTwins()
	return t, nil
}

const (
	maxColumns = 1 << 24
	partSize   = 1 << 23 // values
	gatherRows = 64
)

// transpose copies the columns lo to hi of a source to part.
func transpose(ctx context.Context, part []float32, s Source, all []int, buffer []float32, lo, hi, columns int) error {
	for from := 0; from < len(all); from += gatherRows {
		if err := ctx.Err(); err != nil {
			return errors.Wrap(err, "baseline: table")
		}
		some := all[from:min(from+gatherRows, len(all))]
		if err := s.Gather(buffer, columns, some); err != nil {
			return errors.Wrap(err, "baseline: table")
		}
		for i := range some {
			for j, v := range buffer[i*columns+lo : i*columns+hi] {
				part[j*len(all)+from+i] = v
			}
		}
	}
	return nil
}

// tableOf returns the table of a matrix that is known to be valid.
func tableOf(ctx context.Context, x Matrix) (*Table, error) {
	t := &Table{rows: x.Rows, columns: make([]column, x.Columns)}
	err := t.fill(ctx, 0, x.Columns, 1, func(j int, into []float64) {
		for i := range into {
			into[i] = x.Values[i*x.Columns+j]
		}
	})
	if err != nil {
		return nil, err
	}
	t.findTwins()
	return t, nil
}

// fill makes the columns lo to hi; read copies the values of a column.
func (t *Table) fill(ctx context.Context, lo, hi, threads int, read func(j int, into []float64)) error {
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	next.Store(int64(lo))
	for range max(1, threads) {
		group.Go(func() error {
			values := make([]float64, t.rows)
			for j := int(next.Add(1)) - 1; j < hi; j = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return errors.Wrap(err, "baseline: table")
				}
				read(j, values)
				for i, v := range values {
					if v-v != 0 {
						return errors.Errorf("baseline: table: row %d, column %d is %v, want a finite number", i, j, v)
					}
				}
				t.columns[j] = columnOf(values)
			}
			return nil
		})
	}
	return group.Wait()
}

// findTwins gives equal rows equal numbers. Different rows have different ones but for a chance of 2^-64; a node of such rows would be a leaf.
func (t *Table) findTwins() {
	t.twin = make([]uint64, t.rows)
	for j := range t.columns {
		c := &t.columns[j]
		if c.sparse {
			for k, r := range c.others {
				t.twin[r] += mix(uint64(j)<<32 | uint64(c.ranks[k]))
			}
			continue
		}
		for r := range t.twin {
			t.twin[r] += mix(uint64(j)<<32 | uint64(c.rank(int32(r))))
		}
	}
}

// mix is the finalizer of SplitMix64 (Steele et al. 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Dims returns the number of rows and columns.
func (t *Table) Dims() (rows, columns int) {
	if t == nil {
		return 0, 0
	}
	return t.rows, len(t.columns)
}

// NewMatrix copies some rows of a source to a matrix. It returns the errors of the source.
func NewMatrix(s Source, rows []int) (Matrix, error) {
	if s == nil {
		return Matrix{}, errors.New("baseline: matrix: there is no source")
	}
	n, columns := s.Dims()
	if columns < 1 || columns > maxColumns || len(rows) > math.MaxInt32 {
		return Matrix{}, errors.Errorf("baseline: matrix: %d rows of %d columns", len(rows), columns)
	}
	for _, r := range rows {
		if r < 0 || r >= n {
			return Matrix{}, errors.Errorf("baseline: matrix: row %d of %d", r, n)
		}
	}
	x := Matrix{Rows: len(rows), Columns: columns, Values: make([]float64, 0, len(rows)*columns)}
	buffer := make([]float32, min(gatherRows, len(rows))*columns)
	for lo := 0; lo < len(rows); lo += gatherRows {
		some := rows[lo:min(lo+gatherRows, len(rows))]
		if err := s.Gather(buffer, columns, some); err != nil {
			return Matrix{}, errors.Wrap(err, "baseline: matrix")
		}
		for _, v := range buffer[:len(some)*columns] {
			x.Values = append(x.Values, float64(v))
		}
	}
	return x, nil
}
