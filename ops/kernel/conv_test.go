package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// convolution is a convolution with what it must give. The sums of magnitudes bound the errors.
type convolution[T Float] struct {
	Conv2D[T]
	images, weights, bias, grads  []T
	out, outBound                 []float64
	gradInput, gradInputBound     []float64
	gradWeights, gradWeightsBound []float64
	gotOut, gotInput, gotWeights  []T
}

// newConvolution makes a convolution of random numbers, computed in float64 by its definition.
func newConvolution[T Float](r *rand.Rand, s ConvShape, alloc func(n int) []T) *convolution[T] {
	random := func(n int) []T {
		x := alloc(n)
		for i := range x {
			x[i] = T(r.NormFloat64())
		}
		return x
	}
	c := &convolution[T]{Conv2D: Conv2D[T]{ConvShape: s}, images: random(s.images()), weights: random(s.weights()), bias: random(s.Filters),
		grads: random(s.outputs()), gotOut: alloc(s.outputs()), gotInput: alloc(s.images()), gotWeights: alloc(s.weights())}
	c.define()
	return c
}

// define computes what the results must be.
func (c *convolution[T]) define() {
	s := c.ConvShape
	zeros := func(n int) ([]float64, []float64) { return make([]float64, n), make([]float64, n) }
	c.out, c.outBound = zeros(s.outputs())
	c.gradInput, c.gradInputBound = zeros(s.images())
	c.gradWeights, c.gradWeightsBound = zeros(s.weights())
	height, width := s.Output()
	for o := range c.out {
		f := o / (height * width) % s.Filters
		c.out[o], c.outBound[o] = float64(c.bias[f]), math.Abs(float64(c.bias[f]))
		s.eachTap(o, func(i, w int) {
			x, v, g := float64(c.images[i]), float64(c.weights[w]), float64(c.grads[o])
			c.out[o] += x * v
			c.outBound[o] += math.Abs(x * v)
			c.gradInput[i] += v * g
			c.gradInputBound[i] += math.Abs(v * g)
			c.gradWeights[w] += x * g
			c.gradWeightsBound[w] += math.Abs(x * g)
		})
	}
}

// eachTap calls f for each product of output o: the indices of an element of the images and of a weight.
func (s ConvShape) eachTap(o int, f func(image, weight int)) {
	height, width := s.Output()
	x, y, filter, n := o%width, o/width%height, o/(width*height)%s.Filters, o/(width*height*s.Filters)
	for c := range s.Channels {
		for i := range s.KernelHeight {
			for j := range s.KernelWidth {
				iy, ix := y*s.Stride+i-s.Padding, x*s.Stride+j-s.Padding
				if iy >= 0 && iy < s.Height && ix >= 0 && ix < s.Width {
					f(((n*s.Channels+c)*s.Height+iy)*s.Width+ix, ((filter*s.Channels+c)*s.KernelHeight+i)*s.KernelWidth+j)
				}
			}
		}
	}
}

// run computes everything into buffers of NaN.
func (c *convolution[T]) run(w *Workers) {
	for _, x := range [][]T{c.gotOut, c.gotInput, c.gotWeights} {
		for i := range x {
			x[i] = T(math.NaN())
		}
	}
	c.Forward(w, c.gotOut, c.images, c.weights, c.bias)
	c.GradInput(w, c.gotInput, c.grads, c.weights)
	c.GradWeights(w, c.gotWeights, c.images, c.grads)
}

// compare compares with the definition. The errors of sums of tiles are relative to the largest element.
func (c *convolution[T]) compare(t rapid.TB, what string) {
	t.Helper()
	eps := 0x1p-50
	if _, single := any(T(0)).(float32); single {
		eps = 0x1p-21
	}
	for _, r := range []struct {
		name        string
		got         []T
		want, bound []float64
	}{
		{"outputs", c.gotOut, c.out, c.outBound}, {"gradient of the images", c.gotInput, c.gradInput, c.gradInputBound},
		{"gradient of the weights", c.gotWeights, c.gradWeights, c.gradWeightsBound},
	} {
		largest := 0.0
		for _, b := range r.bound {
			largest = math.Max(largest, b)
		}
		for i, want := range r.want {
			if got := float64(r.got[i]); !(math.Abs(got-want) <= eps*largest) {
				t.Fatalf("%s, %+v: element %d of the %s is %v, want %v", what, c.ConvShape, i, r.name, got, want)
			}
		}
	}
}

func drawConvolution(t *rapid.T) ConvShape {
	draw := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	s := ConvShape{Batch: draw("batch", 1, 4), Channels: draw("channels", 1, 40), Height: draw("height", 1, 12), Width: draw("width", 1, 20),
		Filters: draw("filters", 1, 70), KernelHeight: draw("kernel height", 1, 5), KernelWidth: draw("kernel width", 1, 5),
		Stride: draw("stride", 1, 4), Padding: draw("padding", 0, 3)}
	if draw("small filter", 0, 1) == 1 {
		s.KernelHeight, s.KernelWidth, s.Stride, s.Padding = 3, 3, 1, draw("padding", 0, 2)
	}
	s.Height, s.Width = max(s.Height, s.KernelHeight-2*s.Padding), max(s.Width, s.KernelWidth-2*s.Padding)
	return s
}

// TestConv2D: for all sizes and kernels, a convolution and its gradients are what the definition says.
func TestConv2D(t *testing.T) {
	workers := NewWorkers(3)
	defer workers.Close()
	rapid.Check(t, func(t *rapid.T) {
		s, seed := drawConvolution(t), rapid.Uint64().Draw(t, "seed")
		testConv2D[float32](t, s, seed, workers)
		testConv2D[float64](t, s, seed, workers)
	})
}

func testConv2D[T Float](t *rapid.T, s ConvShape, seed uint64, workers *Workers) {
	c := newConvolution(rand.New(rand.NewPCG(seed, 1)), s, func(n int) []T { return make([]T, n) })
	withVariants(func() {
		for _, way := range []struct {
			name           string
			direct, always bool
		}{{"direct", true, false}, {"tiles", false, true}} {
			c.Direct, c.always = way.direct, way.always
			c.run(nil)
			c.compare(t, way.name+" "+cpu.String())
			out, in, weights := slices.Clone(c.gotOut), slices.Clone(c.gotInput), slices.Clone(c.gotWeights)
			c.run(workers)
			if !slices.Equal(out, c.gotOut) || !slices.Equal(in, c.gotInput) || !slices.Equal(weights, c.gotWeights) {
				t.Fatalf("%s: results depend on the number of threads", way.name)
			}
		}
	})
}
