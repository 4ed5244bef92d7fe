package onnx_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/pkg/errors"
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
	o := onnx.Options{Ops: map[string]onnx.Translator{
		"Softsign": onnx.Op("Softsign"),
		"LeakyReLU": func(c *onnx.Call) (string, error) {
			return c.Add("LeakyRelu", c.Inputs, onnx.Float("alpha", c.Attrs[0].(float64))), nil
		},
		"cube": cube,
	}}
	data := digits(t, graphs.MSE)
	if err := data.X.Reshape(rows*columns(data)/4, 4); err != nil {
		t.Fatal(err)
	}
	data.Y = nil
	net := fresh(t, custom, 4, graphs.MSE)
	m := decode(t, write(t, net, o))
	got := m.run(t, features(data), data.Len(), 4)
	if d := difference(t, got, predict(t, net, data)); !(d <= 1e-5) {
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
		err := onnx.Write(&bytes.Buffer{}, net, less)
		if err == nil || !strings.Contains(err.Error(), `"`+layer+`"`) || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one that names %s and %s", err, layer, name)
		}
	}
}

// Your own loss with its own link: here the rate of a Poisson regression.
func TestOwnLink(t *testing.T) {
	loss := graphs.MSE
	loss.Name, loss.Link = "Poisson", graphs.Custom
	loss.Predict = func(row []float64) {
		for i, z := range row {
			row[i] = math.Exp(z)
		}
	}
	data := digits(t, graphs.MSE)
	net := fresh(t, nn.Dense{Units: outputs}, columns(data), loss)
	m := decode(t, write(t, net, onnx.Options{Link: onnx.Op("Exp")}))
	got, want := m.run(t, features(data), rows, columns(data)), predict(t, net, data)
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-5*want[i]) {
			t.Fatalf("prediction %d is %v, want %v", i, got[i], want[i])
		}
	}
	logits := decode(t, write(t, net, onnx.Options{Logits: true})).run(t, features(data), rows, columns(data))
	for i := range want {
		if !(math.Abs(math.Exp(logits[i])-want[i]) <= 1e-5*want[i]) {
			t.Fatalf("logit %d is %v, but the prediction %v", i, logits[i], want[i])
		}
	}
}

// A translation that returns a name which no node has, an error, or panics is an error that names layer and op.
func TestBadTranslator(t *testing.T) {
	net := fresh(t, nn.Sequential{nn.Dense{Units: 3, Activation: ops.SELU}}, 2, graphs.MSE)
	for want, translate := range map[string]onnx.Translator{
		"nowhere": func(*onnx.Call) (string, error) { return "nowhere", nil },
		"refused": func(*onnx.Call) (string, error) { return "", errors.New("refused") },
		"panic":   func(c *onnx.Call) (string, error) { return c.Inputs[7], nil },
	} {
		o := onnx.Options{Ops: map[string]onnx.Translator{"SELU": translate}}
		err := onnx.Write(&bytes.Buffer{}, net, o)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `"dense1"`) || !strings.Contains(err.Error(), "SELU") {
			t.Errorf("error %v, want one that names layer and op and says %q", err, want)
		}
	}
}
