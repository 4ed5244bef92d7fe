package kernel

import (
	"math"
	"slices"
	"testing"
)

// elementShapes are the sizes of matrices to test: all short rows, and some that need strips, blocks of rows and tails.
var elementShapes = func() (s [][2]int) {
	for n := range 131 {
		s = append(s, [2]int{1, n}, [2]int{n, 1})
	}
	return append(s, [2]int{3, 7}, [2]int{130, 12}, [2]int{128, 129}, [2]int{17, 257}, [2]int{300, 33}, [2]int{2, 4099}, [2]int{0, 5})
}()

// run returns the outputs of a case as one slice.
func run[T Float](c elementCase[T], w *Workers, o *operands[T]) []float64 {
	c.run(w, o)
	var all []float64
	out, _ := o.slices()
	for _, s := range out {
		for _, v := range *s {
			all = append(all, float64(v))
		}
	}
	return append(all, o.results...)
}

// differ returns the first index at which x and y differ by more than rounding, relative to numbers larger than 1, or -1.
func differ(x, y []float64, rounding float64) int {
	for i, v := range x {
		switch {
		case math.IsNaN(v) && math.IsNaN(y[i]), math.Float64bits(v) == math.Float64bits(y[i]):
		case rounding > 0 && math.Abs(v-y[i]) <= rounding*max(1, math.Abs(v)):
		default:
			return i
		}
	}
	return -1
}

// defined reports whether the case is defined for a matrix of that size, and for special numbers.
func (c elementCase[T]) defined(rows, cols int, special bool) bool {
	switch c.name {
	case "CrossEntropy", "CrossEntropyGrad", "CrossEntropyRows", "ColumnMoments", "RowSums", "GatherRows":
		return rows*cols > 0
	case "LayerNorm", "LayerNormGrad", "RMSNorm", "RMSNormGrad": // sums whose order matters much if huge numbers cancel
		return !special
	}
	return true
}

// TestVariantsAgree: every variant gives what the plain loops give, to the bit or to rounding, for every size.
func TestVariantsAgree(t *testing.T) {
	for _, shape := range elementShapes {
		for _, special := range []bool{false, true} {
			o := newOperands[float32](shape[0], shape[1], special)
			for _, c := range elementCases[float32]() {
				if !c.defined(shape[0], shape[1], special) {
					continue
				}
				var want []float64
				withVariant(purego, func() { want = run(c, nil, o.fresh()) })
				withVariants(func() {
					got := run(c, nil, o.fresh())
					if i := differ(want, got, c.rounding); i >= 0 {
						t.Errorf("%v: %s, %v elements, special numbers %v: output %d is %g, want %g", cpu, c.name, shape, special, i, got[i], want[i])
					}
				})
			}
		}
	}
}

// withVariant runs f with the kernels of v.
func withVariant(v variant, f func()) {
	defer func(v variant) { cpu = v }(cpu)
	cpu = v
	f()
}

// TestFloat64Agrees: float32 kernels give what the same kernel gives in float64, to the precision of float32.
func TestFloat64Agrees(t *testing.T) {
	doubles := elementCases[float64]()
	eachVariant(t, "elements", func(t *testing.T) {
		for i, c := range elementCases[float32]() {
			for _, shape := range [][2]int{{40, 17}, {200, 40}} {
				got := run(c, nil, newOperands[float32](shape[0], shape[1], false))
				want := run(doubles[i], nil, newOperands[float64](shape[0], shape[1], false))
				if i := differ(want, got, 5e-6); i >= 0 {
					t.Errorf("%s, %v elements: output %d is %g, want %g", c.name, shape, i, got[i], want[i])
				}
			}
		}
	})
}

// TestThreadsAgree: results do not depend on the number of threads.
func TestThreadsAgree(t *testing.T) {
	defer func(g int) { grain = g }(grain)
	grain = 64
	var pools []*Workers
	for _, threads := range []int{2, 5} {
		w := NewWorkers(threads)
		defer w.Close()
		pools = append(pools, w)
	}
	eachVariant(t, "elements", func(t *testing.T) {
		for _, shape := range [][2]int{{1, 5*64 + 77}, {5*64 + 77, 1}, {150, 12}, {7, 500}, {140, 133}} {
			o := newOperands[float32](shape[0], shape[1], true)
			for _, c := range elementCases[float32]() {
				want := run(c, nil, o.fresh())
				for _, w := range pools {
					got := run(c, w, o.fresh())
					if i := differ(want, got, 0); i >= 0 {
						t.Errorf("%s, %v elements, %d threads: output %d is %g, want %g", c.name, shape, w.Threads(), i, got[i], want[i])
					}
				}
			}
		}
	})
}

// TestPlacesAgree: results do not depend on where slices begin, sources stay unchanged, and nothing outside is written.
func TestPlacesAgree(t *testing.T) {
	eachVariant(t, "elements", func(t *testing.T) {
		for _, shape := range [][2]int{{5, 13}, {3, 64}, {2, 200}, {1, 1}} {
			original := newOperands[float32](shape[0], shape[1], true)
			for _, c := range elementCases[float32]() {
				want := run(c, nil, original.fresh())
				for offset := range 17 {
					o := original.fresh()
					intact := surround(o, offset)
					got := run(c, nil, o)
					if i := differ(want, got, 0); i >= 0 {
						t.Errorf("%s, %v elements, offset %d: output %d is %g, want %g", c.name, shape, offset, i, got[i], want[i])
					}
					if !intact() {
						t.Errorf("%s, %v elements, offset %d: a source or something outside the slices was written to", c.name, shape, offset)
					}
				}
			}
		}
	})
}

// surround moves all slices to memory of their own, at an offset and between sentinels. The function that it returns
// reports whether the sentinels and the sources are unchanged.
func surround(o *operands[float32], offset int) (intact func() bool) {
	const room = 32
	fence := slices.Repeat([]float32{12345.5}, 2*room)
	out, in := o.slices()
	var kept, now [][]float32
	for i, s := range append(out, in...) {
		around := slices.Concat(fence[:room+offset], *s, fence[offset:])
		*s = around[room+offset:][:len(*s)]
		now = append(now, around[:room+offset], around[room+offset+len(*s):])
		if i >= len(out) {
			now = append(now, *s)
		}
	}
	for _, s := range now {
		kept = append(kept, slices.Clone(s))
	}
	return func() bool { return slices.EqualFunc(now, kept, sameBits) }
}

func sameBits(x, y []float32) bool {
	return slices.EqualFunc(x, y, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) })
}

// TestSerialAllocations: work that stays on the caller's thread allocates nothing.
func TestSerialAllocations(t *testing.T) {
	w := NewWorkers(2)
	defer w.Close()
	eachVariant(t, "elements", func(t *testing.T) {
		o := newOperands[float32](20, 30, false)
		for _, c := range elementCases[float32]() {
			o.results = make([]float64, 0, 64)
			if n := testing.AllocsPerRun(10, func() { c.run(w, o) }); n > 0 {
				t.Errorf("%s makes %g allocations", c.name, n)
			}
		}
	})
}

// TestLengths: slices of different lengths are a panic, not a read or write outside.
func TestLengths(t *testing.T) {
	for _, c := range elementCases[float32]() {
		o := newOperands[float32](4, 5, false)
		o.x, o.a, o.p, o.beta = o.x[:9], o.a[:15], o.p[:5], o.beta[:3]
		func() {
			defer func() {
				if single := c.name == "SELUInPlace" || c.name == "Norm"; recover() == nil && !single {
					t.Errorf("%s: no panic", c.name)
				}
			}()
			c.run(nil, o)
		}()
	}
}
