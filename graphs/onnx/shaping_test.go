package onnx_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// layerFunc is a layer made of a function.
type layerFunc func(b *nn.Binder, x *G.Node) (*G.Node, error)

func (f layerFunc) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) { return f(b, x) }

func weights(b *nn.Binder, name string, shape ...int) *G.Node {
	return G.Must(b.Param(name, nn.LeCunNormal, shape...))
}

// shaped are networks of the digits' 64 columns that move, join and add elements.
func shaped() map[string]nn.Layer {
	f := func(op func(x *G.Node) (*G.Node, error)) nn.Layer { return nn.Func(op) }
	dense := nn.Dense{Units: outputs}
	return map[string]nn.Layer{
		"branches": nn.Sequential{nn.Concat{
			nn.Dense{Units: 5, Activation: ops.SELU},
			f(func(x *G.Node) (*G.Node, error) { return ops.Slice(x, -1, 10, 20) }),
		}, dense},
		"images": nn.Sequential{
			nn.Reshape{4, 4, -1},
			f(func(x *G.Node) (*G.Node, error) { return ops.Transpose(x, 0, 2, 3, 1) }),
			f(func(x *G.Node) (*G.Node, error) { return ops.Slice(x, 1, 1, 3) }),
			f(func(x *G.Node) (*G.Node, error) { return ops.Concat(2, x, G.Must(ops.Tanh(x))) }),
			f(func(x *G.Node) (*G.Node, error) { return ops.Mean(x, 1) }), nn.Flatten{}, dense,
		},
		"attention": nn.Sequential{layerFunc(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			parts := G.Must(ops.Reshape(x, -1, 8, 8)) // without the number of rows
			scores := G.Must(ops.Softmax(G.Must(ops.Sum(G.Must(ops.Mul(parts, weights(b, "query", 8))), -1))))
			scores = G.Must(ops.Reshape(scores, x.Shape()[0], 8, 1)) // with it
			return ops.Sum(G.Must(ops.Mul(parts, scores)), 1)
		}), dense},
		"rows of parts": nn.Sequential{layerFunc(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			parts := G.Must(ops.MatMul(G.Must(ops.Reshape(x, -1, 8)), weights(b, "w", 8, 3)))
			return ops.Reshape(G.Must(ops.LogSoftmax(parts)), x.Shape()[0], -1)
		}), dense},
		"transposed": nn.Sequential{layerFunc(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			h := G.Must(ops.Apply(ops.MatMulDef(true, true), G.Must(ops.Transpose(x)), weights(b, "w", 7, 64)))
			return ops.Add(G.Must(ops.Copy(h)), G.Must(ops.Mean(weights(b, "v", 7, 2), 1)))
		}), dense},
		"elementary": layerFunc(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			h := G.Must(b.Apply("dense", dense, x))
			square := G.Must(ops.Square(h))
			root := G.Must(ops.Sqrt(G.Must(ops.Abs(h))))
			bell := G.Must(ops.Exp(G.Must(ops.Neg(square))))
			scale := G.Must(ops.Sum(weights(b, "scale", 2)))
			size := G.Must(ops.Reshape(G.Must(ops.Mean(square, 1)), x.Shape()[0], 1))
			y := G.Must(ops.Sub(G.Must(ops.Div(root, G.Must(ops.Add(size, bell)))), G.Must(ops.Mul(scale, bell))))
			return ops.Scale(G.Must(ops.Log(G.Must(ops.Add(G.Must(ops.Square(y)), bell)))), 0.5)
		}),
	}
}

// Networks of these ops, evaluated by the definitions of the ONNX operators, predict what Go predicts, for one row and for many.
func TestShaped(t *testing.T) {
	for name, layer := range shaped() {
		data := digits(t, graphs.MSE)
		net := fresh(t, layer, columns(data), graphs.MSE)
		m, want, x := decode(t, write(t, net, onnx.Options{})), predict(t, net, data), features(data)
		if slices.Max(want)-slices.Min(want) < 0.1 {
			t.Errorf("%s: all predictions are about %v", name, want[0])
		}
		for _, n := range []int{1, 3, rows} {
			got := m.run(t, x[:n*columns(data)], n, columns(data))
			if d := difference(t, got, want[:n*outputs]); !(d <= 1e-5) {
				t.Errorf("%s, %d rows: predictions differ by %g", name, n, d)
			}
		}
	}
}

// The same in onnxruntime.
func TestOnnxruntimeShaped(t *testing.T) {
	modules(t)
	for name, layer := range shaped() {
		data := digits(t, graphs.MSE)
		net := fresh(t, layer, columns(data), graphs.MSE)
		compare(t, name, onnxruntime(t, write(t, net, onnx.Options{}), features(data), columns(data)), predict(t, net, data))
	}
}

