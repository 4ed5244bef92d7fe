package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestPool2D: for all sizes, pooling and its gradients are what the definition says, for any number of threads.
func TestPool2D(t *testing.T) {
	w := NewWorkers(3)
	defer w.Close()
	defer func(g int) { grain = g }(grain)
	grain = 16
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
		s := PoolShape{Planes: draw("planes", 1, 9), Height: draw("height", 1, 9), Width: draw("width", 1, 9), Size: draw("size", 1, 4), Stride: draw("stride", 1, 4)}
		s.Padding = draw("padding", 0, s.Size/2)
		s.Height, s.Width = max(s.Height, s.Size), max(s.Width, s.Size)
		testPool(t, w, s, rapid.Uint64().Draw(t, "seed"))
	})
}

func testPool(t *rapid.T, w *Workers, s PoolShape, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	height, width := s.Output()
	x, g := make([]float64, s.Planes*s.Height*s.Width), make([]float64, s.Planes*height*width)
	for i := range x {
		x[i] = float64(r.IntN(5)) // with ties
		if r.IntN(20) == 0 {
			x[i] = math.NaN()
		}
	}
	for i := range g {
		g[i] = float64(1 + r.IntN(100))
	}
	largest, mean := make([]float64, len(g)), make([]float64, len(g))
	largestGrad, meanGrad := make([]float64, len(x)), make([]float64, len(x))
	for o := range g {
		best, at, sum := math.Inf(-1), -1, 0.0
		y, col, base := o/width%height, o%width, o/(width*height)*s.Height*s.Width
		for i := y*s.Stride - s.Padding; i < y*s.Stride-s.Padding+s.Size; i++ {
			for j := col*s.Stride - s.Padding; j < col*s.Stride-s.Padding+s.Size; j++ {
				if i < 0 || i >= s.Height || j < 0 || j >= s.Width {
					continue
				}
				k := base + i*s.Width + j
				if at < 0 || x[k] > best || math.IsNaN(x[k]) {
					best, at = x[k], k
				}
				sum += x[k]
				meanGrad[k] += g[o] / float64(s.Size*s.Size)
			}
		}
		largest[o], mean[o] = best, sum/float64(s.Size*s.Size)
		largestGrad[at] += g[o]
	}
	for _, workers := range []*Workers{nil, w} {
		out, in := make([]float64, len(g)), make([]float64, len(x))
		MaxPool(workers, out, x, s)
		closeTo(t, s, "largest elements", out, largest)
		AvgPool(workers, out, x, s)
		closeTo(t, s, "means", out, mean)
		MaxPoolGrad(workers, in, g, x, s)
		closeTo(t, s, "gradient of the largest elements", in, largestGrad)
		AvgPoolGrad(workers, in, g, s)
		closeTo(t, s, "gradient of the means", in, meanGrad)
	}
}

func closeTo(t *rapid.T, s PoolShape, what string, got, want []float64) {
	if !slices.EqualFunc(got, want, func(a, b float64) bool {
		return math.Abs(a-b) <= 1e-12*(1+math.Abs(b)) || math.IsNaN(a) && math.IsNaN(b)
	}) {
		t.Fatalf("%+v: %s are %v, want %v", s, what, got, want)
	}
}
