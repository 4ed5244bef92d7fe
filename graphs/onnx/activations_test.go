package onnx_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// activation evaluates the ONNX ops that activations need.
func (n modelNode) activation(in []modelTensor) (modelTensor, bool) {
	f := map[string]func(v float64) float64{
		"Erf": math.Erf, "Sqrt": math.Sqrt, "Abs": math.Abs,
		"Softplus":    func(v float64) float64 { return math.Max(v, 0) + math.Log1p(math.Exp(-math.Abs(v))) },
		"HardSigmoid": func(v float64) float64 { return math.Max(0, math.Min(1, n.floats["alpha"]*v+n.floats["beta"])) },
		"HardSwish":   func(v float64) float64 { return v * math.Max(0, math.Min(1, v/6+0.5)) },
		"Clip":        func(v float64) float64 { return math.Max(in[1].values[0], math.Min(in[2].values[0], v)) },
	}[n.op]
	if f != nil {
		out := make([]float64, len(in[0].values))
		for i, v := range in[0].values {
			out[i] = f(v)
		}
		return modelTensor{in[0].shape, out}, true
	}
	switch n.op {
	case "PRelu":
		return broadcast(in[0], in[1], func(x, slope float64) float64 { return math.Max(x, 0) + slope*math.Min(x, 0) }), true
	case "Div":
		return broadcast(in[0], in[1], func(x, y float64) float64 { return x / y }), true
	case "Max":
		return broadcast(in[0], in[1], math.Max), true
	case "Min":
		return broadcast(in[0], in[1], math.Min), true
	}
	return modelTensor{}, false
}

// activationLayers are all activations of package ops, and RMSNorm, each as a layer.
var activationLayers = map[string]nn.Layer{
	"ELU": nn.Func(ops.ELU), "GELU": nn.Func(ops.GELU), "GELUTanh": nn.Func(ops.GELUTanh), "HardSigmoid": nn.Func(ops.HardSigmoid),
	"HardSwish": nn.Func(ops.HardSwish), "HardTanh": nn.Func(ops.HardTanh), "Mish": nn.Func(ops.Mish), "ReLU": nn.Func(ops.ReLU), "SELU": nn.Func(ops.SELU),
	"SERLU": nn.Func(ops.SERLU), "Sigmoid": nn.Func(ops.Sigmoid), "SiLU": nn.Func(ops.SiLU), "Softplus": nn.Func(ops.Softplus), "Tanh": nn.Func(ops.Tanh),
	"TanhGPN":        nn.Func(ops.TanhGPN),
	"LeakyReLU":      nn.Func(func(x *G.Node) (*G.Node, error) { return ops.LeakyReLU(x, 0.2) }),
	"SELUOf":         nn.SELU{Fixed: nn.FixedPoint{Variance: 2}},
	"PReLU":          nn.PReLU{Init: alternating},
	"ParametricSELU": nn.ParametricSELU{Init: alternating},
	"RMSNorm":        nn.RMSNorm{},
}

// alternating fills with different numbers, so that a mistaken column shows.
func alternating(_ *rand.Rand, values []float64, _ tensor.Shape) {
	for i := range values {
		values[i] = 0.25 + 0.5*float64(i%3)
	}
}

// activated returns inputs from far below 0 to far above, and the network of an activation.
func activated(t *testing.T, layer nn.Layer) (*graphs.Network, train.Matrix) {
	t.Helper()
	const rows, cols = 60, 5
	x := make([]float32, rows*cols)
	for i := range x {
		x[i] = float32(i-len(x)/2) / 10
	}
	x[0], x[1] = -1e4, 1e4
	data := train.Matrix{X: tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(x))}
	return fresh(t, nn.Sequential{layer, nn.Dense{Units: cols, NoBias: true, WeightInit: identity}}, cols, graphs.MSE), data
}

// identity fills a square matrix with the identity: a network needs a parameter.
func identity(_ *rand.Rand, values []float64, shape tensor.Shape) {
	for i := range shape[0] {
		values[i*shape[1]+i] = 1
	}
}

// closeTo compares predictions, relative to numbers larger than 1.
func closeTo(t *testing.T, name string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%s: %d values, want %d", name, len(got), len(want))
	}
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= 1e-5*math.Max(1, math.Abs(w))) {
			t.Errorf("%s: value %d is %v, want %v", name, i, got[i], w)
		}
	}
}

// Every activation, by the definitions of the ONNX operators, gives what Go gives, far away from 0 too.
func TestActivations(t *testing.T) {
	for name, layer := range activationLayers {
		net, data := activated(t, layer)
		closeTo(t, name, decode(t, write(t, net, onnx.Options{})).run(t, features(data), data.Len(), columns(data)), predict(t, net, data))
	}
}

// The same in onnxruntime.
func TestOnnxruntimeActivations(t *testing.T) {
	modules(t)
	for name, layer := range activationLayers {
		net, data := activated(t, layer)
		closeTo(t, name, onnxruntime(t, write(t, net, onnx.Options{}), features(data), columns(data)), predict(t, net, data))
	}
}

// A user's op with the name of a built-in one, which may be another formula, does not get its translation.
func TestNamesake(t *testing.T) {
	own := ops.Elementwise{Name: "Mish", F: func(x float64) float64 { return 2 * x }, Slope: func(_, _ float64) float64 { return 2 }}
	net := fresh(t, nn.Sequential{nn.Dense{Units: 3, Activation: own.Apply}}, 2, graphs.MSE)
	if err := onnx.Write(&bytes.Buffer{}, net, onnx.Options{}); err == nil || !strings.Contains(err.Error(), "op Mish has no translation") {
		t.Errorf("error %v, want that there is no translation", err)
	}
	write(t, net, onnx.Options{Ops: map[string]onnx.Translator{"Mish": onnx.Op("Identity")}})
}

// Alpha dropout of another fixed point is gone from the exported network.
func TestAlphaDropoutOfIsGone(t *testing.T) {
	fixed := nn.FixedPoint{Variance: 2}
	net, data := activated(t, nn.Sequential{nn.SELU{Fixed: fixed}, nn.AlphaDropout{Rate: 0.1, Fixed: fixed}})
	closeTo(t, "alpha dropout", decode(t, write(t, net, onnx.Options{})).run(t, features(data), data.Len(), columns(data)), predict(t, net, data))
}
