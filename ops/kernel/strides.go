package kernel

import "slices"

// axis is a dimension of a result, and the distance between neighbours along it in two operands: 0 where the operand is repeated.
type axis struct{ size, x, y int }

// joined drops axes of size 1 and joins neighbours that both operands step through as one. It returns at least one axis.
func joined(axes []axis) []axis {
	var out []axis
	for _, a := range axes {
		if a.size == 1 {
			continue
		}
		if n := len(out); n > 0 && out[n-1].x == a.size*a.x && out[n-1].y == a.size*a.y {
			out[n-1] = axis{out[n-1].size * a.size, a.x, a.y}
			continue
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		out = append(out, axis{1, 1, 1})
	}
	return out
}

// rowMajor returns the distance between neighbours along each axis of a row-major tensor.
func rowMajor(shape []int) []int {
	steps, n := make([]int, len(shape)), 1
	for i := len(shape) - 1; i >= 0; i-- {
		steps[i], n = n, n*shape[i]
	}
	return steps
}

// elementsOf returns the number of elements of a tensor.
func elementsOf(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// cursor walks through all positions along outer axes in order, and keeps the offsets in both operands.
type cursor struct {
	axes []axis
	at   []int
	x, y int
}

func newCursor(axes []axis) cursor {
	return cursor{axes: slices.Clone(axes), at: make([]int, len(axes))}
}

// seek moves to position i.
func (c *cursor) seek(i int) {
	c.x, c.y = 0, 0
	for k := len(c.axes) - 1; k >= 0; k-- {
		a := c.axes[k]
		c.at[k] = i % a.size
		i /= a.size
		c.x += c.at[k] * a.x
		c.y += c.at[k] * a.y
	}
}

// next moves to the next position; after the last comes the first.
func (c *cursor) next() {
	for k := len(c.axes) - 1; k >= 0; k-- {
		a := c.axes[k]
		c.at[k]++
		c.x += a.x
		c.y += a.y
		if c.at[k] < a.size {
			return
		}
		c.at[k] = 0
		c.x -= a.size * a.x
		c.y -= a.size * a.y
	}
}

// positions returns the number of positions along all axes.
func positions(axes []axis) int {
	n := 1
	for _, a := range axes {
		n *= a.size
	}
	return n
}

// job is work that is divided among threads without allocating: the function and the cursors of each thread are made once.
type job struct {
	outer   []axis
	cursors []cursor
	run     func(piece int)
	pieces  int
}

// split runs the job in pieces, at most one for each thread.
func (j *job) split(w *Workers, pieces int) {
	for len(j.cursors) < pieces {
		j.cursors = append(j.cursors, newCursor(j.outer))
	}
	j.pieces = pieces
	w.Run(pieces, j.run)
}
