package ops_test

import (
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func init() {
	public["Conv2D"] = func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.Conv2D(in[0], in[1], in[2], ops.Conv2DOptions{Stride: int(f), Padding: int(f)})
	}
	others["CheckImages"] = func() { _ = ops.CheckImages("", nil) }
	builders2["conv2d"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) {
		return ops.Conv2D(in["x"], in["w"], in["b"], ops.Conv2DOptions{Stride: c.Attrs.Stride, Padding: c.Attrs.Padding})
	}
}

func conv2D(stride, padding int) func(in []*G.Node) (*G.Node, error) {
	return func(in []*G.Node) (*G.Node, error) {
		o := ops.Conv2DOptions{Stride: stride, Padding: padding}
		if len(in) == 2 {
			return ops.Conv2D(in[0], in[1], nil, o)
		}
		return ops.Conv2D(in[0], in[1], in[2], o)
	}
}

func TestConv2D(t *testing.T) {
	for _, c := range []struct {
		x, w            tensor.Shape
		stride, padding int
		biased          bool
	}{
		{tensor.Shape{4, 2, 5, 6}, tensor.Shape{3, 2, 3, 2}, 1, 0, true},
		{tensor.Shape{3, 2, 7, 5}, tensor.Shape{4, 2, 3, 3}, 2, 1, true},
		{tensor.Shape{3, 1, 4, 4}, tensor.Shape{2, 1, 2, 2}, 1, 1, false},   // one channel
		{tensor.Shape{2, 12, 5, 5}, tensor.Shape{13, 12, 3, 3}, 1, 1, true}, // Winograd's tiles, for float32
	} {
		inputs := []opstest.Input{{Shape: c.x}, {Shape: c.w, Shared: true}}
		if c.biased {
			inputs = append(inputs, opstest.Input{Shape: tensor.Shape{c.w[0]}, Shared: true})
		}
		bad := [][]tensor.Shape{
			{{4, 10}, c.w}, {c.x, {3, 2}}, {c.x, {3, 7, 3, 3}}, {c.x, {3, c.x[1], 30, 3}}, {c.x, {3, c.x[1], 3, 30}},
		}
		if c.biased {
			for i := range bad {
				bad[i] = append(bad[i], tensor.Shape{3})
			}
			bad = append(bad, []tensor.Shape{c.x, c.w, {c.w[0] + 1}}, []tensor.Shape{c.x, c.w, {c.w[0], 1}})
		}
		opstest.Check(t, opstest.Case{
			Build: conv2D(c.stride, c.padding), Inputs: inputs, BadShapes: bad,
			Variants: []func(in []*G.Node) (*G.Node, error){conv2D(c.stride+1, c.padding), conv2D(c.stride, c.padding+1)},
		})
	}
}

// The default stride is 1, and settings out of range are errors.
func TestConv2DOptions(t *testing.T) {
	g := G.NewGraph()
	x := G.NewTensor(g, tensor.Float32, 4, G.WithShape(2, 3, 8, 8), G.WithName("x"))
	w := G.NewTensor(g, tensor.Float32, 4, G.WithShape(4, 3, 3, 3), G.WithName("w"))
	a, err := ops.Conv2D(x, w, nil, ops.Conv2DOptions{})
	b, err2 := ops.Conv2D(x, w, nil, ops.Conv2DOptions{Stride: 1})
	if err != nil || err2 != nil || a != b || !a.Shape().Eq(tensor.Shape{2, 4, 6, 6}) {
		t.Errorf("%v, %v, errors %v, %v; want one node of shape (2, 4, 6, 6)", a, b, err, err2)
	}
	if far, err := ops.Conv2D(x, w, nil, ops.Conv2DOptions{Stride: math.MaxInt}); err != nil || !far.Shape().Eq(tensor.Shape{2, 4, 1, 1}) {
		t.Errorf("the largest stride: %v, %v", far, err)
	}
	for _, o := range []ops.Conv2DOptions{{Stride: -1}, {Padding: -1}, {Padding: math.MaxInt}} {
		if _, err := ops.Conv2D(x, w, nil, o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}

// After the first run, a graph of a convolution with its gradients runs without further memory for them, and the same for any number of
// threads, bit for bit.
func TestConv2DThreads(t *testing.T) {
	var want [][]float64
	for _, threads := range []int{1, 2, 5} {
		g := G.NewGraph()
		input := func(name string, seed uint64, shape ...int) *G.Node {
			x := oracle.Tensor{Shape: shape, Data: standardNormals(tensor.Shape(shape).TotalSize(), seed)}
			return G.NewTensor(g, tensor.Float32, len(shape), G.WithName(name), G.WithShape(shape...), G.WithValue(x.Dense(tensor.Float32)))
		}
		x, w, b := input("x", 1, 37, 16, 9, 11), input("w", 2, 20, 16, 3, 3), input("b", 3, 20)
		y, err := ops.Conv2D(x, w, b, ops.Conv2DOptions{Padding: 1})
		y = must(t, y, err)
		grads, err := G.Backpropagate(G.Nodes{y}, G.Nodes{input("g", 4, 37, 20, 9, 11)}, G.Nodes{x, w, b})
		if err != nil {
			t.Fatal(err)
		}
		workers := kernel.NewWorkers(threads)
		ops.UseWorkers(g, workers)
		runGraph(t, g)
		for i, n := range append(grads, y) {
			got := oracle.Floats(n.Value())
			if len(want) == i {
				want = append(want, got)
			}
			if !slices.Equal(got, want[i]) {
				t.Errorf("%d threads: result %d differs from that of one thread", threads, i)
			}
		}
		workers.Close()
	}
}
