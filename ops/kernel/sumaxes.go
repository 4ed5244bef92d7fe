package kernel

// SumAxes sums a row-major tensor over some of its axes and multiplies the sums by a factor. It keeps its buffers, so that it allocates
// nothing after the first run. It is not safe for concurrent use.
//
// Sums along the last axis are float64 sums. Where the last axis stays, rows are added as ColumnSums adds them. The result does not depend
// on the number of threads.
type SumAxes[T Float] struct {
	job            // over the sums, or rows of sums
	nx, n   int    // number of elements of the operand and of the result
	inner   int    // size of the last axis
	summed  bool   // the last axis is summed
	rows    int    // of the innermost summed axis, where the last axis stays
	terms   []axis // the other summed axes
	factor  float64
	inside  []cursor  // of each thread, over terms
	blocks  []float64 // partial sums of a total
	columns bool      // pieces are ranges of columns
	dst, x  []T
}

// NewSumAxes returns a SumAxes for a tensor of the given shape.
func NewSumAxes[T Float](shape []int, summed []bool) *SumAxes[T] {
	steps := rowMajor(shape)
	axes := make([]axis, len(shape))
	for i, n := range shape {
		axes[i] = axis{size: n, x: steps[i]}
		if summed[i] && n > 1 {
			axes[i].y = -steps[i] // so that summed axes join each other only
		}
	}
	axes = joined(axes)
	last := len(axes) - 1
	s := &SumAxes[T]{nx: elementsOf(shape), inner: axes[last].size, summed: axes[last].y < 0, n: 1, rows: 1}
	for _, a := range axes[:last] {
		if a.y < 0 {
			s.terms = append(s.terms, axis{size: a.size, x: a.x})
		} else {
			s.outer = append(s.outer, axis{size: a.size, x: a.x})
			s.n *= a.size
		}
	}
	if !s.summed {
		s.n *= s.inner
		if k := len(s.terms) - 1; k >= 0 && s.terms[k].x == s.inner {
			s.rows, s.terms = s.terms[k].size, s.terms[:k]
		}
	}
	switch {
	case s.summed && s.n == 1:
		s.blocks = make([]float64, (s.nx+normBlock-1)/normBlock)
		s.run = s.blockPiece
	case s.summed:
		s.run = s.sumPiece
	default:
		s.run = s.rowPiece
	}
	return s
}

// Run sets dst to the sums of x times factor.
func (s *SumAxes[T]) Run(w *Workers, dst, x []T, factor float64) {
	check(s.n, dst)
	check(s.nx, x)
	s.dst, s.x, s.factor = dst, x, factor
	pieces := parts(w, s.nx)
	s.columns = !s.summed && s.n/s.inner < pieces
	switch {
	case s.columns:
		pieces = columnParts(w, s.nx, s.inner)
	case s.blocks == nil:
		pieces = min(pieces, positions(s.outer))
	}
	for len(s.inside) < pieces {
		s.inside = append(s.inside, newCursor(s.terms))
	}
	s.split(w, pieces)
	if s.blocks != nil {
		sum := 0.0
		for _, b := range s.blocks {
			sum += b
		}
		dst[0] = T(sum * factor)
	}
	s.dst, s.x = nil, nil
}

// blockPiece sums blocks of a total.
func (s *SumAxes[T]) blockPiece(piece int) {
	for i := len(s.blocks) * piece / s.pieces; i < len(s.blocks)*(piece+1)/s.pieces; i++ {
		s.blocks[i] = rowSum(s.x[i*normBlock : min(len(s.x), (i+1)*normBlock)])
	}
}

// sumPiece computes sums along the last axis.
func (s *SumAxes[T]) sumPiece(piece int) {
	at, in := &s.cursors[piece], &s.inside[piece]
	lo, hi := s.n*piece/s.pieces, s.n*(piece+1)/s.pieces
	at.seek(lo)
	for i := lo; i < hi; i++ {
		sum := 0.0
		in.seek(0)
		for range positions(s.terms) {
			sum += rowSum(s.x[at.x+in.x:][:s.inner])
			in.next()
		}
		s.dst[i] = T(sum * s.factor)
		at.next()
	}
}

// rowPiece computes rows of sums: some rows, or some columns of all rows.
func (s *SumAxes[T]) rowPiece(piece int) {
	at := &s.cursors[piece]
	n := s.n / s.inner
	lo, hi, from, to := n*piece/s.pieces, n*(piece+1)/s.pieces, 0, s.inner
	if s.columns {
		lo, hi = 0, n
		from, to = span(piece, s.pieces, s.inner)
	}
	at.seek(lo)
	for i := lo; i < hi && from < to; i++ {
		s.sumRow(s.dst[i*s.inner:][from:to], s.x[at.x+from:], &s.inside[piece], from)
		at.next()
	}
}

func (s *SumAxes[T]) sumRow(dst, x []T, in *cursor, from int) {
	clear(dst)
	in.seek(0)
	for range positions(s.terms) {
		for done := 0; done < s.rows; done += sumRows {
			rows := min(sumRows, s.rows-done)
			addSums(dst, x[in.x+done*s.inner:][:rows*s.inner-from], s.inner)
		}
		in.next()
	}
	if s.factor != 1 {
		scale(dst, T(s.factor))
	}
}
