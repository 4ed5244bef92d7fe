package graphs_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// elements returns a copy of a node's value as float64.
func elements(n *G.Node) []float64 {
	switch x := n.Value().Data().(type) {
	case []float32:
		out := make([]float64, len(x))
		for i, v := range x {
			out[i] = float64(v)
		}
		return out
	case []float64:
		return append([]float64(nil), x...)
	}
	return nil
}

// moments are mean and population variance in two plain passes.
func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, variance
}

// direct computes the statistics of a probe from their definitions.
func direct(p graphs.Probe) graphs.LayerMoments {
	m := graphs.LayerMoments{Name: p.Name}
	m.PreMean, m.PreVariance = moments(elements(p.PreActivation))
	m.Mean, m.Variance = moments(elements(p.Activation))
	if p.Weight == nil {
		return m
	}
	w, units := elements(p.Weight), p.Weight.Shape()[1]
	omega, tau := make([]float64, units), make([]float64, units)
	for i, v := range w {
		omega[i%units] += v
		tau[i%units] += v * v
	}
	m.Omega, _ = moments(omega)
	m.Tau, _ = moments(tau)
	least := func(x []float64) float64 {
		y := math.Inf(1)
		for _, v := range x {
			y = math.Min(y, v)
		}
		return y
	}
	greatest := func(x []float64) float64 {
		y := math.Inf(-1)
		for _, v := range x {
			y = math.Max(y, v)
		}
		return y
	}
	m.OmegaMin, m.OmegaMax, m.TauMin, m.TauMax = least(omega), greatest(omega), least(tau), greatest(tau)
	return m
}

// runOnNoise runs a graph on standard normal inputs.
func runOnNoise(t *testing.T, g *graphs.Graph) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	switch x := g.X.Value().Data().(type) {
	case []float32:
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
	case []float64:
		for i := range x {
			x[i] = r.NormFloat64()
		}
	}
	run(t, g)
}

// A probe reads what the definitions give, for all networks, modes and dtypes.
func TestProbesEqualDefinitions(t *testing.T) {
	for _, name := range graphs.Names() {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, mode := range []graphs.Mode{graphs.Train, graphs.Evaluate} {
				layer, err := graphs.ByName(name, graphs.Hidden{Layers: 3, Units: 37, Profile: graphs.Conic, Outputs: 3, Dropout: 0.2})
				if err != nil {
					t.Fatal(err)
				}
				g := build(t, layer, newParams(t, dtype), graphs.Config{Mode: mode, Batch: 19, Inputs: graphs.Matrix(11), Loss: graphs.CrossEntropy})
				probes := g.Probes()
				if _, err := probes[0].Read(); err == nil || !strings.Contains(err.Error(), probes[0].Name) {
					t.Errorf("%s: before the first run: error %v, want one that names the layer", name, err)
				}
				runOnNoise(t, g)
				weighted := 0
				for _, p := range probes {
					if p.Weight != nil {
						weighted++
					}
					got, err := p.Read()
					if err != nil {
						t.Fatal(err)
					}
					near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 2e-5*(1+math.Abs(b)) })
					if diff := cmp.Diff(direct(p), got, near); diff != "" {
						t.Errorf("%s %v %v, layer %s (-direct +probe):\n%s", name, dtype, mode, p.Name, diff)
					}
				}
				if weighted < 4 {
					t.Errorf("%s: %d layers with weights were probed, want at least 4", name, weighted)
				}
			}
		}
	}
}

// probed returns the names, with a star for SELU, of the layers that have a probe.
func probed(t *testing.T, layer nn.Layer) string {
	t.Helper()
	g := build(t, layer, newParams(t, tensor.Float32), graphs.Config{Mode: graphs.Train, Batch: 4, Inputs: graphs.Matrix(5), Loss: graphs.BCE})
	runOnNoise(t, g)
	var names []string
	for _, p := range g.Probes() {
		if p.SELU {
			p.Name += "*"
			for i, z := range elements(p.PreActivation) {
				want := 1.0507009873554805 * z
				if z <= 0 {
					want = 1.0507009873554805 * 1.6732632423543772 * math.Expm1(z)
				}
				if got := elements(p.Activation)[i]; math.Abs(got-want) > 1e-5 {
					t.Errorf("%s: activation %v of pre-activation %v, want %v: probes see what comes before dropout", p.Name, got, z, want)
					break
				}
			}
		}
		if p.Weight != nil {
			p.Name += "w"
		}
		names = append(names, p.Name)
	}
	return strings.Join(names, " ")
}

