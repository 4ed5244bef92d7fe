package graphs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// tanhNet is a user's network that is defined as Hidden.
type tanhNet graphs.Hidden

func (n tanhNet) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	layers := nn.Sequential{}
	for range n.Layers {
		layers = append(layers, nn.Dense{Units: n.Units, Activation: ops.Tanh})
	}
	return b.Apply("net", append(layers, nn.Dense{Units: n.Outputs}), x)
}

// tower is a user's network with fields of its own.
type tower struct {
	Widths  []int          `json:"widths"`
	Scale   float64        `json:"scale"`
	Names   map[string]int `json:"names,omitempty"`
	Inner   *inner         `json:"inner"`
	Outputs int
	Watch   func()  `json:"-"`
	Of      any     `json:"of,omitempty"`
	cache   float64 // must be zero
}

type inner struct{ Rate float64 }

func (n *tower) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	var layers nn.Sequential
	for _, width := range n.Widths {
		layers = append(layers, nn.Dense{Units: width, Activation: ops.SELU, WeightInit: nn.Constant(n.Scale)})
	}
	if n.Inner != nil {
		layers = append(layers, nn.AlphaDropout{Rate: n.Inner.Rate})
	}
	return append(layers, nn.Dense{Units: n.Outputs}).Forward(b, x)
}

// embedding is a user's network that embeds Hidden.
type embedding struct {
	graphs.Hidden
	Wide bool
}

func (n embedding) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	if n.Wide {
		n.Units *= 2
	}
	return tanhNet(n.Hidden).Forward(b, x)
}

// hostileJSON is a user's network whose fields panic.
type hostileJSON struct{ Field panicking }

type panicking struct{}

func (panicking) MarshalJSON() ([]byte, error) { panic("no JSON") }

func (hostileJSON) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	return nn.Dense{Units: 2}.Forward(b, x)
}

func init() {
	for name, layer := range map[string]nn.Layer{"tanh": tanhNet{}, "tower": &tower{}, "embedding": embedding{}, "hostile": hostileJSON{}} {
		if err := graphs.Register(name, layer); err != nil {
			panic(err)
		}
	}
}

// outputs runs an evaluation graph of the network on rows 0, 1/7, 2/7, ...
func outputs(t testing.TB, n *graphs.Network) []float64 {
	t.Helper()
	g, err := n.Build(graphs.Config{Mode: graphs.Evaluate, Batch: 4, Inputs: n.Inputs})
	if err != nil {
		t.Fatal(err)
	}
	switch x := g.X.Value().Data().(type) {
	case []float32:
		for k := range x {
			x[k] = float32(k) / 7
		}
	case []float64:
		for k := range x {
			x[k] = float64(k) / 7
		}
	}
	run(t, g)
	return elements(g.Output)
}

