package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A product with a packed matrix has the bits of the product with the matrix itself, for any number of threads.
func TestPackedAgrees(t *testing.T) {
	w := NewWorkers(3)
	defer w.Close()
	rapid.Check(t, func(t *rapid.T) {
		flag, size := rapid.Bool(), rapid.OneOf(rapid.IntRange(0, 70), rapid.IntRange(70, 600))
		s := shape{rapid.OneOf(rapid.IntRange(0, 30), rapid.IntRange(30, 400)).Draw(t, "m"), size.Draw(t, "n"), size.Draw(t, "k"),
			flag.Draw(t, "transA"), false, flag.Draw(t, "accumulate"), flag.Draw(t, "bias")}
		seed := rapid.Uint64().Draw(t, "seed")
		withVariants(func() {
			agreePacked[float32](t, w, s, seed)
			agreePacked[float64](t, w, s, seed)
		})
	})
}

// Rows whose distance is a multiple of a page are spread, and 33 blocks of 32 columns divide unevenly.
func TestPackedSpread(t *testing.T) {
	w := NewWorkers(2)
	defer w.Close()
	for _, s := range []shape{{m: 1, n: 1056, k: 1024}, {m: 16, n: 1024, k: 1024, bias: true}, {m: 400, n: 96, k: 1024, accumulate: true}, {m: 1024, n: 100, k: 300, transA: true}} {
		eachVariant(t, s.String(), func(t *testing.T) { agreePacked[float32](t, w, s, 1) })
	}
}

func agreePacked[T Float](t fataler, w *Workers, s shape, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0))
	random := func(n int) []T {
		x := make([]T, n)
		for i := range x {
			x[i] = T(r.NormFloat64())
		}
		return x
	}
	p := MatMul[T]{M: s.m, N: s.n, K: s.k, TransA: s.transA, Accumulate: s.accumulate, A: random(s.m * s.k), B: random(s.k * s.n), C: random(s.m * s.n)}
	if s.bias {
		p.Bias = random(s.n)
	}
	q := p
	q.B, q.Packed, q.C = nil, Pack(s.k, s.n, p.B), slices.Clone(p.C)
	p.Run(w)
	q.Run(w)
	if !slices.Equal(p.C, q.C) {
		t.Fatalf("%s, %v: the packed product of %T differs", cpu, s, p.C)
	}
}

// A source that changes later, and a product that another one has left its buffers to, do not matter.
func TestPackedIsACopy(t *testing.T) {
	b := []float32{1, 2, 3, 4}
	p := Pack(2, 2, b)
	b[0] = 9
	for range 2 {
		c := make([]float32, 2)
		(&MatMul[float32]{M: 1, N: 2, K: 2, A: []float32{1, 1}, Packed: p, C: c}).Run(nil)
		if !slices.Equal(c, []float32{4, 6}) {
			t.Fatal(c)
		}
		(&MatMul[float32]{M: 1, N: 2, K: 2, A: []float32{1, 1}, B: b, C: c}).Run(nil)
		if !slices.Equal(c, []float32{12, 6}) {
			t.Fatal(c)
		}
	}
}

// TestPackedSizes: sizes that contradict each other are a bug of the caller.
func TestPackedSizes(t *testing.T) {
	p := Pack(2, 3, make([]float32, 6))
	for name, f := range map[string]func(){
		"elements": func() { Pack(2, 3, make([]float32, 5)) },
		"negative": func() { Pack[float32](-1, -1, nil) },
		"shape": func() {
			(&MatMul[float32]{M: 1, N: 2, K: 3, A: make([]float32, 3), Packed: p, C: make([]float32, 2)}).Run(nil)
		},
		"both": func() {
			(&MatMul[float32]{M: 1, N: 3, K: 2, A: make([]float32, 2), B: make([]float32, 6), Packed: p, C: make([]float32, 3)}).Run(nil)
		},
		"transposed": func() {
			(&MatMul[float32]{M: 1, N: 3, K: 2, TransB: true, A: make([]float32, 2), Packed: p, C: make([]float32, 3)}).Run(nil)
		},
	} {
		if panicked(f) == nil {
			t.Errorf("%s: no panic", name)
		}
	}
}

func panicked(f func()) (r any) {
	defer func() { r = recover() }()
	f()
	return nil
}

// BenchmarkPacked multiplies few rows with the matrices of 8 layers, as they are and packed.
func BenchmarkPacked(b *testing.B) {
	const layers = 8
	w := NewWorkers(2)
	defer w.Close()
	r := rand.New(rand.NewPCG(1, 2))
	for _, units := range []int{64, 256, 1024} {
		weights, packed := make([][]float32, layers), make([]*Packed[float32], layers)
		for l := range weights {
			weights[l] = make([]float32, units*units)
			for i := range weights[l] {
				weights[l][i] = r.Float32() - .5
			}
			packed[l] = Pack(units, units, weights[l])
		}
		for _, rows := range []int{1, 4, 16, 64} {
			x, y := make([]float32, rows*units), make([]float32, rows*units)
			b.Run(fmt.Sprintf("units=%d/rows=%d/plain", units, rows), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for _, m := range weights {
						(&MatMul[float32]{M: rows, N: units, K: units, A: x, B: m, C: y}).Run(w)
					}
				}
			})
			b.Run(fmt.Sprintf("units=%d/rows=%d/packed", units, rows), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for _, m := range packed {
						(&MatMul[float32]{M: rows, N: units, K: units, A: x, Packed: m, C: y}).Run(w)
					}
				}
			})
		}
	}
}
