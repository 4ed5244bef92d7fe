package kernel

// Transpose copies a row-major tensor with its axes in another order. It keeps its buffers, so that it allocates nothing after the first
// run. It is not safe for concurrent use.
type Transpose[T Float] struct {
	job             // over the axes that are neither rows nor columns; y is the step in the result
	n          int  // number of elements
	rows, cols axis // the axis along which the operand is contiguous, and the last of the result
	bands      int  // of rows
	tiles      [][]T
	step       int // from row to row of a tile
	dst, x     []T
}

// tile is the number of rows and columns that are transposed at a time, through a buffer: so both sides are read and written in runs of several
// cache lines, even where the lines of a column compete for one place in the cache. Rows of the buffer have one element more for the same reason.
const tile = 128

// NewTranspose returns a Transpose for an operand of the given shape. Axis i of the result is axis order[i] of the operand.
func NewTranspose[T Float](shape, order []int) *Transpose[T] {
	steps, result := rowMajor(shape), make([]int, len(shape))
	for i, k := range order {
		result[i] = shape[k]
	}
	axes := make([]axis, len(shape))
	for i, step := range rowMajor(result) {
		axes[i] = axis{result[i], steps[order[i]], step}
	}
	axes = joined(axes)
	t := &Transpose[T]{n: elementsOf(shape)}
	last := len(axes) - 1
	t.cols, t.rows = axes[last], axis{1, 1, 1}
	for i, a := range axes[:last] {
		if a.x == 1 && t.cols.x != 1 {
			t.rows = a
			axes = append(axes[:i], axes[i+1:]...)
			break
		}
	}
	t.step = min(tile, t.rows.size) + 1
	t.bands = (t.rows.size + tile - 1) / tile
	t.outer = append([]axis{}, axes[:len(axes)-1]...)
	t.run = t.piece
	return t
}

// Run sets dst to the transposed x.
func (t *Transpose[T]) Run(w *Workers, dst, x []T) {
	check(t.n, dst, x)
	t.dst, t.x = dst, x
	pieces := min(parts(w, t.n), t.bands*positions(t.outer))
	for len(t.tiles) < pieces {
		t.tiles = append(t.tiles, make([]T, min(tile, t.cols.size)*t.step))
	}
	t.split(w, pieces)
	t.dst, t.x = nil, nil
}

func (t *Transpose[T]) piece(piece int) {
	c, all := &t.cursors[piece], t.bands*positions(t.outer)
	lo, hi := all*piece/t.pieces, all*(piece+1)/t.pieces
	c.seek(lo / t.bands)
	for i := lo; i < hi; i++ {
		band := i % t.bands * tile
		if t.cols.x == 1 {
			copy(t.dst[c.y:][:t.cols.size], t.x[c.x:])
		} else {
			t.band(t.dst[c.y:], t.x[c.x:], t.tiles[piece], band, min(t.rows.size, band+tile))
		}
		if i%t.bands == t.bands-1 {
			c.next()
		}
	}
}

// band copies rows r0 to r1 of a matrix, tile by tile.
func (t *Transpose[T]) band(dst, x, buffer []T, r0, r1 int) {
	for c0 := 0; c0 < t.cols.size; c0 += tile {
		c1 := min(t.cols.size, c0+tile)
		for c := c0; c < c1; c++ {
			copy(buffer[(c-c0)*t.step:][:r1-r0], x[c*t.cols.x+r0:])
		}
		for r := r0; r < r1; r++ {
			out, at := dst[r*t.rows.y+c0:][:c1-c0], r-r0
			for j := range out {
				out[j] = buffer[at]
				at += t.step
			}
		}
	}
}
