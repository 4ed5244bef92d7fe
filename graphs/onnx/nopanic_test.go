package onnx_test

import (
	"bytes"
	"math"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Every function gives an error or a right result for arguments that nobody should pass.
func TestNoPanic(t *testing.T) {
	const huge = math.MaxInt / 8
	good := fresh(t, nn.Sequential{nn.Dense{Units: 2, Activation: ops.SELU}}, 2, graphs.MSE)
	networks := []*graphs.Network{nil, {}, {Layer: good.Layer}, {Params: good.Params}, {Layer: good.Layer, Params: &nn.Params{}, Inputs: good.Inputs, Outputs: good.Outputs},
		{Layer: good.Layer, Params: good.Params, Inputs: graphs.Matrix(huge), Outputs: good.Outputs}, good}
	calls := []onnx.Translator{nil, onnx.Op(""),
		func(c *onnx.Call) (string, error) { return c.Constant([]float32{1}, huge, huge), nil },
		func(c *onnx.Call) (string, error) { return c.Constant(nil, -1, -1), nil },
		func(c *onnx.Call) (string, error) { return c.Constant(nil), nil },
		func(c *onnx.Call) (string, error) { return (*onnx.Call)(nil).Add("Relu", nil), nil },
		func(c *onnx.Call) (string, error) { return new(onnx.Call).Add("Relu", nil, onnx.Attr{}), nil },
		func(c *onnx.Call) (string, error) { return (*onnx.Call)(nil).Constant(nil), nil },
		func(c *onnx.Call) (string, error) { return onnx.Op("Relu")(nil) },
		func(c *onnx.Call) (string, error) { panic("boom") },
		func(c *onnx.Call) (string, error) { _, err := c.BatchAxis(huge); return "", err },
		func(c *onnx.Call) (string, error) { _, err := new(onnx.Call).BatchAxis(0); return "", err },
		func(c *onnx.Call) (string, error) { _, err := (*onnx.Call)(nil).BatchAxis(-1); return "", err },
		func(c *onnx.Call) (string, error) { _, _, err := new(onnx.Call).Output(); return "", err },
		func(c *onnx.Call) (string, error) { _, _, err := (*onnx.Call)(nil).Output(); return "", err },
		func(c *onnx.Call) (string, error) { return (*onnx.Call)(nil).Integers(huge), nil },
	}
	for _, translators := range []map[string]onnx.Translator{nil, {"": nil}} {
		for _, out := range []*G.Node{nil, new(G.Node)} {
			if err := onnx.CanExport(translators)(out); err == nil {
				t.Errorf("%v can be exported", out)
			}
		}
	}
	onnx.Ints("")
	onnx.Ints("x", math.MinInt, huge)
	onnx.Float("", math.NaN())
	onnx.Int("", math.MinInt)
	for _, net := range networks {
		for i, call := range calls {
			for _, o := range []onnx.Options{{}, {Link: call}, {Ops: map[string]onnx.Translator{"SELU": call}}, {Scale: []batch.Scaling{{}}}, {Scale: []batch.Scaling{{Mean: []float64{math.NaN(), huge}, SD: []float64{-1, math.Inf(1)}}}},
				{Features: []string{}, Outputs: []string{}}, {InputName: "output"}, {Logits: true, InputName: "\x00", OutputName: "\xff"}} {
				var b bytes.Buffer
				if err := onnx.Write(&b, net, o); err == nil && net != good {
					t.Errorf("network %+v, options %+v: no error", net, o)
				} else if (o.Link != nil || o.Ops["SELU"] != nil) && i > 1 && err == nil {
					t.Errorf("translator %d: no error", i)
				}
				for _, path := range []string{"", t.TempDir(), filepath.Join(t.TempDir(), "none", "none")} {
					if err := onnx.Save(path, net, o); err == nil {
						t.Errorf("Save to %q: no error", path)
					}
				}
			}
		}
	}
	if err := onnx.Write(nil, nil, onnx.Options{}); err == nil {
		t.Error("no writer: no error")
	}
}
