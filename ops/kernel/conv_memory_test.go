package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// usual is a layer of a network for small images.
var usual = ConvShape{Batch: 128, Channels: 16, Height: 28, Width: 28, Filters: 32, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}

func zerosOf[T Float](n int) []T { return make([]T, n) }

// TestConv2DMemory: the buffers are no larger than announced.
func TestConv2DMemory(t *testing.T) {
	workers := NewWorkers(3)
	defer workers.Close()
	rapid.Check(t, func(t *rapid.T) {
		s := drawConvolution(t)
		for _, direct := range []bool{true, false} {
			c := newConvolution(rand.New(rand.NewPCG(1, 1)), s, zerosOf[float32])
			c.Direct, c.always = direct, !direct
			for _, pass := range []struct {
				f     func()
				bytes int
			}{
				{func() { c.Forward(workers, c.gotOut, c.images, c.weights, c.bias) }, c.ForwardMemory(3)},
				{func() { c.GradInput(workers, c.gotInput, c.grads, c.weights) }, c.GradInputMemory(3)},
				{func() { c.GradWeights(workers, c.gotWeights, c.images, c.grads) }, c.GradWeightsMemory(3)},
			} {
				convPool32.idle = nil
				pass.f()
				if got := convPool32.idle[0].bytes(); got > pass.bytes+len(convPool32.idle[0].failed) {
					t.Fatalf("%+v: buffers of %d bytes, announced %d", s, got, pass.bytes)
				}
			}
		}
	})
}

// TestConv2DBound: images and outputs are most of the memory of a batch; there is no unfolded matrix.
func TestConv2DBound(t *testing.T) {
	for _, threads := range []int{1, 2, 8} {
		c := Conv2D[float32]{ConvShape: usual}
		data := 4 * (usual.images() + usual.outputs())
		for name, bytes := range map[string]int{
			"Forward": c.ForwardMemory(threads), "GradInput": c.GradInputMemory(threads), "GradWeights": c.GradWeightsMemory(threads),
		} {
			if data+bytes > 3*data || threads <= 2 && bytes > data/8 {
				t.Errorf("%s on %d threads: buffers of %d bytes for images and outputs of %d", name, threads, bytes, data)
			}
		}
	}
}

// TestConv2DAllocations: after the first run, nothing is allocated.
func TestConv2DAllocations(t *testing.T) {
	for _, threads := range []int{1, 3} {
		w := NewWorkers(threads)
		for _, direct := range []bool{false, true} {
			s := usual
			s.Batch = 4
			c := newConvolution(rand.New(rand.NewPCG(1, 1)), s, zerosOf[float32])
			c.Direct = direct
			c.run(w)
			if n := testing.AllocsPerRun(10, func() { c.run(w) }); n != 0 {
				t.Errorf("%d threads, direct %v: %g allocations", threads, direct, n)
			}
		}
		w.Close()
	}
}

// TestConv2DNotFinite: what is not finite reaches the results that depend on it and no others, whatever the algorithm.
func TestConv2DNotFinite(t *testing.T) {
	s := ConvShape{Batch: 3, Channels: 16, Height: 9, Width: 8, Filters: 17, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1}
	for _, x := range []float32{float32(math.NaN()), float32(math.Inf(1)), 1e30, 1e20} {
		r := rand.New(rand.NewPCG(1, 1))
		c := newConvolution(r, s, zerosOf[float32])
		for _, spoil := range [][]float32{c.images, c.grads} {
			plane := r.IntN(len(spoil) / (s.Height * s.Width)) // not at an edge: padding is a zero, and zero times NaN is NaN
			spoil[(plane*s.Height+1+r.IntN(s.Height-2))*s.Width+1+r.IntN(s.Width-2)] = x
		}
		c.weights[0] = 2
		c.define()
		eachVariant(t, "convolution", func(t *testing.T) {
			c.run(nil)
			for i, want := range c.out {
				same(t, "output", i, c.gotOut[i], want)
			}
			for i, want := range c.gradInput {
				same(t, "gradient of an image", i, c.gotInput[i], want)
			}
			for i, want := range c.gradWeights {
				same(t, "gradient of a weight", i, c.gotWeights[i], want)
			}
		})
	}
}

// same compares up to rounding; an infinity in float32 may be a large number in float64.
func same(t *testing.T, what string, i int, got float32, want float64) {
	t.Helper()
	switch {
	case math.IsNaN(want):
		if got == got && !math.IsInf(float64(got), 0) {
			t.Errorf("%s %d is %v, want NaN", what, i, got)
		}
	case math.Abs(want) > math.MaxFloat32/4:
		if !(math.Abs(float64(got)) > math.MaxFloat32/8) && got == got {
			t.Errorf("%s %d is %v, want %v", what, i, got, want)
		}
	case !(math.Abs(float64(got)-want) <= 1e-3*math.Max(1, math.Abs(want))):
		t.Errorf("%s %d is %v, want %v", what, i, got, want)
	}
}

// TestPlaneSums: the sums over batch and pixels are those of float64.
func TestPlaneSums(t *testing.T) {
	w := NewWorkers(3)
	defer w.Close()
	rapid.Check(t, func(t *rapid.T) {
		batch, channels, plane := rapid.IntRange(1, 40).Draw(t, "batch"), rapid.IntRange(1, 40).Draw(t, "channels"), rapid.IntRange(1, 90).Draw(t, "plane")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		x, want := make([]float32, batch*channels*plane), make([]float64, channels)
		for i := range x {
			x[i] = float32(r.NormFloat64())
			want[i/plane%channels] += float64(x[i])
		}
		withVariants(func() {
			one, many := make([]float32, channels), make([]float32, channels)
			PlaneSums(nil, one, x, make([]float32, PlaneScratch*channels), plane)
			PlaneSums(w, many, x, make([]float32, PlaneScratch*channels), plane)
			for c, v := range one {
				if math.Abs(float64(v)-want[c]) > 1e-3 || v != many[c] {
					t.Fatalf("channel %d: %v, with threads %v, want %v", c, v, many[c], want[c])
				}
			}
		})
	})
}
