package onnx_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

var softsign = ops.Elementwise{
	Name:  "Softsign",
	F:     func(x float64) float64 { return x / (1 + math.Abs(x)) },
	Slope: func(x, y float64) float64 { d := 1 - math.Abs(y); return d * d },
}

func leaky(slope float64) nn.Activation {
	e := ops.Elementwise{
		Name: "LeakyReLU", Attrs: []any{slope},
		F: func(x float64) float64 { return max(x, slope*x) },
		Slope: func(x, y float64) float64 {
			if x > 0 {
				return 1
			}
			return slope
		},
	}
	return e.Apply
}

// custom uses ops that package onnx does not know: two of a user, and one of Gorgonia.
var custom = nn.Sequential{
	nn.Dense{Units: 6, Activation: softsign.Apply},
	nn.Dense{Units: 6, Activation: leaky(0.2)},
	nn.Dense{Units: 6, Activation: ops.ELU},
	nn.Dense{Units: 6, Activation: ops.Tanh, NoBias: true},
	nn.Dense{Units: 2, Activation: func(x *G.Node) (*G.Node, error) { return G.Cube(x) }},
}

// cube translates an op of one input into two nodes.
func cube(c *onnx.Call) (string, error) {
	square := c.Add("Mul", []string{c.Inputs[0], c.Inputs[0]})
	return c.Add("Mul", []string{square, c.Inputs[0]}), nil
}

func TestOwnOps(t *testing.T) {
	o := onnx.Options{Inputs: 4, Loss: graphs.MSE, Ops: map[string]onnx.Translator{
		"Softsign": onnx.Op("Softsign"),
		"LeakyReLU": func(c *onnx.Call) (string, error) {
			return c.Add("LeakyRelu", c.Inputs, onnx.Float("alpha", c.Attrs[0].(float64))), nil
		},
		"cube": cube,
	}}
	data := digits(t, graphs.MSE)
	if err := data.X.Reshape(rows*data.Inputs()/4, 4); err != nil {
		t.Fatal(err)
	}
	params := fresh(t, custom, o.Inputs)
	m := decode(t, write(t, custom, params, o))
	got := m.run(t, features(data), data.Len(), 4)
	if d := difference(t, got, predict(t, custom, params, data, graphs.MSE)); !(d <= 1e-5) {
		t.Errorf("predictions differ by %g", d)
	}
	for name, layer := range map[string]string{"Softsign": "dense1", "LeakyReLU": "dense2", "cube": "dense5"} {
		less := o
		less.Ops = map[string]onnx.Translator{}
		for k, v := range o.Ops {
			if k != name {
				less.Ops[k] = v
			}
		}
		err := onnx.Write(&bytes.Buffer{}, custom, params, less)
		if err == nil || !strings.Contains(err.Error(), `"`+layer+`"`) || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one that names %s and %s", err, layer, name)
		}
	}
}

// A link of one's own turns outputs into predictions: here the rate of a Poisson regression.
func TestOwnLink(t *testing.T) {
	loss := graphs.MSE
	loss.Link = func(row []float64) {
		for i, z := range row {
			row[i] = math.Exp(z)
		}
	}
	net := nn.Dense{Units: 3}
	data := digits(t, graphs.MSE)
	params := fresh(t, net, data.Inputs())
	m := decode(t, write(t, net, params, onnx.Options{Inputs: data.Inputs(), Loss: loss, Link: onnx.Op("Exp")}))
	got, want := m.run(t, features(data), rows, data.Inputs()), predict(t, net, params, data, loss)
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-5*want[i]) {
			t.Fatalf("prediction %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func TestBadTranslator(t *testing.T) {
	net := nn.Dense{Units: 3, Activation: ops.SELU}
	o := onnx.Options{Inputs: 2, Ops: map[string]onnx.Translator{"SELU": func(*onnx.Call) (string, error) { return "nowhere", nil }}}
	if err := onnx.Write(&bytes.Buffer{}, net, fresh(t, net, 2), o); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("error %v, want one that names the value", err)
	}
}
