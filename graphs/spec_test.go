package graphs_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// tanhNet is a user's own network.
type tanhNet graphs.Hidden

func (n tanhNet) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	layers := nn.Sequential{}
	for range n.Layers {
		layers = append(layers, nn.Dense{Units: n.Units, Activation: ops.Tanh})
	}
	return b.Apply("net", append(layers, nn.Dense{Units: n.Outputs}), x)
}

func init() {
	graphs.Register("tanh", func(h graphs.Hidden) nn.Layer { return tanhNet(h) })
	// A function that changes its argument must not be taken for the network of the unchanged one.
	graphs.Register("doubled", func(h graphs.Hidden) nn.Layer { h.Units *= 2; return doubled(h) })
}

type doubled graphs.Hidden

func (n doubled) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) { return tanhNet(n).Forward(b, x) }

// Every network, those of Register among them, comes back from its description and from its JSON.
func TestSpecRoundTrip(t *testing.T) {
	h := graphs.Hidden{Layers: 3, Units: 10, Profile: graphs.Diavolo, Outputs: 2, Dropout: 0.1, InputDropout: 0.2}
	models := []nn.Layer{graphs.ResNet{Hidden: h, Bottleneck: 0.25}}
	for _, name := range graphs.Networks() {
		model, err := graphs.Network(name, h)
		if err != nil {
			t.Fatal(err)
		}
		if name != "doubled" {
			models = append(models, model)
		}
	}
	for _, model := range models {
		spec, ok := graphs.SpecOf(model)
		if !ok {
			t.Fatalf("%T has no description", model)
		}
		text, err := json.Marshal(spec)
		if err != nil || !strings.Contains(string(text), `"form":"diavolo"`) {
			t.Errorf("%s (%v): a form is not its name", text, err)
		}
		back, err := graphs.ParseSpec(text)
		if err != nil || back != spec {
			t.Errorf("%s becomes %+v (%v), want %+v", text, back, err, spec)
		}
		if got, err := back.Layer(); err != nil || !reflect.DeepEqual(got, model) {
			t.Errorf("%s becomes %#v (%v), want %#v", text, got, err, model)
		}
		if again, ok := graphs.SpecOf(spec); !ok || again != spec {
			t.Errorf("the description of %+v is %+v", spec, again)
		}
	}
	for _, model := range []nn.Layer{nil, doubled(h), &graphs.SNN{}, nn.Sequential{}, nn.Dense{Units: 3}, nn.Func(ops.SELU)} {
		if s, ok := graphs.SpecOf(model); ok {
			t.Errorf("%T has the description %+v", model, s)
		}
	}
}

func TestParseSpecErrors(t *testing.T) {
	for text, want := range map[string]string{
		``: "EOF", `7`: "number", `{"network":"snn","width":3}`: "width", `{"form":"round"}`: "conic", `{"form":1}`: "form", `{}{}`: "more than one",
	} {
		if _, err := graphs.ParseSpec([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one that says %q", text, err, want)
		}
	}
	if _, err := json.Marshal(graphs.Hidden{Profile: 7}); err == nil {
		t.Error("a form without a name has a JSON form")
	}
	if _, err := (graphs.Spec{Network: "snn", Bottleneck: 0.5}).Layer(); err == nil || !strings.Contains(err.Error(), "bottleneck") {
		t.Errorf("an SNN with a bottleneck gives %v", err)
	}
}

// saved makes and saves a network of three inputs, and returns the path.
func saved(t testing.TB, model nn.Layer, dtype tensor.Dtype) (string, *nn.Params) {
	t.Helper()
	params := newParams(t, dtype)
	build(t, model, params, graphs.Config{Mode: graphs.Evaluate, Batch: 2, Inputs: 3})
	path := filepath.Join(t.TempDir(), "model.safetensors")
	if err := graphs.Save(path, model, params, 3, graphs.BCE, map[string]string{"features": `["a","b","c"]`}); err != nil {
		t.Fatal(err)
	}
	return path, params
}

// A saved network is made again from its file alone.
func TestSaveLoad(t *testing.T) {
	h := graphs.Hidden{Layers: 2, Units: 6, Profile: graphs.Conic, Outputs: 2, Dropout: 0.1}
	for _, name := range graphs.Networks() {
		if name == "doubled" {
			continue
		}
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			model, err := graphs.Network(name, h)
			if err != nil {
				t.Fatal(err)
			}
			path, params := saved(t, model, dtype)
			m, err := graphs.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(m.Layer, model) || m.Spec.Inputs != 3 || m.Loss.Name != graphs.BCE.Name || m.Loss.Link == nil {
				t.Errorf("%s: loaded %+v", name, m)
			}
			if diff := cmp.Diff(map[string]string{"features": `["a","b","c"]`}, m.Metadata); diff != "" {
				t.Errorf("%s: metadata (-want +got):\n%s", name, diff)
			}
			var outputs [2][]float64
			for i, p := range []*nn.Params{params, m.Params} {
				g := build(t, m.Layer, p, graphs.Config{Mode: graphs.Evaluate, Batch: 4, Inputs: m.Spec.Inputs})
				x := g.X.Value().(*tensor.Dense)
				for k := range x.DataSize() {
					x.Set(k, map[tensor.Dtype]any{tensor.Float32: float32(k) / 7, tensor.Float64: float64(k) / 7}[dtype])
				}
				run(t, g)
				outputs[i] = append(outputs[i], floats(g.Output.Value())...)
			}
			if !slices.Equal(outputs[0], outputs[1]) {
				t.Errorf("%s %v: the loaded network gives %v, want %v", name, dtype, outputs[1], outputs[0])
			}
		}
	}
}