// same fails unless a network equals another in everything but its weights' addresses.
func same(t testing.TB, got, want *graphs.Network) {
	t.Helper()
	if !reflect.DeepEqual(got.Layer, want.Layer) {
		t.Errorf("layer %#v, want %#v", got.Layer, want.Layer)
	}
	if diff := cmp.Diff(want.Inputs, got.Inputs); diff != "" {
		t.Errorf("inputs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want.Metadata, got.Metadata, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	a, b := got.Outputs[0], want.Outputs[0]
	if a.Name != b.Name || a.Width != b.Width || !slices.Equal(a.Columns, b.Columns) || a.Loss.String() != b.Loss.String() || a.Loss.Link != b.Loss.Link || a.Loss.Labels != b.Loss.Labels {
		t.Errorf("output %+v, want %+v", a, b)
	}
	if string(got.Encoder) != string(want.Encoder) || got.Params.Dtype() != want.Params.Dtype() {
		t.Errorf("encoder %q of %v weights, want %q of %v", got.Encoder, got.Params.Dtype(), want.Encoder, want.Params.Dtype())
	}
	if x, y := outputs(t, got), outputs(t, want); !slices.Equal(x, y) {
		t.Errorf("outputs %v, want %v", x, y)
	}
}

// A saved network is made again from its file alone: those of the paper, and users' types with fields of their own.
func TestSaveLoad(t *testing.T) {
	h := graphs.Hidden{Layers: 2, Units: 6, Profile: graphs.Conic, Outputs: 2, Dropout: 0.1}
	layers := []nn.Layer{
		graphs.ResNet{Hidden: h, Bottleneck: 0.25},
		graphs.Embedded{Hidden: h, Numbers: 2, Embedding: nn.Periodic{Frequencies: 3}},
		&tower{Widths: []int{5, 3}, Scale: 0.25, Names: map[string]int{"a": 1}, Inner: &inner{0.1}, Outputs: 2},
		embedding{Hidden: h, Wide: true},
	}
	for _, name := range append(graphs.Names(), "batchnormafter", "tabm") {
		layer, err := graphs.ByName(name, h)
		if err != nil {
			t.Fatal(err)
		}
		layers = append(layers, layer)
	}
	for _, layer := range layers {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			net := newNet(t, layer, 3, graphs.BCE, graphs.Dtype(dtype), graphs.OutputNames("p", "q"))
			net.Inputs[0].Columns = []string{"u", "v", "größer than <w>"}
			net.Metadata, net.Encoder = map[string]string{"features": `["a","b","c"]`}, []byte("\x00encoder")
			path := filepath.Join(t.TempDir(), "net.safetensors")
			if err := net.Save(path); err != nil {
				t.Fatal(err)
			}
			back, err := graphs.Load(path)
			if err != nil {
				t.Fatalf("%T: %v", layer, err)
			}
			same(t, back, net)
			if back.Architecture() != net.Architecture() || !strings.Contains(net.Architecture(), "{") {
				t.Errorf("%s becomes %s", net.Architecture(), back.Architecture())
			}
		}
	}
}

// A layer whose fields do not survive JSON is refused with the name of the field, and so is a type that is not registered.
func TestSaveRefuses(t *testing.T) {
	for _, test := range []struct {
		layer nn.Layer
		want  []string
	}{
		{&tower{Widths: []int{2}, Outputs: 2, cache: 1}, []string{`"tower"`, "cache", "not exported"}},
		{&tower{Widths: []int{2}, Outputs: 2, Watch: func() {}}, []string{`"tower"`, "Watch"}},
		{&tower{Widths: []int{2}, Outputs: 2, Of: int8(3)}, []string{`"tower"`, "Of", "3"}},
		{&tower{Widths: []int{2}, Outputs: 2, Of: make(chan int)}, []string{`"tower"`, "chan int"}},
		{&tower{Widths: []int{}, Outputs: 2, Names: map[string]int{}}, []string{`"tower"`, "Names", "map[string]int{}", "nil"}},
		{hostileJSON{}, []string{`"hostile"`, "panic: no JSON"}},
		{nn.Dense{Units: 2}, []string{"nn.Dense", "graphs.Register"}},
		{&nn.Dense{Units: 2}, []string{"*nn.Dense", "graphs.Register"}},
		{nn.Sequential{nn.Dense{Units: 2}}, []string{"nn.Sequential", "graphs.Register"}},
	} {
		net := newNet(t, test.layer, 3, graphs.BCE)
		path := filepath.Join(t.TempDir(), "net.safetensors")
		_, described := net.Describe()
		for name, err := range map[string]error{"Save": net.Save(path), "Describe": described} {
			for _, want := range test.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s of %T: error %v, want one that says %q", name, test.layer, err, want)
				}
			}
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%T: there is a file after an error", test.layer)
		}
		if net.Architecture() == "" {
			t.Errorf("%T has no architecture", test.layer)
		}
	}
}

