package graphs_test

import (
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// frugal fails the test if f allocates much.
func frugal(t *testing.T, what string, f func() error) error {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := f()
	runtime.ReadMemStats(&after)
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 64<<20 {
		t.Errorf("%s: %d bytes allocated before the error", what, bytes)
	}
	return err
}

// onRequest is a user's layer that asks for a parameter of any shape.
type onRequest struct{ Rows, Units int }

func (l onRequest) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	if _, err := b.Param("table", nn.LeCunNormal, l.Rows, l.Units); err != nil {
		return nil, err
	}
	if _, _, err := b.State("counts", nn.Zeros, l.Units); err != nil {
		return nil, err
	}
	return x, nil
}

// Networks that no machine can hold are refused before anything is allocated, with an error that says what they need, for which part.
func TestTooLarge(t *testing.T) {
	defer graphs.SetMemoryLimit(graphs.SetMemoryLimit(16 << 30))
	for what, test := range map[string]struct {
		layer nn.Layer
		want  string
	}{
		"deep and wide":  {graphs.SNN{Layers: 300, Units: 65536, Outputs: 1}, `"hidden2.dense1.weight" of shape (65536, 65536)`},
		"wide":           {graphs.SNN{Layers: 2, Units: huge, Outputs: 1}, "hidden1.dense1.weight"},
		"too wide":       {graphs.SNN{Layers: 1, Units: math.MaxInt, Outputs: 1}, `"hidden1.dense1.weight" of shape`},
		"statistics":     {graphs.BatchNorm{Layers: 200, Units: 1 << 16, Outputs: 1}, "hidden2.dense1.weight"},
		"batchnorm":      {graphs.BatchNorm{Layers: 1, Units: huge, Outputs: 1}, "hidden1.dense1.weight"},
		"own layer":      {nn.Sequential{onRequest{1 << 20, 1 << 12}, onRequest{1 << 20, 1 << 12}, onRequest{1 << 20, 1 << 12}, onRequest{1 << 20, 1 << 12}}, "table"},
		"error after it": {nn.Sequential{onRequest{1 << 20, 1 << 13}, onRequest{1 << 20, 1 << 12}, onRequest{1 << 20, 1 << 12}, nn.Dense{}}, "table"},
		"everything":     {graphs.SNN{Layers: math.MaxInt, Units: math.MaxInt, Outputs: math.MaxInt}, "hidden layers"},
	} {
		for name, make := range map[string]func() error{
			"New": func() error { _, err := graphs.New(test.layer, graphs.Matrix(3), graphs.MSE); return err },
			"Build": func() error {
				_, err := graphs.Build(test.layer, newParams(t, tensor.Float64), graphs.Config{Batch: 2, Inputs: graphs.Matrix(3), Loss: graphs.MSE})
				return err
			},
		} {
			err := frugal(t, what, make)
			if err == nil || name == "New" && !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s, %s: error %v, want %q", what, name, err, test.want)
			}
		}
	}
}

// So is a batch, in both modes, and what is computed for it is the largest part.
func TestBatchTooLarge(t *testing.T) {
	if strconv.IntSize == 32 {
		t.Skip("a batch that does not fit has more elements than a tensor")
	}
	defer graphs.SetMemoryLimit(graphs.SetMemoryLimit(8 << 30))
	net := newNet(t, graphs.SNN{Layers: 2, Units: 100, Outputs: 2}, 3, graphs.BCE)
	for _, mode := range []graphs.Mode{graphs.Train, graphs.Evaluate} {
		err := frugal(t, mode.String(), func() error { _, err := net.Build(net.Config(mode, 1<<27)); return err })
		for _, want := range []string{mode.String(), "134217728 rows", `"hidden1`, "activations", "the limit is 8.6 GB, the limit that was set"} {
			if !errors.Is(err, graphs.ErrMemory) || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want %q", err, want)
			}
		}
	}
}

// A file cannot ask for more memory than the weights that it holds, whatever network it describes.
func TestLoadTooLarge(t *testing.T) {
	small := newNet(t, graphs.SNN{Layers: 1, Units: 2, Outputs: 1}, 3, graphs.MSE)
	good, err := small.Describe()
	if err != nil {
		t.Fatal(err)
	}
	for old, change := range map[string]string{
		`"layers":1`: `"layers":2000`, `"units":2`: `"units":65536`, `"units":2,`: `"units":1099511627776,`, `"width":3`: `"width":1099511627776`,
		`"outputs":1`: `"outputs":2147483647`, `"network":"snn"`: `"network":"batchnorm"`, `"layers":1,"units":2`: `"layers":16384,"units":70000`,
	} {
		text := strings.Replace(good, old, change, 1)
		if text == good {
			t.Fatalf("%q is not in %s", old, good)
		}
		path := filepath.Join(t.TempDir(), "net.safetensors")
		if err := tensorfile.Write(path, tensorfile.File{Params: small.Params, Metadata: map[string]string{"selfnorm.network": text}}); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := graphs.Load(path)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), path) || len(err.Error()) > 1<<17 {
			t.Errorf("%s: error %.500v", change, err)
		}
		if live := int64(after.HeapAlloc) - int64(before.HeapAlloc); live > 500<<20 {
			t.Errorf("%s: %d bytes", change, live)
		}
	}
}

