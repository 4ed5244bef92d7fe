package onnx_test

import (
	"bytes"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// fresh returns the parameters of a network as they are made.
func fresh(t testing.TB, net nn.Layer, inputs int) *nn.Params {
	t.Helper()
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := graphs.Build(net, params, graphs.Config{Mode: graphs.Evaluate, Batch: 1, Inputs: inputs}); err != nil {
		t.Fatal(err)
	}
	return params
}

func TestStructure(t *testing.T) {
	net := graphs.Highway{Layers: 1, Units: 4, Outputs: 2}
	params := fresh(t, net, 3)
	o := onnx.Options{
		Inputs: 3, Loss: graphs.CrossEntropy, InputName: "x", OutputName: "p",
		Features: []string{"a", "b", `c "quoted"`}, Outputs: []string{"no", "yes"}, Metadata: map[string]string{"trained": "today"},
	}
	m := decode(t, write(t, net, params, o))
	if m.ir != 8 || m.opset != 17 || m.producer != "selfnorm" {
		t.Errorf("IR version %d, opset %d, producer %q", m.ir, m.opset, m.producer)
	}
	want := map[string]string{"features": `["a","b","c \"quoted\""]`, "outputs": `["no","yes"]`, "trained": "today"}
	if !maps.Equal(m.metadata, want) {
		t.Errorf("metadata %v, want %v", m.metadata, want)
	}
	if len(m.inputs) != 1 || m.inputs[0].name != "x" || m.inputs[0].elem != 1 || !slices.Equal(m.inputs[0].dims, []any{"batch", 3}) {
		t.Errorf("inputs %v", m.inputs)
	}
	if len(m.output) != 1 || m.output[0].name != "p" || m.output[0].elem != 1 || !slices.Equal(m.output[0].dims, []any{"batch", 2}) {
		t.Errorf("outputs %v", m.output)
	}
	for _, p := range params.All() {
		c, ok := m.constants[p.Name]
		if !ok || !slices.Equal(c.shape, []int(p.Value.Shape())) {
			t.Errorf("parameter %q is %v", p.Name, c.shape)
			continue
		}
		for i, x := range p.Value.Float32s() {
			if c.values[i] != float64(x) {
				t.Errorf("parameter %q: element %d is %v, want %v", p.Name, i, c.values[i], x)
			}
		}
	}
	names := map[string]bool{}
	for _, n := range m.nodes {
		if names[n.name] || n.op != "Softmax" && !strings.HasPrefix(n.name, "hidden1.highway1") && !strings.HasPrefix(n.name, "output/") {
			t.Errorf("node %q is there twice or does not name its layer", n.name)
		}
		names[n.name] = true
	}
}

// The normalized weights are computed while writing.
func TestFolding(t *testing.T) {
	net := graphs.WeightNorm{Layers: 2, Units: 4, Outputs: 2}
	m := decode(t, write(t, net, fresh(t, net, 3), onnx.Options{Inputs: 3}))
	var types []string
	for _, n := range m.nodes {
		types = append(types, n.op)
	}
	if want := []string{"Gemm", "Relu", "Gemm", "Relu", "Gemm"}; !slices.Equal(types, want) {
		t.Errorf("nodes %v, want %v", types, want)
	}
	for name := range m.constants {
		if strings.HasSuffix(name, ".v") || strings.HasSuffix(name, ".gain") {
			t.Errorf("%s is in the model", name)
		}
	}
}

// The model scales raw features as the scaler does, with missing values and columns far from 0.
func TestScale(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	x := []float64{2001, 1, 7, 2003, 1, -7, 2002, 1, nan, 2000.5, 1, inf, 1999, 4, -inf}
	raw := make([]float32, len(x))
	for i, v := range x {
		raw[i] = float32(v)
	}
	f, err := datasets.NewDense(5, 3, raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, scaling := range []datasets.Scaling{datasets.Standardize, datasets.StandardizeTanh, datasets.StandardizeTanhStandardize} {
		s, err := datasets.FitScaler(scaling, 1e-6, f, []int{0, 1, 2, 3})
		if err != nil {
			t.Fatal(err)
		}
		scaled, err := s.Apply(f)
		if err != nil {
			t.Fatal(err)
		}
		values := make([]float32, len(raw))
		scaled.Gather(values, 3, []int{0, 1, 2, 3, 4})
		var want []float64
		for _, v := range values {
			want = append(want, float64(v))
		}
		identity := nn.Sequential{}
		m := decode(t, write(t, identity, fresh(t, identity, 3), onnx.Options{Inputs: 3, Scale: steps(s)}))
		if d := difference(t, m.run(t, x, 5, 3), want); !(d <= 1e-6) {
			t.Errorf("%s: scaled features differ by %g", scaling, d)
		}
	}
}

// An identity has no node to give the name of the output to.
func TestIdentity(t *testing.T) {
	net := nn.Sequential{nn.AlphaDropout{Rate: 0.1}}
	x := []float64{1, 2, 3, 4}
	if got := decode(t, write(t, net, fresh(t, net, 2), onnx.Options{Inputs: 2})).run(t, x, 2, 2); !slices.Equal(got, x) {
		t.Errorf("%v, want %v", got, x)
	}
}

func TestSave(t *testing.T) {
	net := graphs.SNN{Layers: 1, Units: 4, Outputs: 2}
	params := fresh(t, net, 3)
	path := filepath.Join(t.TempDir(), "net.onnx")
	if err := onnx.Save(path, net, params, onnx.Options{Inputs: 3}); err != nil {
		t.Fatal(err)
	}
	want := write(t, net, params, onnx.Options{Inputs: 3})
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the file holds other bytes than Write gives (%v)", err)
	}
	if err := onnx.Save(path, net, params, onnx.Options{Inputs: 4}); err == nil {
		t.Error("4 inputs for a network of 3 give no error")
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("a failed Save changed the file (%v)", err)
	}
}

func TestErrors(t *testing.T) {
	net := graphs.SNN{Layers: 2, Units: 4, Outputs: 2}
	good := fresh(t, net, 3)
	broken := good.Clone()
	broken.Get("hidden2.dense1.bias").Value.Float32s()[1] = float32(math.NaN())
	step := onnx.Step{Mean: make([]float64, 3), SD: []float64{1, -1, 1}}
	custom := graphs.MSE
	custom.Name, custom.Link = "Poisson", func([]float64) {}
	tests := []struct {
		name   string
		net    nn.Layer
		params *nn.Params
		o      onnx.Options
		want   []string
	}{
		{"no inputs", net, good, onnx.Options{}, []string{"Inputs"}},
		{"other inputs", net, good, onnx.Options{Inputs: 5}, []string{"hidden1.dense1.weight"}},
		{"no model", nil, good, onnx.Options{Inputs: 3}, []string{"model"}},
		{"no parameters", net, nil, onnx.Options{Inputs: 3}, []string{"parameters"}},
		{"not trained", net, fresh(t, nn.Sequential{}, 1), onnx.Options{Inputs: 3}, []string{"hidden1.dense1.weight", "not the parameters"}},
		{"fewer layers", graphs.SNN{Layers: 1, Units: 4, Outputs: 2}, good, onnx.Options{Inputs: 3}, []string{"hidden2.dense1.weight"}},
		{"NaN", net, broken, onnx.Options{Inputs: 3}, []string{"hidden2.dense1.bias", "element 1", "NaN"}},
		{"features", net, good, onnx.Options{Inputs: 3, Features: []string{"a"}}, []string{"1 names of features", "3"}},
		{"outputs", net, good, onnx.Options{Inputs: 3, Outputs: []string{"a"}}, []string{"1 names of outputs", "2"}},
		{"names", net, good, onnx.Options{Inputs: 3, InputName: "x", OutputName: "x"}, []string{`"x"`}},
		{"a parameter's name", net, good, onnx.Options{Inputs: 3, InputName: "output.bias"}, []string{"output.bias"}},
		{"metadata", net, good, onnx.Options{Inputs: 3, Outputs: []string{"a", "b"}, Metadata: map[string]string{"outputs": "x"}}, []string{"outputs"}},
		{"means", net, good, onnx.Options{Inputs: 3, Scale: []onnx.Step{{Mean: []float64{1}}}}, []string{"step 0", "1 means", "3"}},
		{"negative sd", net, good, onnx.Options{Inputs: 3, Scale: []onnx.Step{step}}, []string{"step 0", "column 1", "-1"}},
		{"link", net, good, onnx.Options{Inputs: 3, Loss: custom}, []string{"Poisson", "Options.Link"}},
	}
	for _, test := range tests {
		var b bytes.Buffer
		err := onnx.Write(&b, test.net, test.params, test.o)
		if err == nil || b.Len() > 0 || !strings.HasPrefix(err.Error(), "onnx: ") {
			t.Errorf("%s: error %v, %d bytes", test.name, err, b.Len())
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %q does not say %q", test.name, err, want)
			}
		}
	}
	if len(good.All()) != 6 {
		t.Error("writing changed the parameters")
	}
	failed := errors.New("disk full")
	if err := onnx.Write(writer{failed}, net, good, onnx.Options{Inputs: 3}); errors.Cause(err) != failed {
		t.Errorf("error %v, want that of the writer", err)
	}
}

type writer struct{ err error }

func (w writer) Write([]byte) (int, error) { return 0, w.err }