func TestSaveErrors(t *testing.T) {
	good := newNet(t, graphs.SNN{Layers: 2, Units: 6, Outputs: 2}, 3, graphs.BCE)
	own := graphs.Loss{Name: "my own", Apply: graphs.MSE.Apply}
	for _, test := range []struct {
		want   string
		change func(n *graphs.Network)
	}{
		{`"hidden2.dense1.bias" (6) is surplus`, func(n *graphs.Network) { n.Layer = graphs.SNN{Layers: 1, Units: 6, Outputs: 2} }},
		{"no layer", func(n *graphs.Network) { n.Params = nil }},
		{"no layer", func(n *graphs.Network) { n.Layer = nil }},
		{"the layer is nil", func(n *graphs.Network) { n.Layer = (*tower)(nil) }},
		{"shape (3, 6), want (4, 6)", func(n *graphs.Network) { n.Inputs = graphs.Matrix(4) }},
		{"my own", func(n *graphs.Network) { n.Outputs[0].Loss = own }},
		{"RegisterLoss", func(n *graphs.Network) { n.Outputs[0].Loss = own }},
		{"differs from the one", func(n *graphs.Network) {
			n.Outputs[0].Loss = graphs.Loss{Name: graphs.BCE.Name, Apply: graphs.MSE.Apply}
		}},
		{"no loss", func(n *graphs.Network) { n.Outputs[0].Loss = graphs.Loss{} }},
		{"no outputs", func(n *graphs.Network) { n.Outputs = nil }},
		{"two outputs", func(n *graphs.Network) { n.Outputs = append(n.Outputs, n.Outputs...) }},
		{"1 column names", func(n *graphs.Network) { n.Outputs[0].Columns = []string{"a"} }},
		{"1 column names", func(n *graphs.Network) { n.Inputs[0].Columns = []string{"a"} }},
		{"3 class weights", func(n *graphs.Network) { n.Outputs[0].Loss, _ = graphs.BCE.WithClassWeights([]float64{1, 2, 3}) }},
		{"weight -1", func(n *graphs.Network) { n.Outputs[0].Weight = -1 }},
		{"output has 2 columns", func(n *graphs.Network) { n.Outputs[0].Width = 1 }},
		{"reserved", func(n *graphs.Network) { n.Metadata = map[string]string{"selfnorm.network": ""} }},
	} {
		net := good.Clone()
		test.change(net)
		path := filepath.Join(t.TempDir(), "net.safetensors")
		if err := net.Save(path); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v, want one that says %q", err, test.want)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: there is a file after an error", test.want)
		}
	}
}

