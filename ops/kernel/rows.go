package kernel

import "math"

// Rows applies a function to the rows of matrices, divided among the threads. It allocates nothing after the first run. It is not safe for
// concurrent use.
type Rows[T Float] struct {
	f         func(dst, x, y []T)
	cols      int
	dst, x, y []T
	pieces    int
	run       func(piece int)
}

// NewRows returns a Rows for matrices of cols columns. f computes a row of the result from the same row of two matrices.
func NewRows[T Float](cols int, f func(dst, x, y []T)) *Rows[T] {
	r := &Rows[T]{cols: cols, f: f}
	r.run = r.piece
	return r
}

// Run sets the rows of dst from those of x and y; y is nil for a function of one matrix.
func (r *Rows[T]) Run(w *Workers, dst, x, y []T) {
	checkColumns(r.cols, dst)
	check(len(dst), x)
	if y != nil {
		check(len(dst), y)
	}
	r.dst, r.x, r.y = dst, x, y
	r.pieces = max(1, min(parts(w, len(dst)), len(dst)/max(1, r.cols)))
	w.Run(r.pieces, r.run)
	r.dst, r.x, r.y = nil, nil, nil
}

func (r *Rows[T]) piece(piece int) {
	rows := len(r.dst) / max(1, r.cols)
	for i := rows * piece / r.pieces; i < rows*(piece+1)/r.pieces; i++ {
		lo, hi := i*r.cols, (i+1)*r.cols
		r.f(r.dst[lo:hi], r.x[lo:hi], section(r.y, lo, hi))
	}
}

// SoftmaxGrad sets dst to the gradient of Softmax for one row: y (g - sum(g y)), where y is the output.
func SoftmaxGrad[T Float](dst, g, y []T) {
	check(len(dst), g, y)
	sum := 0.0
	for j, v := range g {
		sum += float64(v) * float64(y[j])
	}
	for j, v := range g {
		dst[j] = T(float64(y[j]) * (float64(v) - sum))
	}
}

// LogSoftmax sets dst to x - log(sum(e^x)) of one row.
func LogSoftmax[T Float](dst, row []T) {
	check(len(row), dst)
	lse, _ := LogSumExp(row)
	for j, v := range row {
		dst[j] = T(float64(v) - lse)
	}
}

// LogSoftmaxGrad sets dst to the gradient of LogSoftmax for one row: g - e^y sum(g), where y is the output.
func LogSoftmaxGrad[T Float](dst, g, y []T) {
	check(len(dst), g, y)
	sum := rowSum(g)
	for j, v := range g {
		dst[j] = T(float64(v) - sum*math.Exp(float64(y[j])))
	}
}
