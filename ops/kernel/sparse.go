package kernel

import (
	"fmt"
)

// CSR is a matrix in compressed sparse rows: row i has Values[k] in column Columns[k] for Start[i] <= k < Start[i+1], and zeros elsewhere.
// Columns may come in any order; the values of equal columns of a row add up. A nil Start means that there is no matrix.
type CSR[T Float] struct {
	Start, Columns []int
	Values         []T
}

// RowSums multiplies a sparse matrix with a dense one: row i of Dst is Bias plus the sum of Values[k] times row Columns[k] of X, over the
// elements k of row i of A. Each row is one sum from left to right, whatever the number of threads and the CPU, so results are bit-equal.
// It allocates nothing after the first run. The zero value is ready to be filled in.
type RowSums[T Float] struct {
	// A is the sparse matrix. Its columns must be rows of X.
	A CSR[T]
	// X and Dst are row-major, with rows of Width elements.
	X, Dst []T
	Width  int
	// Bias is the start of each sum. Nil means zero.
	Bias []T
	// To holds the row of Dst for each row of A. Nil means the same row.
	To []int

	pieces int
	piece  func(piece int)
}

// Run computes Dst on the threads of w.
func (s *RowSums[T]) Run(w *Workers) {
	rows, stored := len(s.A.Start)-1, len(s.A.Columns)
	if len(s.A.Values) != stored || rows >= 0 && s.A.Start[rows] != stored || s.Bias != nil && len(s.Bias) != s.Width {
		panic(fmt.Sprintf("kernel: a sparse matrix of %d starts, %d columns and %d values, a bias of %d elements for rows of %d",
			len(s.A.Start), stored, len(s.A.Values), len(s.Bias), s.Width))
	}
	if s.piece == nil {
		s.piece = s.runPiece
	}
	s.pieces = max(1, min(parts(w, (rows+stored)*s.Width), rows))
	w.Run(s.pieces, s.piece)
}

// runPiece computes some of the rows, which together hold about as many elements as those of any other piece.
func (s *RowSums[T]) runPiece(piece int) {
	for i := s.bound(piece); i < s.bound(piece+1); i++ {
		to := i
		if s.To != nil {
			to = s.To[i]
		}
		dst := s.Dst[to*s.Width : (to+1)*s.Width]
		if s.Bias != nil {
			copy(dst, s.Bias)
		} else {
			clear(dst)
		}
		lo, hi := s.A.Start[i], s.A.Start[i+1]
		addRows(dst, s.X, s.A.Columns[lo:hi], s.A.Values[lo:hi])
	}
}

// bound returns the first row of a piece. Each row weighs as much as one of its elements.
func (s *RowSums[T]) bound(piece int) int {
	rows := len(s.A.Start) - 1
	if piece >= s.pieces {
		return rows
	}
	want := (rows + len(s.A.Columns)) / s.pieces * piece
	lo, hi := 0, rows
	for lo < hi { // sort.Search would allocate
		if i := (lo + hi) / 2; s.A.Start[i]+i < want {
			lo = i + 1
		} else {
			hi = i
		}
	}
	return lo
}

// addRows adds rows of x, times their values, to dst.
func addRows[T Float](dst, x []T, columns []int, values []T) {
	if len(dst) == 0 {
		return
	}
	if f := addRows32[cpu]; f != nil {
		if d, ok := any(dst).([]float32); ok {
			rows := len(x) / len(dst)
			for _, c := range columns {
				if uint(c) >= uint(rows) {
					panic(fmt.Sprintf("kernel: row %d of %d", c, rows))
				}
			}
			f(d, f32(x), columns, f32(values))
			return
		}
	}
	for k, c := range columns {
		v, row := values[k], x[c*len(dst):][:len(dst)]
		for j, y := range row {
			dst[j] += T(v * y)
		}
	}
}

// GatherRows copies rows of x, of width elements each, to dst, one after the other.
func GatherRows[T Float](w *Workers, dst, x []T, rows []int, width int) {
	check(len(rows)*width, dst)
	if n := min(parts(w, len(dst)), len(rows)); n > 1 {
		w.Run(n, func(i int) { gatherRows(dst, x, rows, len(rows)*i/n, len(rows)*(i+1)/n, width) })
		return
	}
	gatherRows(dst, x, rows, 0, len(rows), width)
}

func gatherRows[T Float](dst, x []T, rows []int, lo, hi, width int) {
	for i := lo; i < hi; i++ {
		copy(dst[i*width:(i+1)*width], x[rows[i]*width:])
	}
}
