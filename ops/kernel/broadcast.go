package kernel

import "fmt"

// Arithmetic is a function of two numbers.
type Arithmetic int

const (
	Sum        Arithmetic = iota // x + y
	Difference                   // x - y
	Product                      // x y
	Quotient                     // x / y
)

// Broadcast applies a function to two row-major tensors elementwise, by the rules of numpy: axes are counted from the last, a missing axis
// has size 1, and an axis of size 1 is repeated. It keeps its buffers, so that it allocates nothing after the first run. It is not safe for
// concurrent use.
type Broadcast[T Float] struct {
	job
	inner     axis
	apply     func(dst, x, y []T, sx, sy int)
	n, nx, ny int
	dst, x, y []T
}

// BroadcastShape returns the shape of the result for operands of shapes x and y. ok is false if they do not fit.
func BroadcastShape(x, y []int) (shape []int, ok bool) {
	shape = make([]int, max(len(x), len(y)))
	for i := range shape {
		a, b := fromLast(x, i, len(shape)), fromLast(y, i, len(shape))
		if a != b && a != 1 && b != 1 {
			return nil, false
		}
		shape[i] = a
		if a == 1 {
			shape[i] = b
		}
	}
	return shape, true
}

// fromLast returns the size of axis i of shape when it is extended to dims axes.
func fromLast(shape []int, i, dims int) int {
	if i -= dims - len(shape); i >= 0 {
		return shape[i]
	}
	return 1
}

// NewBroadcast returns a Broadcast for operands of shapes x and y. It panics if they do not fit.
func NewBroadcast[T Float](f Arithmetic, x, y []int) *Broadcast[T] {
	shape, ok := BroadcastShape(x, y)
	if !ok {
		panic(fmt.Sprintf("kernel: shapes %v and %v do not fit", x, y))
	}
	sx, sy := rowMajor(x), rowMajor(y)
	axes := make([]axis, len(shape))
	for i, n := range shape {
		axes[i].size = n
		if fromLast(x, i, len(shape)) > 1 {
			axes[i].x = sx[i-len(shape)+len(x)]
		}
		if fromLast(y, i, len(shape)) > 1 {
			axes[i].y = sy[i-len(shape)+len(y)]
		}
	}
	axes = joined(axes)
	b := &Broadcast[T]{inner: axes[len(axes)-1], apply: arithmeticOf[T](f), n: elementsOf(shape), nx: elementsOf(x), ny: elementsOf(y)}
	b.outer, b.run = axes[:len(axes)-1], b.piece
	return b
}

// Run sets dst to the result for x and y.
func (b *Broadcast[T]) Run(w *Workers, dst, x, y []T) {
	check(b.n, dst)
	check(b.nx, x)
	check(b.ny, y)
	b.dst, b.x, b.y = dst, x, y
	b.split(w, parts(w, b.n))
	b.dst, b.x, b.y = nil, nil, nil
}

// piece computes the elements of a piece, row by row; the first and the last row may be cut.
func (b *Broadcast[T]) piece(i int) {
	lo, hi := span(i, b.pieces, b.n)
	if lo >= hi {
		return
	}
	c, in := &b.cursors[i], b.inner
	c.seek(lo / in.size)
	for first := lo % in.size; lo < hi; first = 0 {
		n := min(in.size-first, hi-lo)
		b.apply(b.dst[lo:lo+n], b.x[c.x+first*in.x:], b.y[c.y+first*in.y:], in.x, in.y)
		lo += n
		c.next()
	}
}

// arithmeticOf returns the loop over a row. sx and sy are the steps, 0 or 1, but not both 0 for more than one element.
func arithmeticOf[T Float](f Arithmetic) func(dst, x, y []T, sx, sy int) {
	switch f {
	case Sum:
		return addRow[T]
	case Difference:
		return subtractRow[T]
	case Product:
		return multiplyRow[T]
	case Quotient:
		return divideRow[T]
	}
	panic(fmt.Sprintf("kernel: Arithmetic %d", f))
}

func addRow[T Float](dst, x, y []T, sx, sy int) {
	switch n := len(dst); {
	case sx == 1 && sy == 1:
		applyPointwise(&addition, dst, x[:n], y[:n], nil)
	case sx == 1:
		a := y[0]
		for i, v := range x[:n] {
			dst[i] = v + a
		}
	default:
		a := x[0]
		for i, v := range y[:n] {
			dst[i] = a + v
		}
	}
}

func multiplyRow[T Float](dst, x, y []T, sx, sy int) {
	switch n := len(dst); {
	case sx == 1 && sy == 1:
		applyPointwise(&multiply, dst, x[:n], y[:n], nil)
	case sx == 1:
		a := y[0]
		for i, v := range x[:n] {
			dst[i] = v * a
		}
	default:
		a := x[0]
		for i, v := range y[:n] {
			dst[i] = a * v
		}
	}
}

func subtractRow[T Float](dst, x, y []T, sx, sy int) {
	switch n := len(dst); {
	case sx == 1 && sy == 1:
		x, y = x[:n], y[:n]
		for i, v := range x {
			dst[i] = v - y[i]
		}
	case sx == 1:
		a := y[0]
		for i, v := range x[:n] {
			dst[i] = v - a
		}
	default:
		a := x[0]
		for i, v := range y[:n] {
			dst[i] = a - v
		}
	}
}

func divideRow[T Float](dst, x, y []T, sx, sy int) {
	switch n := len(dst); {
	case sx == 1 && sy == 1:
		x, y = x[:n], y[:n]
		for i, v := range x {
			dst[i] = v / y[i]
		}
	case sx == 1:
		a := y[0]
		for i, v := range x[:n] {
			dst[i] = v / a
		}
	default:
		a := x[0]
		for i, v := range y[:n] {
			dst[i] = a / v
		}
	}
}