// An op that would mix the rows of a batch is an error that names the layer, the op and the reason.
func TestBatchAxisRefused(t *testing.T) {
	f := func(op func(x *G.Node) *G.Node) nn.Layer {
		return nn.Sequential{nn.Func(func(x *G.Node) (*G.Node, error) { return op(x), nil }), nn.Dense{Units: 1}}
	}
	type own struct{}
	for name, test := range map[string]struct {
		want  string
		layer nn.Layer
	}{
		"Sum":     {"axis 0 is that of the batch", f(func(x *G.Node) *G.Node { return G.Must(ops.Add(x, G.Must(ops.Sum(x, 0)))) })},
		"Mean":    {"axis 0 is that of the batch", f(func(x *G.Node) *G.Node { return G.Must(ops.Sub(x, G.Must(ops.Mean(x)))) })},
		"Softmax": {"axis 1 is that of the batch", f(func(x *G.Node) *G.Node { return G.Must(ops.Transpose(G.Must(ops.Softmax(G.Must(ops.Transpose(x)))))) })},
		"Slice":   {"axis 0 is that of the batch", f(func(x *G.Node) *G.Node { return G.Must(ops.Add(x, G.Must(ops.Slice(x, 0, 0, 1)))) })},
		"Concat": {"axis 0 is that of the batch", f(func(x *G.Node) *G.Node {
			return G.Must(ops.Slice(G.Must(ops.Concat(0, x, x)), 0, 0, x.Shape()[0]))
		})},
		"MatMul": {"axis 1 is that of the batch", f(func(x *G.Node) *G.Node {
			return G.Must(ops.MatMul(x, G.Must(ops.MatMul(G.Must(ops.Transpose(x)), x))))
		})},
		"Reshape": {"only one size may grow", f(func(x *G.Node) *G.Node {
			n := x.Shape()[0]
			all := G.Must(ops.Reshape(G.Must(ops.MatMul(x, G.Must(ops.Transpose(x)))), n, n, 1))
			return G.Must(ops.Add(x, G.Must(ops.Reshape(G.Must(ops.Slice(all, 1, 0, 1)), n, 1))))
		})},
		"Log": {"it has the name of a built-in op", f(func(x *G.Node) *G.Node {
			def := ops.ScaleDef(2)
			def.Name, def.ID = "Log", own{}
			return G.Must(ops.Apply(def, x))
		})},
	} {
		net := fresh(t, test.layer, 4, graphs.MSE)
		err := onnx.Write(&bytes.Buffer{}, net, onnx.Options{})
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "op "+name) || !strings.Contains(err.Error(), `"func1"`) {
			t.Errorf("%s: error %v, want %q", name, err, test.want)
		}
	}
}

// Translators of your own see where the rows are, and whole numbers may be constants.
func TestBatchAxis(t *testing.T) {
	net := fresh(t, nn.Sequential{nn.Reshape{2, 2}, nn.Func(func(x *G.Node) (*G.Node, error) { return ops.Transpose(x, 1, 0, 2) }),
		nn.Func(func(x *G.Node) (*G.Node, error) { return ops.Transpose(x, 1, 0, 2) }), nn.Flatten{}}, 4, graphs.MSE)
	var seen []int
	o := onnx.Options{Ops: map[string]onnx.Translator{"Transpose": func(c *onnx.Call) (string, error) {
		axis, err := c.BatchAxis(0)
		if err != nil {
			return "", err
		}
		shape, out, err := c.Output()
		if err != nil || shape.TotalSize() != 4 {
			t.Errorf("shape %v, error %v", shape, err)
		}
		if _, err := c.BatchAxis(1); err == nil {
			t.Error("the axis of an input that there is not")
		}
		seen = append(seen, axis, out)
		return c.Add("Transpose", c.Inputs, onnx.Ints("perm", 1, 0, 2)), nil
	}}}
	x := []float64{1, 2, 3, 4, 5, 6, 7, 8}
	if got := decode(t, write(t, net, o)).run(t, x, 2, 4); !slices.Equal(got, x) {
		t.Errorf("%v, want %v", got, x)
	}
	if !slices.Equal(seen, []int{0, 1, 1, 0}) {
		t.Errorf("batch axes %v", seen)
	}
	for _, c := range []*onnx.Call{nil, {}} {
		_, err := c.BatchAxis(math.MaxInt)
		_, _, err2 := c.Output()
		if err == nil || err2 == nil || c.Integers(1) != "" {
			t.Error("a call that nobody made has axes")
		}
	}
}