// A file whose weights are not those of its network gives an error that lists all differences; each other fault of a description
// has its own.
func TestLoadErrors(t *testing.T) {
	params := newNet(t, graphs.SNN{Layers: 2, Units: 6, Outputs: 2}, 3, graphs.BCE).Params
	second := `{"format":2,"network":%q,"config":%s,"inputs":[{"name":"x","kind":"dense","width":3}],"outputs":[{"name":"y","width":2,"loss":%q%s}]}`
	snn := `{"layers":2,"units":6,"form":"rectangular","outputs":2}`
	bce := graphs.BCE.Name
	tests := []struct {
		name, text string
		want       []string
	}{
		{"good", fmt.Sprintf(second, "snn", snn, bce, ""), nil},
		{"deeper and more outputs", `{"network":"snn","layers":3,"units":6,"form":"rectangular","outputs":4,"inputs":3,"loss":"binary cross-entropy"}`,
			[]string{`"hidden3.dense1.weight" (6, 6) is missing`, `"hidden3.dense1.bias" (6) is missing`, `"output.weight" has shape (6, 2), want (6, 4)`, `"output.bias"`}},
		{"shallower", fmt.Sprintf(second, "snn", `{"layers":1,"units":6,"form":"rectangular","outputs":2}`, bce, ""),
			[]string{`"hidden2.dense1.weight" (6, 6) is surplus`, `"hidden2.dense1.bias" (6) is surplus`}},
		{"no network", fmt.Sprintf(second, "cnn", snn, bce, ""), []string{`"cnn"`, "snn, msrainit"}},
		{"no network, old", `{"network":"cnn","layers":2,"units":6,"form":"rectangular","outputs":2,"inputs":3,"loss":"binary cross-entropy"}`, []string{`"cnn"`, "snn, msrainit"}},
		{"a field too many", fmt.Sprintf(second, "snn", `{"layers":2,"units":6,"form":"rectangular","outputs":2,"width":3}`, bce, ""), []string{`"snn"`, "width"}},
		{"no profile", fmt.Sprintf(second, "snn", `{"layers":2,"units":6,"form":"round","outputs":2}`, bce, ""), []string{"round", "conic"}},
		{"no fields", fmt.Sprintf(second, "snn", `7`, bce, ""), []string{`"snn"`, "number"}},
		{"a bottleneck", `{"network":"snn","layers":2,"units":6,"form":"rectangular","outputs":2,"bottleneck":0.5,"inputs":3,"loss":"binary cross-entropy"}`, []string{"bottleneck"}},
		{"no loss", fmt.Sprintf(second, "snn", snn, "hinge", ""), []string{`"hinge"`, graphs.MSE.Name}},
		{"class weights of no loss", fmt.Sprintf(second, "snn", snn, graphs.MSE.Name, `,"class_weights":[1,2]`), []string{"no class weights"}},
		{"class weights", fmt.Sprintf(second, "snn", snn, bce, `,"class_weights":[1,-2]`), []string{"class weight 1", "-2"}},
		{"no inputs", `{"network":"snn","layers":2,"units":6,"form":"rectangular","outputs":2,"loss":"binary cross-entropy"}`, []string{"0 columns"}},
		{"huge", `{"network":"snn","layers":1,"units":4611686018427387904,"form":"conic","outputs":2,"inputs":3,"loss":"mean squared error"}`, []string{"4611686018427387904"}},
		{"a newer format", `{"format":3}`, []string{"format 3"}},
		{"an unknown field", `{"format":2,"more":1}`, []string{"more"}},
		{"no JSON", "snn", []string{"description of the network"}},
		{"nothing", "", []string{"weights without a description", "graphs.LoadWeights"}},
	}
	path := filepath.Join(t.TempDir(), "net.safetensors")
	for _, test := range tests {
		f := tensorfile.File{Params: params, Metadata: map[string]string{}}
		if test.text != "" {
			f.Metadata["selfnorm.network"] = test.text
		}
		if err := tensorfile.Write(path, f); err != nil {
			t.Fatal(err)
		}
		_, err := graphs.Load(path)
		if (err == nil) != (test.want == nil) {
			t.Errorf("%s: error %v", test.name, err)
		}
		for _, want := range append(test.want, path) {
			if err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one that says %q", test.name, err, want)
			}
		}
		if strings.Contains(test.name, "newer") && !errors.Is(err, graphs.ErrVersion) {
			t.Errorf("%s: cause of %v", test.name, err)
		}
	}
	if err := os.WriteFile(path, []byte("these are no weights"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := graphs.Load(path); !errors.Is(err, graphs.ErrForeign) || !strings.Contains(err.Error(), path) {
		t.Errorf("a text gives %v", err)
	}
}

func TestRegisterErrors(t *testing.T) {
	for want, err := range map[string]error{
		`"snn" is taken`:              graphs.Register("snn", hostileJSON{}),
		`registered as "snn"`:         graphs.Register("snn2", graphs.SNN{}),
		`registered as "tower"`:       graphs.Register("tower2", tower2()),
		"without a name or a layer":   graphs.Register("", hostileJSON{}),
		"Register without a name or ": graphs.Register("nil", nil),
		"not a struct":                graphs.Register("function", nn.Func(ops.SELU)),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	if _, err := graphs.ByName("tower", graphs.Hidden{}); err == nil || !strings.Contains(err.Error(), "Hidden") {
		t.Errorf("a network that is not made of Hidden gives %v", err)
	}
	if _, err := graphs.ByName("cnn", graphs.Hidden{}); err == nil || !strings.Contains(err.Error(), "snn, msrainit") {
		t.Errorf("an unknown name gives %v", err)
	}
	if names := graphs.Names(); !slices.Equal(names[:7], []string{"snn", "msrainit", "batchnorm", "layernorm", "weightnorm", "highway", "resnet"}) ||
		!slices.Contains(names, "tanh") || !slices.Contains(names, "embedding") || slices.Contains(names, "tower") || slices.Contains(names, "batchnormafter") {
		t.Errorf("names %v", names)
	}
}

func tower2() nn.Layer { return &tower{} }
