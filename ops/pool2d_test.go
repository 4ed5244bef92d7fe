package ops_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func init() {
	for name, pool := range pools {
		public[name] = func(in [5]*G.Node, f float64) (*G.Node, error) {
			return pool(in[0], ops.Pool2DOptions{Size: int(f), Stride: int(f), Padding: int(f)})
		}
	}
	builders2["max_pool2d"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) {
		return ops.MaxPool2D(in["x"], ops.Pool2DOptions{Size: c.Attrs.Size, Stride: c.Attrs.Stride, Padding: c.Attrs.Padding})
	}
	builders2["avg_pool2d"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) {
		return ops.AvgPool2D(in["x"], ops.Pool2DOptions{Size: c.Attrs.Size, Stride: c.Attrs.Stride, Padding: c.Attrs.Padding})
	}
}

var pools = map[string]func(x *G.Node, o ops.Pool2DOptions) (*G.Node, error){"MaxPool2D": ops.MaxPool2D, "AvgPool2D": ops.AvgPool2D}

func TestPool2D(t *testing.T) {
	for _, pool := range pools {
		with := func(o ops.Pool2DOptions) func(in []*G.Node) (*G.Node, error) {
			return func(in []*G.Node) (*G.Node, error) { return pool(in[0], o) }
		}
		for _, o := range []ops.Pool2DOptions{{Size: 2}, {Size: 3, Stride: 2, Padding: 1}, {Size: 2, Stride: 1}, {Size: 1, Stride: 2}} {
			opstest.Check(t, opstest.Case{
				Build: with(o), Inputs: []opstest.Input{{Shape: tensor.Shape{3, 2, 5, 7}}},
				BadShapes: [][]tensor.Shape{{{3, 2}}, {{3, 2, 5}}, {{3, 2, 0, 5}}},
				Variants: []func(in []*G.Node) (*G.Node, error){
					with(ops.Pool2DOptions{Size: o.Size + 1, Stride: 1}), with(ops.Pool2DOptions{Size: o.Size + 1, Stride: 2}),
					with(ops.Pool2DOptions{Size: o.Size + 2, Stride: 2, Padding: 1}),
				},
			})
		}
	}
}

// gradAt runs a max pooling of an image of 4 x 4 and returns the output and the gradient of the image; that of output k is k+1.
func gradAt(t *testing.T, image []float64, o ops.Pool2DOptions, dtype tensor.Dtype) (out, grad []float64) {
	t.Helper()
	g := G.NewGraph()
	x := G.NewTensor(g, dtype, 4, G.WithName("x"), G.WithShape(1, 1, 4, 4), G.WithValue(oracle.Tensor{Shape: []int{1, 1, 4, 4}, Data: image}.Dense(dtype)))
	y, err := ops.MaxPool2D(x, o)
	y = must(t, y, err)
	upstream := make([]float64, y.Shape().TotalSize())
	for i := range upstream {
		upstream[i] = float64(i + 1)
	}
	u := G.NewTensor(g, dtype, 4, G.WithName("g"), G.WithShape(y.Shape()...), G.WithValue(oracle.Tensor{Shape: y.Shape(), Data: upstream}.Dense(dtype)))
	grads, err := G.Backpropagate(G.Nodes{y}, G.Nodes{u}, G.Nodes{x})
	if err != nil {
		t.Fatal(err)
	}
	runGraph(t, g)
	return oracle.Floats(y.Value()), oracle.Floats(grads[0].Value())
}

// The first of equal elements gets the gradient, the last of several NaNs does, and a window of -Inf alone passes it on to its first element.
func TestMaxPool2DTies(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	image := []float64{
		5, 5, 1, 7,
		5, 5, 7, 7,
		nan, 2, inf, inf,
		9, nan, inf, inf,
	}
	want := []float64{
		1, 0, 0, 2,
		0, 0, 0, 0,
		0, 0, 4, 0,
		0, 3, 0, 0,
	}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, o := range []ops.Pool2DOptions{{Size: 2}, {Size: 2, Stride: 2, Padding: 0}} {
			out, grad := gradAt(t, image, o, dtype)
			if out[0] != 5 || out[1] != 7 || !math.IsNaN(out[2]) || !math.IsInf(out[3], -1) {
				t.Errorf("outputs %v, want 5, 7, NaN, -Inf", out)
			}
			for i, w := range want {
				if grad[i] != w {
					t.Errorf("gradient %v, want %v", grad, want)
					break
				}
			}
		}
		// Windows that overlap add up.
		out, grad := gradAt(t, []float64{0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, ops.Pool2DOptions{Size: 3, Stride: 1}, dtype)
		if out[0] != 9 || grad[5] != 1+2+3+4 {
			t.Errorf("outputs %v, gradient %v: want 10 at the one largest element", out, grad)
		}
	}
}

// Settings out of range are errors.
func TestPool2DOptions(t *testing.T) {
	g := G.NewGraph()
	x := G.NewTensor(g, tensor.Float32, 4, G.WithShape(2, 3, 8, 8), G.WithName("x"))
	for name, pool := range pools {
		for _, o := range []ops.Pool2DOptions{{}, {Size: -1}, {Size: 2, Stride: -1}, {Size: 2, Padding: -1}, {Size: 3, Padding: 2}, {Size: 9},
			{Size: math.MaxInt, Padding: math.MaxInt / 2}} {
			if _, err := pool(x, o); err == nil {
				t.Errorf("%s %+v: no error", name, o)
			}
		}
		if y, err := pool(x, ops.Pool2DOptions{Size: 3, Stride: math.MaxInt, Padding: 1}); err != nil || !y.Shape().Eq(tensor.Shape{2, 3, 1, 1}) {
			t.Errorf("%s with the largest stride: %v, %v", name, y, err)
		}
	}
}
