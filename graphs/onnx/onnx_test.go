package onnx_test

import (
	"bytes"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
)

func TestStructure(t *testing.T) {
	net := fresh(t, graphs.Highway{Layers: 1, Units: 4, Outputs: 2}, 3, graphs.CrossEntropy)
	o := onnx.Options{
		InputName: "x", OutputName: "p",
		Features: []string{"a", "b", `c "quoted"`}, Outputs: []string{"no", "yes"}, Metadata: map[string]string{"trained": "today"},
	}
	m := decode(t, write(t, net, o))
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
	for _, p := range net.Params.All() {
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
	net := fresh(t, graphs.WeightNorm{Layers: 2, Units: 4, Outputs: 2}, 3, graphs.MSE)
	m := decode(t, write(t, net, onnx.Options{}))
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
	for _, scaling := range []datasets.Scaling{datasets.Standardize, datasets.StandardizeTanh, datasets.StandardizeTanhStandardize, datasets.RobustClip} {
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
		identity := fresh(t, nn.Sequential{}, 3, graphs.MSE)
		m := decode(t, write(t, identity, onnx.Options{Scale: s.Steps()}))
		if d := difference(t, m.run(t, x, 5, 3), want); !(d <= 1e-6) {
			t.Errorf("%s: scaled features differ by %g", scaling, d)
		}
	}
}

// Limits hold before the scaling: a value beyond them is scaled like the limit. Columns without limits have infinite ones, and what is no number is 0.
func TestLimits(t *testing.T) {
	inf := math.Inf(1)
	x := []float64{-9, -9, -9, 0.5, 0.5, 0.5, 9, 9, 9, math.NaN(), math.NaN(), inf}
	limited := func(low, high []float64) batch.Scaling {
		return batch.Scaling{Mean: []float64{1, 1, 1}, SD: []float64{2, 2, 2}, Low: low, High: high}
	}
	for _, c := range []struct{ low, high []float64 }{
		{[]float64{-1, -inf, 1}, []float64{2, inf, 3}}, {nil, []float64{1, 2, -3}}, {[]float64{-inf, -inf, -inf}, nil}, {[]float64{-1, -2, 0.25}, nil},
	} {
		var want []float64
		for i, v := range x {
			if v != v || math.IsInf(v, 0) {
				v = 0
			}
			if c.low != nil {
				v = max(v, c.low[i%3])
			}
			if c.high != nil {
				v = min(v, c.high[i%3])
			}
			want = append(want, (v-1)/2)
		}
		m := decode(t, write(t, fresh(t, nn.Sequential{}, 3, graphs.MSE), onnx.Options{Scale: []batch.Scaling{limited(c.low, c.high)}}))
		if d := difference(t, m.run(t, x, 4, 3), want); !(d <= 1e-6) {
			t.Errorf("limits %v and %v: features differ by %g", c.low, c.high, d)
		}
	}
	for want, s := range map[string]batch.Scaling{
		"1 lower and 0 upper limits": limited([]float64{1}, nil), "column 1 has the limits 2 and 1": limited([]float64{0, 2, 0}, []float64{1, 1, 1}),
		"column 2 has the limits NaN": limited([]float64{0, 0, math.NaN()}, nil),
	} {
		if err := onnx.Write(io.Discard, fresh(t, nn.Sequential{}, 3, graphs.MSE), onnx.Options{Scale: []batch.Scaling{s}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// An identity has no node to give the name of the output to.
func TestIdentity(t *testing.T) {
	net := fresh(t, nn.Sequential{nn.AlphaDropout{Rate: 0.1}}, 2, graphs.MSE)
	x := []float64{1, 2, 3, 4}
	if got := decode(t, write(t, net, onnx.Options{})).run(t, x, 2, 2); !slices.Equal(got, x) {
		t.Errorf("%v, want %v", got, x)
	}
}

func TestSave(t *testing.T) {
	net := fresh(t, graphs.SNN{Layers: 1, Units: 4, Outputs: 2}, 3, graphs.BCE)
	path := filepath.Join(t.TempDir(), "net.onnx")
	if err := onnx.Save(path, net, onnx.Options{}); err != nil {
		t.Fatal(err)
	}
	want := write(t, net, onnx.Options{})
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the file holds other bytes than Write gives (%v)", err)
	}
	net.Inputs = graphs.Matrix(4)
	if err := onnx.Save(path, net, onnx.Options{}); err == nil {
		t.Error("4 inputs for a network of 3 give no error")
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("a failed Save changed the file (%v)", err)
	}
}

// The names of columns that the network knows become metadata; those of the options win.
func TestColumnNames(t *testing.T) {
	net := fresh(t, graphs.SNN{Outputs: 2}, 2, graphs.BCE, graphs.OutputNames("a", "b"))
	net.Inputs[0].Columns = []string{"u", "v"}
	for want, o := range map[string]onnx.Options{
		`["a","b"] ["u","v"]`: {},
		`["c","d"] ["w","x"]`: {Outputs: []string{"c", "d"}, Features: []string{"w", "x"}},
	} {
		m := decode(t, write(t, net, o))
		if got := m.metadata["outputs"] + " " + m.metadata["features"]; got != want {
			t.Errorf("metadata %s, want %s", got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	snn := func(layers int) *graphs.Network {
		return fresh(t, graphs.SNN{Layers: layers, Units: 4, Outputs: 2}, 3, graphs.MSE)
	}
	good := snn(2)
	with := func(change func(n *graphs.Network)) *graphs.Network {
		n := good.Clone()
		change(n)
		return n
	}
	step := batch.Scaling{Mean: make([]float64, 3), SD: []float64{1, -1, 1}}
	tests := []struct {
		name string
		net  *graphs.Network
		o    onnx.Options
		want []string
	}{
		{"network is nil", nil, onnx.Options{}, []string{"network is nil"}},
		{"a zero network", &graphs.Network{}, onnx.Options{}, []string{"no layer"}},
		{"no inputs", with(func(n *graphs.Network) { n.Inputs = nil }), onnx.Options{}, []string{"there are no inputs"}},
		{"other inputs", with(func(n *graphs.Network) { n.Inputs = graphs.Matrix(5) }), onnx.Options{}, []string{"hidden1.dense1.weight"}},
		{"no layer", with(func(n *graphs.Network) { n.Layer = nil }), onnx.Options{}, []string{"no layer"}},
		{"no parameters", with(func(n *graphs.Network) { n.Params = nil }), onnx.Options{}, []string{"parameters"}},
		{"other parameters", with(func(n *graphs.Network) { n.Params = fresh(t, nn.Sequential{}, 1, graphs.MSE).Params }), onnx.Options{},
			[]string{`"hidden1.dense1.weight" (3, 4) is missing`, `"hidden2.dense1.weight"`, `"output.bias" (2) is missing`}},
		{"fewer layers", with(func(n *graphs.Network) { n.Layer = graphs.SNN{Layers: 1, Units: 4, Outputs: 2} }), onnx.Options{},
			[]string{`"hidden2.dense1.weight" (4, 4) is surplus`, `"hidden2.dense1.bias"`}},
		{"NaN", with(func(n *graphs.Network) { n.Params.Get("hidden2.dense1.bias").Value.Float32s()[1] = float32(math.NaN()) }), onnx.Options{},
			[]string{"hidden2.dense1.bias", "element 1", "NaN"}},
		{"features", good, onnx.Options{Features: []string{"a"}}, []string{"1 names of features", "3"}},
		{"outputs", good, onnx.Options{Outputs: []string{"a"}}, []string{"1 names of outputs", "2"}},
		{"names", good, onnx.Options{InputName: "x", OutputName: "x"}, []string{`"x"`}},
		{"a parameter's name", good, onnx.Options{InputName: "output.bias"}, []string{"output.bias"}},
		{"metadata", good, onnx.Options{Outputs: []string{"a", "b"}, Metadata: map[string]string{"outputs": "x"}}, []string{"outputs"}},
		{"means", good, onnx.Options{Scale: []batch.Scaling{{Mean: []float64{1}}}}, []string{"step 0", "1 means", "3"}},
		{"negative sd", good, onnx.Options{Scale: []batch.Scaling{step}}, []string{"step 0", "column 1", "-1"}},
		{"link", with(func(n *graphs.Network) {
			n.Outputs[0].Loss = graphs.Loss{Name: "Poisson", Apply: graphs.MSE.Apply, Link: graphs.Custom, Predict: func([]float64) {}}
		}), onnx.Options{}, []string{"Poisson", "Options.Link"}},
	}
	for _, test := range tests {
		var b bytes.Buffer
		err := onnx.Write(&b, test.net, test.o)
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
	if len(good.Params.All()) != 6 {
		t.Error("writing changed the parameters")
	}
	failed := errors.New("disk full")
	if err := onnx.Write(writer{failed}, good, onnx.Options{}); errors.Cause(err) != failed {
		t.Errorf("error %v, want that of the writer", err)
	}
	if err := onnx.Write(nil, good, onnx.Options{}); err == nil {
		t.Error("no writer gives no error")
	}
}

type writer struct{ err error }

func (w writer) Write([]byte) (int, error) { return 0, w.err }
