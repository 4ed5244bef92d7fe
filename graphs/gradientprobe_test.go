package graphs_test

import (
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"gorgonia.org/tensor"
)

// The gradients that a probe reads are those of the weights and biases: summed over the rows, that of the pre-activations is the gradient of the
// bias, and multiplied with the layer's input, that of the weights. Nothing has overwritten them, in residual networks either.
func TestGradientProbes(t *testing.T) {
	for _, name := range graphs.Names() {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			if dtype == tensor.Float64 && name != "snn" && name != "resnet" {
				continue
			}
			layer, err := graphs.ByName(name, graphs.Hidden{Layers: 3, Units: 12, Outputs: 3, Dropout: 0.2})
			if err != nil {
				t.Fatal(err)
			}
			g := build(t, layer, newParams(t, dtype), graphs.Config{Batch: 9, Inputs: graphs.Matrix(7), Loss: graphs.CrossEntropy, LayerGradients: true})
			probes, gradients := g.Probes(), g.GradientProbes()
			var m graphs.LayerMoments
			if err := gradients[0].Read(&m); err == nil || !strings.Contains(err.Error(), gradients[0].Name) {
				t.Errorf("%s: before the first run: error %v, want one that names the layer", name, err)
			}
			trainOnNoise(t, g)
			checked := 0
			for i, p := range gradients {
				if p.Name != probes[i].Name {
					t.Fatalf("%s: the gradients of %s stand beside %s", name, p.Name, probes[i].Name)
				}
				if err := p.Read(&m); err != nil {
					t.Fatal(err)
				}
				if _, want := moments(elements(p.Activation)); math.Abs(m.GradientVariance/want-1) > 1e-6 || !(want > 0) {
					t.Errorf("%s, %s: variance %v, want %v", name, p.Name, m.GradientVariance, want)
				}
				if name == "snn" || name == "resnet" || name == "highway" {
					checked += checkGradients(t, g, probes[i], p)
				}
			}
			if (name == "snn" || name == "resnet") && checked < 4 {
				t.Errorf("%s: %d layers were compared", name, checked)
			}
		}
	}
}

// checkGradients compares the gradients at a layer with those of its weights, if it has both. It returns the number of layers compared.
func checkGradients(t *testing.T, g *graphs.Graph, p graphs.Probe, of graphs.GradientProbe) int {
	t.Helper()
	if p.Weight == nil || of.PreActivation == nil {
		return 0
	}
	units := p.Weight.Shape()[1]
	x, dz := elements(p.Input), elements(of.PreActivation)
	for i := range g.Params {
		if g.Params[i].Node != p.Weight {
			continue
		}
		dw := elements(g.Grads[i])
		rows := len(dz) / units
		for k := range len(dw) / units {
			for j := range units {
				want := 0.0
				for r := range rows {
					want += x[r*len(x)/rows+k] * dz[r*units+j]
				}
				if math.Abs(dw[k*units+j]-want) > 1e-6*(1+math.Abs(want)) {
					t.Fatalf("layer %s: the gradient of weight (%d, %d) is %v, want %v", p.Name, k, j, dw[k*units+j], want)
				}
			}
		}
		return 1
	}
	return 0
}

// trainOnNoise is runOnNoise with rows that count.
func trainOnNoise(t *testing.T, g *graphs.Graph) {
	t.Helper()
	switch w := g.Weights.Value().Data().(type) {
	case []float32:
		for i := range w {
			w[i] = 1
		}
	case []float64:
		for i := range w {
			w[i] = 1
		}
	}
	runOnNoise(t, g)
}

// Without the setting, and in an evaluation graph, there are none.
func TestNoGradientProbes(t *testing.T) {
	layer := graphs.SNN{Layers: 2, Units: 5, Outputs: 1}
	for _, c := range []graphs.Config{{}, {Mode: graphs.Evaluate, LayerGradients: true}} {
		c.Batch, c.Inputs, c.Loss = 3, graphs.Matrix(4), graphs.BCE
		if probes := build(t, layer, newParams(t, tensor.Float32), c).GradientProbes(); probes != nil {
			t.Errorf("%+v: %d probes", c, len(probes))
		}
	}
	frozen := graphs.Config{Batch: 3, Inputs: graphs.Matrix(4), Loss: graphs.BCE, LayerGradients: true, Frozen: func(name string) bool { return strings.HasPrefix(name, "hidden1.") }}
	g := build(t, layer, newParams(t, tensor.Float32), frozen)
	trainOnNoise(t, g)
	var first, second graphs.LayerMoments
	probes := g.GradientProbes()
	err1, err2 := probes[0].Read(&first), probes[1].Read(&second)
	if err1 != nil || err2 != nil || first.GradientVariance != 0 || first.WeightGradientVariance != 0 || !(second.WeightGradientVariance > 0) {
		t.Errorf("the frozen layer has %+v, %v, the next %+v, %v", first, err1, second, err2)
	}
}
