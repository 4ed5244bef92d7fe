package graphs_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func newParams(t testing.TB, dtype tensor.Dtype) *nn.Params {
	t.Helper()
	p, err := nn.NewParams(dtype, 1)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// newNet returns a network of that many columns with its initial weights.
func newNet(t testing.TB, layer nn.Layer, columns int, loss graphs.Loss, options ...graphs.Option) *graphs.Network {
	t.Helper()
	net, err := graphs.New(layer, graphs.Matrix(columns), loss, append([]graphs.Option{graphs.Seed(1)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func build(t testing.TB, layer nn.Layer, params *nn.Params, c graphs.Config) *graphs.Graph {
	t.Helper()
	g, err := graphs.Build(layer, params, c)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func run(t testing.TB, g *graphs.Graph) {
	t.Helper()
	m := G.NewTapeMachine(g.G)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
}

// fillNormal fills a float64 tensor with standard normals.
func fillNormal(n *G.Node, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0))
	for i := range n.Value().(*tensor.Dense).Float64s() {
		n.Value().(*tensor.Dense).Float64s()[i] = r.NormFloat64()
	}
}

// A 32-layer SNN at initialization keeps mean and variance of every layer near 0 and 1.
func TestSNNKeepsMoments(t *testing.T) {
	g := build(t, graphs.SNN{Layers: 32, Units: 256, Outputs: 12}, newParams(t, tensor.Float64),
		graphs.Config{Mode: graphs.Evaluate, Batch: 512, Inputs: graphs.Matrix(256)})
	fillNormal(g.X, 1)
	run(t, g)
	layers := 0
	for _, l := range g.Layers {
		if l.Kind != "Dense" || l.Name == "output" {
			continue
		}
		layers++
		mean, variance := 0.0, 0.0
		x := l.Output.Value().(*tensor.Dense).Float64s()
		for _, v := range x {
			mean += v / float64(len(x))
		}
		for _, v := range x {
			variance += (v - mean) * (v - mean) / float64(len(x))
		}
		if math.Abs(mean) > 0.1 || math.Abs(variance-1) > 0.2 {
			t.Errorf("%s: mean %.3f, variance %.3f", l.Name, mean, variance)
		}
	}
	if layers != 32 {
		t.Errorf("%d layers were looked at, want 32", layers)
	}
}

// The gradient of every network equals central differences, at depth 3.
func TestNetworkGradients(t *testing.T) {
	h := graphs.Hidden{Layers: 3, Units: 6, Outputs: 3, Profile: graphs.Conic}
	for _, name := range append(graphs.Names(), "batchnormafter", "tabm") {
		layer, err := graphs.ByName(name, h)
		if err != nil {
			t.Fatal(err)
		}
		for _, loss := range []graphs.Loss{graphs.BCE, graphs.CrossEntropy, graphs.MSE} {
			params := newParams(t, tensor.Float64)
			g := build(t, layer, params, graphs.Config{Batch: 5, Inputs: graphs.Matrix(4), Loss: loss})
			fillNormal(g.X, 2)
			for i := range g.Labels.Value().(*tensor.Dense).Float64s() {
				g.Labels.Value().(*tensor.Dense).Float64s()[i] = float64(i % 2)
			}
			for i := range g.Weights.Value().(*tensor.Dense).Float64s() {
				g.Weights.Value().(*tensor.Dense).Float64s()[i] = float64(min(i, 1))
			}
			m := G.NewTapeMachine(g.G)
			cost := func() float64 {
				m.Reset()
				if err := m.RunAll(); err != nil {
					t.Fatal(err)
				}
				return g.Cost.Value().Data().(float64)
			}
			for i, p := range g.Params {
				if g.Grads[i] == nil {
					continue
				}
				cost()
				grad := append([]float64(nil), g.Grads[i].Value().(*tensor.Dense).Float64s()...)
				for k, w := range p.Value.Float64s() {
					const h = 1e-5
					p.Value.Float64s()[k] = w + h
					up := cost()
					p.Value.Float64s()[k] = w - h
					down := cost()
					p.Value.Float64s()[k] = w
					if want := (up - down) / (2 * h); math.Abs(grad[k]-want) > 1e-7 {
						t.Errorf("%s, %s: %s[%d] has the gradient %g, central difference %g", name, loss.Name, p.Name, k, grad[k], want)
					}
				}
			}
			m.Close()
		}
	}
}

// Training and evaluation graphs of any size share the parameters.
func TestGraphsShareParameters(t *testing.T) {
	net := newNet(t, graphs.BatchNorm{Layers: 1, Units: 4, Outputs: 2}, 3, graphs.BCE)
	for _, mode := range []graphs.Mode{graphs.Train, graphs.Evaluate} {
		for _, batch := range []int{2, 7} {
			g, err := net.Build(net.Config(mode, batch))
			if err != nil {
				t.Fatal(err)
			}
			if g.Batch() != batch || (g.Grads != nil) != (mode == graphs.Train) {
				t.Errorf("%v graph of %d rows: %d rows, %d gradients", mode, batch, g.Batch(), len(g.Grads))
			}
			for _, p := range g.Params {
				if p.Value != net.Params.Get(p.Name).Value || p.Node.Value() != G.Value(p.Value) {
					t.Errorf("%s is not shared", p.Name)
				}
			}
		}
	}
	if _, err := net.Build(net.Config(graphs.Train, 1)); err == nil || !strings.Contains(err.Error(), "hidden1.batchnorm1") {
		t.Errorf("a training batch of one row gives %v", err)
	}
}

// Nothing is computed that nobody asked for: there is no gradient of the input.
func TestPruned(t *testing.T) {
	g := build(t, graphs.SNN{Layers: 2, Units: 4, Outputs: 2}, newParams(t, tensor.Float64), graphs.Config{Batch: 3, Inputs: graphs.Matrix(5), Loss: graphs.BCE})
	for _, n := range g.G.AllNodes() {
		if n != g.X && n.Shape().Eq(tensor.Shape{3, 5}) {
			t.Errorf("%v has the shape of the input", n)
		}
	}
}

func TestWidthProfiles(t *testing.T) {
	tests := []struct {
		profile           graphs.WidthProfile
		n, units, outputs int
		want              []int
	}{
		{graphs.Rectangular, 3, 64, 12, []int{64, 64, 64}},
		{graphs.Conic, 3, 1000, 1, []int{1000, 100, 10}},
		{graphs.Conic, 4, 16, 1, []int{16, 8, 4, 2}},
		{graphs.Conic, 2, 4, 9, []int{4, 6}},
		{graphs.Diavolo, 5, 64, 12, []int{64, 45, 32, 45, 64}},
		{graphs.Diavolo, 2, 64, 12, []int{64, 64}},
		{graphs.Conic, 0, 64, 12, []int{}},
	}
	for _, test := range tests {
		if got := test.profile.Sizes(test.n, test.units, test.outputs); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%v of %d layers from %d to %d: %v, want %v", test.profile, test.n, test.units, test.outputs, got, test.want)
		}
		if back, err := graphs.ParseWidthProfile(test.profile.String()); back != test.profile || err != nil {
			t.Errorf("ParseWidthProfile(%v) = %v, %v", test.profile, back, err)
		}
	}
	if _, err := graphs.ParseWidthProfile("round"); err == nil || !strings.Contains(err.Error(), "rectangular") {
		t.Errorf("an unknown profile gives %v", err)
	}
}

func TestBuildErrors(t *testing.T) {
	vector := nn.Func(func(x *G.Node) (*G.Node, error) { return G.Sum(x, 1) })
	tests := []struct {
		name, want string
		layer      nn.Layer
		config     graphs.Config
	}{
		{"no layer", "the layer or the set of parameters is nil", nil, graphs.Config{Batch: 1, Inputs: graphs.Matrix(1)}},
		{"no rows", "0 rows", graphs.SNN{Outputs: 1}, graphs.Config{Inputs: graphs.Matrix(1)}},
		{"no inputs", "there are no inputs", graphs.SNN{Outputs: 1}, graphs.Config{Batch: 1, Loss: graphs.MSE}},
		{"two inputs", "two inputs \"x\"", graphs.SNN{Outputs: 1}, graphs.Config{Batch: 1, Inputs: append(graphs.Matrix(1), graphs.Matrix(2)...), Loss: graphs.MSE}},
		{"an image", "image", graphs.SNN{Outputs: 1}, graphs.Config{Batch: 1, Inputs: []graphs.Input{{Kind: batch.Image, Width: 1}}, Loss: graphs.MSE}},
		{"no columns", "0 columns", graphs.SNN{Outputs: 1}, graphs.Config{Batch: 1, Inputs: graphs.Matrix(0), Loss: graphs.MSE}},
		{"huge", "too large", graphs.SNN{Outputs: 1}, graphs.Config{Batch: math.MaxInt / 8, Inputs: graphs.Matrix(math.MaxInt / 8), Loss: graphs.MSE}},
		{"no loss", "no loss", graphs.SNN{Outputs: 1}, graphs.Config{Batch: 1, Inputs: graphs.Matrix(1)}},
		{"no mode", "mode 7", graphs.SNN{Outputs: 1}, graphs.Config{Mode: 7, Batch: 1, Inputs: graphs.Matrix(1), Loss: graphs.MSE}},
		{"no parameters", "no trainable parameter", nn.Func(ops.SELU), graphs.Config{Batch: 1, Inputs: graphs.Matrix(1), Loss: graphs.MSE}},
		{"output is no matrix", "output has shape", vector, graphs.Config{Batch: 2, Inputs: graphs.Matrix(3), Loss: graphs.MSE}},
		{"no units", "0 units", graphs.SNN{Layers: 2, Outputs: 1}, graphs.Config{Batch: 1, Inputs: graphs.Matrix(1), Loss: graphs.MSE}},
	}
	for _, test := range tests {
		if _, err := graphs.Build(test.layer, newParams(t, tensor.Float32), test.config); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one that says %q", test.name, err, test.want)
		}
	}
}

func TestDot(t *testing.T) {
	dot := build(t, graphs.SNN{Layers: 1, Units: 4, Outputs: 2}, newParams(t, tensor.Float32), graphs.Config{Batch: 3, Inputs: graphs.Matrix(5), Loss: graphs.BCE}).Dot()
	for _, want := range []string{"digraph", "hidden1.dense1.weight", "SELU", "BCE", "->", "}\n"} {
		if !strings.Contains(dot, want) {
			t.Errorf("no %q in\n%s", want, dot)
		}
	}
}
