package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The variants in assembly settle as the loop does, and touch nothing else.
func TestSettle(t *testing.T) {
	settles(t, engines32[:])
	settles(t, engines64[:])
}

func settles[T Float](t *testing.T, engines []*engine[T]) {
	r := rand.New(rand.NewPCG(5, 6))
	random := func(n int) []T {
		x := make([]T, n)
		for i := range x {
			x[i] = T(r.NormFloat64())
		}
		return x
	}
	for v := variant(0); v <= fastest(); v++ {
		e := engines[v]
		if e == nil || e.settle == nil {
			continue
		}
		for range 200 {
			rows, cols := 1+r.IntN(5), 1+r.IntN(70)
			sumRow, cRow := cols+r.IntN(9), cols+r.IntN(9)
			sum, want, bias, add := random(rows*sumRow), random(rows*cRow), random(cols), r.IntN(2) == 0
			if r.IntN(2) == 0 {
				bias = nil
			}
			got := slices.Clone(want)
			settleLoop(rows, cols, sum, sumRow, want, cRow, bias, add)
			e.settle(rows, cols, sum, sumRow, got, cRow, bias, add)
			if !slices.Equal(got, want) {
				t.Fatalf("%v: %d x %d, bias %v, add %v: %v, want %v", v, rows, cols, bias != nil, add, got, want)
			}
		}
	}
}

// settleLoop is settle as a plain loop.
func settleLoop[T Float](rows, cols int, sum []T, sumRow int, c []T, cRow int, bias []T, add bool) {
	for i := range rows {
		row := c[i*cRow:][:cols]
		for j, x := range sum[i*sumRow:][:cols] {
			if bias != nil {
				x += bias[j]
			}
			if add {
				x += row[j]
			}
			row[j] = x
		}
	}
}
