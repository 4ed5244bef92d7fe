package onnx_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

const towns = 5

// oneHot turns a vector of categories into rows of towns columns, with a 1 in that of the category.
func oneHot(x *G.Node) (*G.Node, error) {
	return ops.Apply(ops.Def{
		Name: "OneHot",
		Shape: func(in []tensor.Shape) (tensor.Shape, error) {
			if len(in) != 1 || in[0].Dims() != 1 {
				return nil, errors.Errorf("shapes %v, want a vector", in)
			}
			return tensor.Shape{in[0][0], towns}, nil
		},
		Float32: hot[float32], Float64: hot[float64],
		Gradient: func() ops.Gradient { return ops.Gradient{Of: []int{ops.NoGradient}} },
	}, x)
}

func hot[T float32 | float64](c *ops.Call[T]) error {
	clear(c.Out)
	for i, v := range c.In[0] {
		if !(v >= 0 && v < towns) {
			return errors.Errorf("category %v", v)
		}
		c.Out[i*towns+int(v)] = 1
	}
	return nil
}

// hotONNX looks the row of the category up in an identity matrix.
func hotONNX(c *onnx.Call) (string, error) {
	eye := make([]float32, towns*towns)
	for i := range towns {
		eye[i*towns+i] = 1
	}
	index := c.Add("Cast", c.Inputs, onnx.Int("to", 7))
	return c.Add("Gather", []string{c.Constant(eye, towns, towns), index}, onnx.Int("axis", 0)), nil
}

// house has a branch for numbers and one for a town. Its outputs are a class, a price, and the class again under another name.
type house struct{}

func (house) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	town, err := b.Input("town")
	if err != nil {
		return nil, err
	}
	left, err := b.Apply("numbers", nn.Dense{Units: 8}, x)
	if err != nil {
		return nil, err
	}
	right, err := b.Apply("place", nn.Sequential{nn.Func(oneHot), nn.Dense{Units: 8, NoBias: true}}, town)
	if err != nil {
		return nil, err
	}
	joint, err := ops.Add(left, right)
	if err != nil {
		return nil, err
	}
	if joint, err = ops.SELU(joint); err != nil {
		return nil, err
	}
	price, err := b.Apply("value", nn.Dense{Units: 1}, joint)
	if err != nil {
		return nil, err
	}
	kind, err := b.Apply("kind", nn.Dense{Units: 3}, joint)
	if err != nil {
		return nil, err
	}
	if err := b.Output("price", price); err != nil {
		return nil, err
	}
	return kind, b.Output("again", kind)
}

