package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A row has the same bits among few rows, which stream through B, and among many, which are tiles. B is too large to be used in place.
func TestStreamsAgreeWithTiles(t *testing.T) {
	for variant := purego + 1; variant <= fastest(); variant++ {
		withVariant(variant, func() {
			testStreams[float32](t)
			testStreams[float64](t)
		})
	}
}

func testStreams[T Float](t *testing.T) {
	w := NewWorkers(3)
	defer w.Close()
	r := rand.New(rand.NewPCG(3, 4))
	random := func(n int) []T {
		x := make([]T, n)
		for i := range x {
			x[i] = T(r.NormFloat64())
		}
		return x
	}
	const many = streamMost + 9
	for _, size := range []struct{ n, k int }{{1029, 280}, {2051, 9}, {97, 515}, {160, 7}, {64, 256}, {40, 1}} {
		a, b, bias, c := random(many*size.k), random(size.k*size.n), random(size.n), random(many*size.n)
		for _, p := range []MatMul[T]{{}, {Bias: bias}, {Accumulate: true}, {Bias: bias, Accumulate: true}, {TransA: true}} {
			p.N, p.K, p.B = size.n, size.k, b
			product := func(first, rows int) []T {
				p.M, p.A, p.C = rows, a[first*size.k:][:rows*size.k], slices.Clone(c[first*size.n:][:rows*size.n])
				if p.TransA {
					p.A = transposed(p.A, rows, size.k)
				}
				p.Run(w)
				return p.C
			}
			whole := product(0, many)
			for _, rows := range []int{1, 2, 3, 4, 5, 7, streamMost, streamMost + 1} {
				for first := 0; first+rows <= many; first += 5 * rows {
					if got := product(first, rows); !slices.Equal(got, whole[first*size.n:][:rows*size.n]) {
						t.Fatalf("%s: %d x %d, %T, bias %v, add %v, transposed %v: rows %d to %d differ from those of %d rows",
							cpu, size.k, size.n, c[0], p.Bias != nil, p.Accumulate, p.TransA, first, first+rows-1, many)
					}
				}
			}
		}
	}
}

// transposed returns the transpose of a matrix of the given size.
func transposed[T Float](x []T, rows, cols int) []T {
	y := make([]T, len(x))
	for i := range rows {
		for j := range cols {
			y[j*rows+i] = x[i*cols+j]
		}
	}
	return y
}