// own is a layer of a user, whose pre-activations are known if it records them.
type own struct{ records bool }

func (l own) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	w, err := b.Param("w", nn.LeCunNormal, x.Shape()[1], 7)
	if err != nil {
		return nil, err
	}
	z, err := ops.MatMul(x, w)
	if err != nil {
		return nil, err
	}
	if l.records {
		b.Linear(z, w)
	}
	return ops.SELU(z)
}

func TestProbedLayers(t *testing.T) {
	h := graphs.Hidden{Layers: 2, Units: 6, Outputs: 3, Dropout: 0.5, InputDropout: 0.1}
	tests := []struct {
		name  string
		layer nn.Layer
		want  string
	}{
		{"SNN", graphs.SNN(h), "hidden1.dense1*w hidden2.dense1*w outputw"},
		{"MSRAinit", graphs.MSRAinit(h), "hidden1.dense1w hidden2.dense1w outputw"},
		{"BatchNorm", graphs.BatchNorm(graphs.Hidden{Layers: 1, Units: 6, Outputs: 3}), "hidden1.dense1w hidden1.batchnorm1 hidden1.func1 outputw"},
		{"Highway", graphs.Highway(graphs.Hidden{Layers: 1, Units: 6, Outputs: 3}), "hidden1.highway1 hidden1.highway1.transformw hidden1.highway1.gatew hidden1.highway1.carryw outputw"},
		{"SELU as a layer", nn.Sequential{nn.Dense{Units: 6}, nn.Func(ops.SELU), nn.AlphaDropout{Rate: 0.3}, nn.Dense{Units: 3}}, "dense1*w dense2w"},
		{"layers of activations", nn.Sequential{nn.Dense{Units: 6}, nn.SELU{}, nn.Dense{Units: 6}, &nn.PReLU{}, nn.Dense{Units: 3}, nn.ParametricSELU{}}, "dense1*w dense2w dense3w"},
		{"SELU behind batch normalization", nn.Sequential{nn.Dense{Units: 6}, nn.BatchNorm{}, nn.Func(ops.SELU), nn.Dense{Units: 3}}, "dense1w batchnorm1 func1* dense2w"},
		{"own", nn.Sequential{own{}, own{records: true}, nn.Dense{Units: 3}}, "own1 own2*w dense1w"},
		{"dropout of rate 0, pointers", nn.Sequential{&nn.Dense{Units: 6, Activation: ops.SELU}, &nn.Dropout{}, &nn.Dropout{Rate: 0.5}, nn.Dense{Units: 3}}, "dense1*w dense2w"},
		{"residual", nn.Sequential{nn.Residual{Layer: nn.Dense{Units: 6}, Activation: ops.SELU}, nn.Dense{Units: 3}}, "residual1* residual1.layerw residual1.shortcutw dense1w"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := probed(t, test.layer); got != test.want {
				t.Errorf("probes %s, want %s", got, test.want)
			}
		})
	}
}

// The squares of large float32 values are not finite in float32, but their variance is.
func TestProbeOfLargeValues(t *testing.T) {
	g := build(t, nn.Sequential{nn.Dense{Units: 3}}, newParams(t, tensor.Float32), graphs.Config{Mode: graphs.Evaluate, Batch: 8, Inputs: graphs.Matrix(2)})
	for i := range g.X.Value().Data().([]float32) {
		g.X.Value().Data().([]float32)[i] = 1e25 * float32(i%5-2)
	}
	run(t, g)
	got, err := g.Probes()[0].Read()
	if err != nil {
		t.Fatal(err)
	}
	if want := direct(g.Probes()[0]); !got.Finite() || math.Abs(got.Variance/want.Variance-1) > 1e-5 {
		t.Errorf("variance %v, want %v", got.Variance, want.Variance)
	}
	got.Mean = math.NaN()
	if got.Finite() {
		t.Error("NaN counts as finite")
	}
}