// houses returns a network for houses and data for it.
func houses(t *testing.T) (*graphs.Network, train.Named) {
	t.Helper()
	const rows = 60
	r := rand.New(rand.NewPCG(1, 2))
	x, y, kind := make([]float32, rows*4), make([]float32, rows), make([]float32, rows)
	town := make([]int, rows)
	for i := range rows {
		town[i], kind[i] = r.IntN(towns), float32(r.IntN(3))
		for j := range 4 {
			x[4*i+j] = float32(r.NormFloat64())
		}
		y[i] = x[4*i] + float32(town[i])
	}
	vector := func(v []float32, shape ...int) *tensor.Dense {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v))
	}
	d := train.Named{
		Features: []train.Feature{{Name: "numbers", X: vector(x, rows, 4), Columns: []string{"a", "b", "c", "d"}}, {Name: "town", Categories: town, Width: towns}},
		Targets:  []train.Target{{Name: "kind", Y: vector(kind, rows)}, {Name: "price", Y: vector(y, rows, 1)}, {Name: "again", Y: vector(kind, rows)}},
	}
	net, err := graphs.New(house{}, d.Inputs(), graphs.CrossEntropy, graphs.OutputName("kind"), graphs.OutputNames("hut", "house", "tower"), graphs.Seed(1),
		graphs.WithOutput(graphs.Output{Name: "price", Loss: graphs.MSE, Columns: []string{"euro"}}), graphs.WithOutput(graphs.Output{Name: "again", Loss: graphs.CrossEntropy}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := train.Fit(context.Background(), net, d, train.Config{Epochs: 3, Batch: 16, Warn: func(string) {}}); err != nil {
		t.Fatal(err)
	}
	return net, d
}

// feeds are the inputs of the model for data.
func feeds(d train.Named) map[string]modelTensor {
	var x, town []float64
	for _, v := range d.Features[0].X.Float32s() {
		x = append(x, float64(v))
	}
	for _, v := range d.Features[1].Categories {
		town = append(town, float64(v))
	}
	return map[string]modelTensor{"numbers": {[]int{d.Len(), 4}, x}, "town": {[]int{d.Len()}, town}}
}

var hotOptions = onnx.Options{Ops: map[string]onnx.Translator{"OneHot": hotONNX}}

// A network with several inputs and outputs has them in the model under their names, with their types, and computes the same.
func TestSeveral(t *testing.T) {
	net, d := houses(t)
	m := decode(t, write(t, net, hotOptions))
	if len(m.inputs) != 2 || m.inputs[0].name != "numbers" || m.inputs[1].name != "town" || m.inputs[1].elem != 7 || !slices.Equal(m.inputs[1].dims, []any{"batch"}) {
		t.Errorf("inputs %+v", m.inputs)
	}
	want, err := train.Predict(t.Context(), net, d)
	if err != nil {
		t.Fatal(err)
	}
	got := m.runAll(t, feeds(d))
	for i, name := range []string{"kind", "price", "again"} {
		if m.output[i].name != name {
			t.Errorf("output %d is %q", i, m.output[i].name)
		}
		if d := difference(t, got[name], want.Output(name).Values); !(d <= 1e-5) {
			t.Errorf("%s: predictions differ by %g", name, d)
		}
	}
	if m.metadata["features"] != `["a","b","c","d"]` || m.metadata["outputs"] != `["hut","house","tower"]` || m.metadata["outputs.price"] != `["euro"]` {
		t.Errorf("metadata %v", m.metadata)
	}
	scaled := hotOptions
	scaled.InputName, scaled.OutputName = "n", "k"
	scaled.Scale = []batch.Scaling{{Mean: []float64{1, 1, 1, 1}, SD: []float64{2, 2, 2, 2}}}
	scaled.Links = map[string]onnx.Translator{"price": onnx.Op("Exp")}
	m = decode(t, write(t, net, scaled))
	if m.inputs[0].name != "n" || m.output[0].name != "k" || m.output[1].name != "price" {
		t.Errorf("inputs %+v, outputs %+v", m.inputs, m.output)
	}
}

// The same in ONNX Runtime.
func TestOnnxruntimeSeveral(t *testing.T) {
	dir := modules(t)
	net, d := houses(t)
	want, err := train.Predict(t.Context(), net, d)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "net.onnx")
	if err := os.WriteFile(path, write(t, net, hotOptions), 0o644); err != nil {
		t.Fatal(err)
	}
	type feed struct {
		Type string    `json:"type"`
		Dims []int     `json:"dims"`
		Data []float64 `json:"data"`
	}
	all := map[string]feed{}
	for name, x := range feeds(d) {
		all[name] = feed{map[bool]string{true: "int64", false: "float32"}[name == "town"], x.shape, x.values}
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var out, diagnostics bytes.Buffer
	c := exec.Command("node", filepath.Join("testdata", "named.cjs"), dir, path)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(text), &out, &diagnostics
	if err := c.Run(); err != nil {
		t.Fatalf("onnxruntime: %v\n%s", err, diagnostics.Bytes())
	}
	var got map[string][]float64
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"kind", "price", "again"} {
		compare(t, name, got[name], want.Output(name).Values)
	}
}

// Settings for inputs and outputs that are not there, or twice, are errors.
func TestSeveralOptions(t *testing.T) {
	net, _ := houses(t)
	step := []batch.Scaling{{Mean: []float64{0}, SD: []float64{1}}}
	for want, o := range map[string]onnx.Options{
		`two inputs have the same name, "town"`:                {InputName: "town"},
		`input and output have the same name, "town"`:          {OutputName: "town"},
		`the same name, "price"; or two outputs`:               {OutputName: "price"},
		`Options.Scales: "numbers" is not a further input`:     {Scales: map[string][]batch.Scaling{"numbers": step}},
		`the input "town" is of kind category, want dense`:     {Scales: map[string][]batch.Scaling{"town": step}},
		`Options.Links: "prize" is not a further output`:       {Links: map[string]onnx.Translator{"prize": onnx.Op("Exp")}},
		`op OneHot has no translation; give one in Options.Op`: {},
	} {
		if err := onnx.Write(&bytes.Buffer{}, net, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
