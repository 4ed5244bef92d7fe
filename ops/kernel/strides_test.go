package kernel

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// position returns the index along each axis of element i of a row-major tensor.
func position(shape []int, i int) []int {
	at := make([]int, len(shape))
	for k := len(shape) - 1; k >= 0; k-- {
		at[k], i = i%shape[k], i/shape[k]
	}
	return at
}

// index is the inverse of position; axes of size 1 are repeated, and missing leading axes ignored.
func index(shape, at []int) int {
	i, at := 0, at[len(at)-len(shape):]
	for k, n := range shape {
		i = i*n + min(at[k], n-1)
	}
	return i
}

// threaded runs f on one thread and on three with tiny pieces, and checks that the results are equal, that further runs allocate nothing,
// and that the elements are those of want.
func threaded(t *rapid.T, what string, n int, tolerance float64, want func(i int) float64, f func(w *Workers, dst []float64)) {
	was := grain
	defer func() { grain = was }()
	workers := NewWorkers(3)
	defer workers.Close()
	one, three := make([]float64, n), make([]float64, n)
	f(nil, one)
	grain = 1
	f(workers, three)
	if !slices.EqualFunc(one, three, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }) {
		t.Fatalf("%s: %v on one thread, %v on three", what, one, three)
	}
	if allocs := testing.AllocsPerRun(1, func() { f(workers, three) }); allocs > 0 {
		t.Fatalf("%s: %v allocations", what, allocs)
	}
	for i, got := range one {
		if w := want(i); !(math.Abs(got-w) <= tolerance*(1+math.Abs(w))) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, got, w)
		}
	}
}

func drawShape(t *rapid.T) []int {
	return rapid.SliceOfN(rapid.SampledFrom([]int{1, 1, 2, 3, 5, 33}), 0, 4).Draw(t, "shape")
}

func drawTensor(t *rapid.T, shape []int) []float64 {
	x, seed := make([]float64, elementsOf(shape)), rapid.Float64Range(0.1, 3).Draw(t, "seed")
	for i := range x {
		x[i] = math.Sin(seed*float64(i+1)) + 0.01
	}
	return x
}

func TestBroadcastProperty(t *testing.T) {
	functions := []func(a, b float64) float64{
		func(a, b float64) float64 { return a + b }, func(a, b float64) float64 { return a - b },
		func(a, b float64) float64 { return a * b }, func(a, b float64) float64 { return a / b },
	}
	rapid.Check(t, func(t *rapid.T) {
		shape := drawShape(t)
		operand := func(name string) ([]int, []float64) {
			s := slices.Clone(shape)
			for i := range s {
				if rapid.Bool().Draw(t, name+" repeats") {
					s[i] = 1
				}
			}
			s = s[rapid.IntRange(0, len(s)).Draw(t, name+" misses"):]
			return s, drawTensor(t, s)
		}
		sx, x := operand("x")
		sy, y := operand("y")
		out, ok := BroadcastShape(sx, sy)
		if !ok {
			t.Fatalf("%v and %v do not fit", sx, sy)
		}
		for f, want := range functions {
			b := NewBroadcast[float64](Arithmetic(f), sx, sy)
			threaded(t, "broadcast", elementsOf(out), 0, func(i int) float64 {
				at := position(out, i)
				return want(x[index(sx, at)], y[index(sy, at)])
			}, func(w *Workers, dst []float64) { b.Run(w, dst, x, y) })
		}
	})
}

func TestSumAndRepeatProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := drawShape(t)
		x := drawTensor(t, shape)
		summed, kept := make([]bool, len(shape)), slices.Clone(shape)
		for i := range shape {
			if summed[i] = rapid.Bool().Draw(t, "summed"); summed[i] {
				kept[i] = 1
			}
		}
		sums := make([]float64, elementsOf(kept))
		for i, v := range x {
			sums[index(kept, position(shape, i))] += v
		}
		s := NewSumAxes[float64](shape, summed)
		threaded(t, "sum", len(sums), 1e-12, func(i int) float64 { return sums[i] * 0.5 }, func(w *Workers, dst []float64) { s.Run(w, dst, x, 0.5) })
		r := NewRepeat[float64](shape, summed)
		threaded(t, "repeat", len(x), 0, func(i int) float64 { return 2 * sums[index(kept, position(shape, i))] },
			func(w *Workers, dst []float64) { r.Run(w, dst, sums, 2) })
	})
}

func TestTransposeProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := drawShape(t)
		x, order := drawTensor(t, shape), make([]int, len(shape))
		for i := range order {
			order[i] = i
		}
		order = rapid.Permutation(order).Draw(t, "order")
		result := make([]int, len(shape))
		for i, k := range order {
			result[i] = shape[k]
		}
		p := NewTranspose[float64](shape, order)
		threaded(t, "transpose", len(x), 0, func(i int) float64 {
			at := make([]int, len(shape))
			for k, j := range position(result, i) {
				at[order[k]] = j
			}
			return x[index(shape, at)]
		}, func(w *Workers, dst []float64) { p.Run(w, dst, x) })
	})
}

func TestBlocksAndRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, cols := rapid.IntRange(1, 40).Draw(t, "rows"), rapid.IntRange(1, 40).Draw(t, "cols")
		x, y := drawTensor(t, []int{rows, cols}), drawTensor(t, []int{rows, cols})
		from := rapid.IntRange(0, cols-1).Draw(t, "from")
		b := Blocks[float64]{Count: rows, Size: cols - from, From: from, FromStep: cols, ToStep: cols - from}
		threaded(t, "blocks", rows*b.Size, 0, func(i int) float64 { return x[i/b.Size*cols+from+i%b.Size] },
			func(w *Workers, dst []float64) { b.Run(w, dst, x) })
		softmax := NewRows(cols, func(dst, x, _ []float64) { Softmax(dst, x) })
		threaded(t, "softmax", len(x), 1e-14, func(i int) float64 {
			sum := 0.0
			for _, v := range x[i/cols*cols:][:cols] {
				sum += math.Exp(v)
			}
			return math.Exp(x[i]) / sum
		}, func(w *Workers, dst []float64) { softmax.Run(w, dst, x, nil) })
		grad := NewRows(cols, SoftmaxGrad[float64])
		threaded(t, "softmax gradient", len(x), 1e-14, func(i int) float64 {
			sum, row := 0.0, i/cols*cols
			for j := range cols {
				sum += x[row+j] * y[row+j]
			}
			return y[i] * (x[i] - sum)
		}, func(w *Workers, dst []float64) { grad.Run(w, dst, x, y) })
	})
}

// Large tensors take the paths with several threads, blocks of a total and rows of sums.
func TestSumAxesLarge(t *testing.T) {
	workers := NewWorkers(2)
	defer workers.Close()
	for _, c := range []struct {
		shape  []int
		summed []bool
	}{
		{[]int{300, 200}, []bool{true, true}}, {[]int{300, 200}, []bool{true, false}}, {[]int{300, 200}, []bool{false, true}},
		{[]int{2, 150, 200}, []bool{true, false, true}}, {[]int{2, 150, 200}, []bool{false, true, false}}, {[]int{20, 3, 50, 20}, []bool{true, false, true, false}},
	} {
		x := make([]float32, elementsOf(c.shape))
		for i := range x {
			x[i] = float32(math.Cos(float64(i)))
		}
		s := NewSumAxes[float32](c.shape, c.summed)
		one, two := make([]float32, s.n), make([]float32, s.n)
		s.Run(nil, one, x, 1)
		s.Run(workers, two, x, 1)
		if !slices.Equal(one, two) {
			t.Errorf("%v over %v: threads change the sums", c.shape, c.summed)
		}
		if allocs := testing.AllocsPerRun(5, func() { s.Run(workers, two, x, 1) }); allocs > 0 {
			t.Errorf("%v over %v: %v allocations", c.shape, c.summed, allocs)
		}
		kept := slices.Clone(c.shape)
		for i, is := range c.summed {
			if is {
				kept[i] = 1
			}
		}
		want := make([]float64, s.n)
		for i, v := range x {
			want[index(kept, position(c.shape, i))] += float64(v)
		}
		for i := range want {
			if !(math.Abs(float64(one[i])-want[i]) <= 1e-5*(1+math.Abs(want[i]))) {
				t.Errorf("%v over %v: sum %d is %v, want %v", c.shape, c.summed, i, one[i], want[i])
			}
		}
	}
}