// A file that holds other weights than its network needs is refused from its head: the weights, which are not even there, are not read.
func TestLoadOtherWeights(t *testing.T) {
	net := newNet(t, graphs.SNN{Layers: 1, Units: 2, Outputs: 1}, 3, graphs.MSE)
	text, err := net.Describe()
	if err != nil {
		t.Fatal(err)
	}
	params := newParams(t, tensor.Float32)
	for _, p := range net.Params.All()[1:] {
		if err := params.Add(p.Name, p.Value, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := params.Add("more", tensor.New(tensor.WithShape(1000), tensor.Of(tensor.Float32)), true); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "net.safetensors")
	if err := tensorfile.Write(path, tensorfile.File{Params: params, Metadata: map[string]string{"selfnorm.network": text}}); err != nil {
		t.Fatal(err)
	}
	_, err = graphs.Load(path)
	for _, want := range []string{`parameter "hidden1.dense1.weight" (3, 2) is missing`, `parameter "more" (1000) is surplus`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// Plan returns the same numbers without weights as Graph.Memory of the graph that is built, for all networks, modes and dtypes.
func TestPlan(t *testing.T) {
	for _, name := range append(graphs.Names(), "batchnormafter", "tabm") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, mode := range []graphs.Mode{graphs.Train, graphs.Evaluate} {
				layer, err := graphs.ByName(name, graphs.Hidden{Layers: 2, Units: 20, Outputs: 3, Dropout: 0.1})
				if err != nil {
					t.Fatal(err)
				}
				net, err := graphs.New(layer, graphs.Matrix(5), graphs.CrossEntropy, graphs.Dtype(dtype))
				if err != nil {
					t.Fatal(err)
				}
				g, err := net.Build(net.Config(mode, 64))
				if err != nil {
					t.Fatal(err)
				}
				m, err := graphs.Plan(layer, net.Config(mode, 64), graphs.Dtype(dtype))
				if err != nil || m != g.Memory() {
					t.Errorf("%s %v %v: planned %v (%v), the graph says %v", name, dtype, mode, m, err, g.Memory())
				}
				if want := fmt.Sprintf("memory: about %v\n", m); !strings.Contains(g.Summary(), want) {
					t.Errorf("the summary lacks %q", want)
				}
			}
		}
	}
	if math.MaxInt == math.MaxInt32 {
		return // where no matrix of that size is possible
	}
	if _, err := graphs.Plan(graphs.SNN{Layers: 1000, Units: 65536, Outputs: 1}, graphs.Config{Batch: 1024, Inputs: graphs.Matrix(3), Loss: graphs.MSE}); err != nil {
		t.Error(err)
	}
}

// The time to compile grows with the square of the depth.
func TestBuildTime(t *testing.T) {
	at := func(layers int) float64 {
		net := newNet(t, graphs.ResNet{Hidden: graphs.Hidden{Layers: layers, Units: 2, Outputs: 1}}, 3, graphs.MSE)
		g, err := net.Build(net.Config(graphs.Train, 2))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(g.Summary(), "compil") != (g.BuildTime().Seconds() > 5) {
			t.Errorf("%d layers: %v, and the summary is\n%s", layers, g.BuildTime(), g.Summary())
		}
		return g.BuildTime().Seconds()
	}
	if factor := at(40) / at(20); factor < 3.5 || factor > 4 {
		t.Errorf("twice as many layers take %v times as long", factor)
	}
}

// Weights that do not fit into memory are refused before they are read.
func TestLoadWeightsTooLarge(t *testing.T) {
	net := newNet(t, graphs.SNN{Layers: 1, Units: 1000, Outputs: 2}, 1000, graphs.BCE)
	path := filepath.Join(t.TempDir(), "net.safetensors")
	if err := net.Save(path); err != nil {
		t.Fatal(err)
	}
	if _, err := graphs.LoadWeights(path); err != nil {
		t.Fatal(err)
	}
	defer graphs.SetMemoryLimit(graphs.SetMemoryLimit(1 << 20))
	if _, err := graphs.LoadWeights(path); !errors.Is(err, graphs.ErrMemory) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "4.0 MB") {
		t.Errorf("error %v", err)
	}
}
