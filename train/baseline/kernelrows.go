package baseline

import (
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/ops/kernel"
)

// kernelRows computes the RBF kernel between a vector and all rows of a matrix.
type kernelRows struct {
	x     Matrix
	gamma float64
	norms []float64 // squares
}

func newKernelRows(x Matrix, gamma float64) kernelRows {
	return kernelRows{x: x, gamma: gamma, norms: rowNorms(x)}
}

// rowNorms returns the squares of the norms of the rows.
func rowNorms(x Matrix) []float64 {
	norms := make([]float64, x.Rows)
	for i := range norms {
		norms[i] = squaredNorm(x.row(i))
	}
	return norms
}

func squaredNorm(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return sum
}

// of sets dst to the kernel of each row and v.
func (k kernelRows) of(dst, v []float64) {
	if k.x.Rows == 0 {
		return
	}
	p := kernel.MatMul[float64]{M: k.x.Rows, K: k.x.Columns, N: 1, A: k.x.Values, B: v, C: dst}
	p.Run(nil)
	norm := squaredNorm(v)
	for i, product := range dst {
		dst[i] = math.Exp(-k.gamma * max(0, norm+k.norms[i]-2*product))
	}
}

// cache holds the kernel rows used last.
type cache struct {
	kernel kernelRows
	rows   [][]float64
	used   []int // indices in the order of their computation
	last   int   // the row asked for last
	limit  int   // number of rows, at least 2
}

// maxCache bounds the bytes of a cache.
const maxCache = 200 << 20

func newCache(k kernelRows) *cache {
	return &cache{kernel: k, rows: make([][]float64, k.x.Rows), limit: max(2, maxCache/8/max(1, k.x.Rows))}
}

// row returns the kernel of row i and all rows. It is valid until the second next call.
func (c *cache) row(i int) []float64 {
	defer func() { c.last = i }()
	if c.rows[i] != nil {
		return c.rows[i]
	}
	var memory []float64
	if len(c.used) == c.limit {
		at := 0
		if c.used[0] == c.last { // which is in use
			at = 1
		}
		oldest := c.used[at]
		memory, c.rows[oldest] = c.rows[oldest], nil
		c.used = slices.Delete(c.used, at, at+1)
	} else {
		memory = make([]float64, c.kernel.x.Rows)
	}
	c.kernel.of(memory, c.kernel.x.row(i))
	c.rows[i] = memory
	c.used = append(c.used, i)
	return memory
}
