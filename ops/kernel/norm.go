package kernel

// Norm measures and scales slices. It keeps its buffers, so that it allocates nothing after the first calls. The zero value is ready to
// use. It is not safe for concurrent use.
type Norm[T Float] struct {
	x      []T
	factor T
	pieces int
	sums   []float64 // of the squares, by block

	square, scale func(piece int)
}

// normBlock is the number of elements whose squares are summed at a time, whatever the number of threads.
const normBlock = 1 << 12

// Squared returns the sum of the squares of x.
func (n *Norm[T]) Squared(w *Workers, x []T) (sum float64) {
	blocks := (len(x) + normBlock - 1) / normBlock
	for len(n.sums) < blocks {
		n.sums = append(n.sums, 0)
	}
	if n.square == nil {
		n.square = n.squarePiece
	}
	n.run(w, x, n.square)
	for _, s := range n.sums[:blocks] {
		sum += s
	}
	return sum
}

func (n *Norm[T]) squarePiece(piece int) {
	blocks := (len(n.x) + normBlock - 1) / normBlock
	for i := blocks * piece / n.pieces; i < blocks*(piece+1)/n.pieces; i++ {
		n.sums[i] = rowSquares(n.x[i*normBlock:min(len(n.x), (i+1)*normBlock)], 0)
	}
}

// Scale multiplies the elements of x by a factor.
func (n *Norm[T]) Scale(w *Workers, x []T, factor float64) {
	if n.scale == nil {
		n.scale = n.scalePiece
	}
	n.factor = T(factor)
	n.run(w, x, n.scale)
}

func (n *Norm[T]) scalePiece(piece int) {
	lo, hi := span(piece, n.pieces, len(n.x))
	scale(n.x[lo:hi], n.factor)
}

// run calls f for each piece of x.
func (n *Norm[T]) run(w *Workers, x []T, f func(piece int)) {
	n.x, n.pieces = x, parts(w, len(x))
	w.Run(n.pieces, f)
	n.x = nil
}