func floats(v G.Value) (out []float64) {
	switch x := v.Data().(type) {
	case []float64:
		return x
	case []float32:
		for _, f := range x {
			out = append(out, float64(f))
		}
	}
	return out
}

// A file whose weights are not those of its network gives an error that lists all of the differences.
func TestLoadErrors(t *testing.T) {
	path, params := saved(t, graphs.SNN{Layers: 2, Units: 6, Outputs: 2}, tensor.Float32)
	spec := func(s graphs.Spec) string {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	h := graphs.Hidden{Layers: 3, Units: 6, Outputs: 2}
	tests := []struct {
		name, spec string
		want       []string
	}{
		{"deeper and more outputs", spec(graphs.Spec{Network: "snn", Hidden: graphs.Hidden{Layers: 3, Units: 6, Outputs: 4}, Inputs: 3, Loss: graphs.BCE.Name}),
			[]string{`"hidden3.dense1.weight" (6, 6) is missing`, `"hidden3.dense1.bias"`, `"output.weight" is float32 (6, 2), want float32 (6, 4)`, `"output.bias"`}},
		{"shallower", spec(graphs.Spec{Network: "snn", Hidden: graphs.Hidden{Layers: 1, Units: 6, Outputs: 2}, Inputs: 3, Loss: graphs.BCE.Name}),
			[]string{`"hidden2.dense1.weight" (6, 6) is surplus`, `"hidden2.dense1.bias"`}},
		{"no network", spec(graphs.Spec{Network: "cnn", Hidden: h, Inputs: 3, Loss: graphs.BCE.Name}), []string{`"cnn"`, "snn, msrainit"}},
		{"no loss", spec(graphs.Spec{Network: "snn", Hidden: h, Inputs: 3, Loss: "hinge"}), []string{`"hinge"`, graphs.MSE.Name}},
		{"no inputs", spec(graphs.Spec{Network: "snn", Hidden: h, Loss: graphs.BCE.Name}), []string{"0 inputs"}},
		{"huge", `{"network":"snn","layers":1,"units":4611686018427387904,"form":"conic","outputs":2,"inputs":3,"loss":"mean squared error"}`, []string{"4611686018427387904"}},
		{"no JSON", "snn", []string{"description of a network"}},
		{"nothing", "", []string{"train.LoadWeights"}},
	}
	for _, test := range tests {
		f := tensorfile.File{Params: params, Metadata: map[string]string{}}
		if test.spec != "" {
			f.Metadata[graphs.SpecKey] = test.spec
		}
		if err := tensorfile.Write(path, f); err != nil {
			t.Fatal(err)
		}
		_, err := graphs.Load(path)
		for _, want := range append(test.want, path) {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one that says %q", test.name, err, want)
			}
		}
	}
	if err := os.WriteFile(path, []byte("these are no weights"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := graphs.Load(path); !errors.Is(err, graphs.ErrForeign) || !strings.Contains(err.Error(), path) {
		t.Errorf("a text gives %v", err)
	}
}

func TestSaveErrors(t *testing.T) {
	snn := graphs.SNN{Layers: 2, Units: 6, Outputs: 2}
	_, params := saved(t, snn, tensor.Float32)
	for _, test := range []struct {
		want   string
		model  nn.Layer
		params *nn.Params
		inputs int
		loss   graphs.Loss
		info   map[string]string
	}{
		{"has no description", nn.Dense{Units: 2}, params, 3, graphs.BCE, nil},
		{"surplus", graphs.SNN{Layers: 1, Units: 6, Outputs: 2}, params, 3, graphs.BCE, nil},
		{"no parameters", snn, nil, 3, graphs.BCE, nil},
		{"want float32 (4, 6)", snn, params, 4, graphs.BCE, nil},
		{"hinge", snn, params, 3, graphs.Loss{Name: "hinge"}, nil},
		{"reserved", snn, params, 3, graphs.BCE, map[string]string{graphs.SpecKey: ""}},
	} {
		path := filepath.Join(t.TempDir(), "model.safetensors")
		err := graphs.Save(path, test.model, test.params, test.inputs, test.loss, test.info)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v, want one that says %q", err, test.want)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: there is a file after an error", test.want)
		}
	}
}

func TestRegisterPanics(t *testing.T) {
	make := func(h graphs.Hidden) nn.Layer { return graphs.SNN(h) }
	for name, register := range map[string]func(){
		"taken":       func() { graphs.Register("snn", make) },
		"no name":     func() { graphs.Register("", make) },
		"no function": func() { graphs.Register("nil", nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			register()
		}()
	}
}

func ExampleLoad() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "model.safetensors")

	// Train a network here; then save it.
	model := graphs.SNN{Layers: 2, Units: 64, Outputs: 12}
	params, _ := nn.NewParams(tensor.Float32, 1)
	graphs.Build(model, params, graphs.Config{Batch: 128, Inputs: 100, Loss: graphs.BCE})
	if err := graphs.Save(path, model, params, 100, graphs.BCE, nil); err != nil {
		fmt.Println(err)
		return
	}

	// Another program needs nothing but the file.
	m, err := graphs.Load(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Spec.Network, m.Spec.Inputs, m.Spec.Outputs, m.Params.Size(), m.Loss.Name)
	// Output: snn 100 12 11404 binary cross-entropy
}
