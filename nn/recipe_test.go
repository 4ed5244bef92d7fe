package nn_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// costOf returns the mean square of the outputs of a layer and its gradients, by parameter.
func costOf(t *testing.T, layer nn.Layer, p *nn.Params, x []float64, cols int) (cost float64, gradients map[string][]float64) {
	t.Helper()
	g := G.NewGraph()
	in := G.NewMatrix(g, tensor.Float64, G.WithName("x"), G.WithShape(len(x)/cols, cols), G.WithValue(tensor.New(tensor.WithShape(len(x)/cols, cols), tensor.WithBacking(x))))
	b := nn.NewBinder(g, p, true, ops.NewNoise(1))
	y, err := b.Apply("net", layer, in)
	if err != nil {
		t.Fatal(err)
	}
	square, err := ops.Square(y)
	if err != nil {
		t.Fatal(err)
	}
	mean, err := ops.Mean(square)
	if err != nil {
		t.Fatal(err)
	}
	var nodes G.Nodes
	for _, bound := range b.Bound() {
		nodes = append(nodes, bound.Node)
	}
	grads, err := G.Grad(mean, nodes...)
	if err != nil {
		t.Fatal(err)
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	gradients = map[string][]float64{}
	for i, bound := range b.Bound() {
		gradients[bound.Name] = append([]float64(nil), grads[i].Value().Data().([]float64)...)
	}
	return mean.Value().Data().(float64), gradients
}

// checkGradients compares the gradients of a layer with finite differences.
func checkGradients(t *testing.T, layer nn.Layer, x []float64, cols int) {
	t.Helper()
	p := newParams(t, tensor.Float64, 5)
	_, gradients := costOf(t, layer, p, x, cols)
	for _, param := range p.All() {
		values := param.Value.Data().([]float64)
		for i := range values {
			const h = 1e-6
			old := values[i]
			values[i] = old + h
			more, _ := costOf(t, layer, p, x, cols)
			values[i] = old - h
			less, _ := costOf(t, layer, p, x, cols)
			values[i] = old
			if got, want := gradients[param.Name][i], (more-less)/(2*h); math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("%s[%d]: gradient %v, finite difference %v", param.Name, i, got, want)
			}
		}
	}
}

var recipeRows = []float64{0.5, -1.2, 2, 0.1, 0, 1.5, -0.7, -2, 0.3, 1, 1, -1}

// The gradients of the layers for tables are those of finite differences.
func TestRecipeGradients(t *testing.T) {
	checkGradients(t, nn.Sequential{nn.InputScale{}, nn.Dense{Units: 2, NeuralTangent: true, Activation: ops.SELU}}, recipeRows, 3)
	checkGradients(t, nn.Sequential{nn.InputScale{Init: signs}, nn.Dense{Units: 2, NeuralTangent: true, NoBias: true}}, recipeRows, 3)
}

// InputScale starts as the identity.
func TestInputScaleStarts(t *testing.T) {
	p := newParams(t, tensor.Float64, 5)
	got, _ := costOf(t, nn.InputScale{}, p, recipeRows, 3)
	want := 0.0
	for _, x := range recipeRows {
		want += x * x / float64(len(recipeRows))
	}
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("the mean square is %v, want that of the input, %v", got, want)
	}
}

// A layer of the neural-tangent parametrization computes what one with weights divided by the root of the number of inputs does. Its gradient is that
// of the other divided by the same root, so that a step of SGD changes the effective weight by the rate over the number of inputs.
func TestNeuralTangentDense(t *testing.T) {
	const cols = 4
	tangent, plain := newParams(t, tensor.Float64, 5), newParams(t, tensor.Float64, 5)
	costOf(t, nn.Dense{Units: 3, NeuralTangent: true}, tangent, recipeRows, cols)
	for _, p := range tangent.All() {
		copied := p.Value.Clone().(*tensor.Dense)
		if p.Name == "net.weight" {
			for i, w := range p.Value.Data().([]float64) {
				copied.Data().([]float64)[i] = w / math.Sqrt(cols)
			}
		}
		if err := plain.Add(p.Name, copied, true); err != nil {
			t.Fatal(err)
		}
	}
	a, gradA := costOf(t, nn.Dense{Units: 3, NeuralTangent: true}, tangent, recipeRows, cols)
	b, gradB := costOf(t, nn.Dense{Units: 3}, plain, recipeRows, cols)
	if math.Abs(a-b) > 1e-12 {
		t.Errorf("costs %v and %v", a, b)
	}
	for i, g := range gradB["net.weight"] {
		if got := gradA["net.weight"][i]; math.Abs(got-g/math.Sqrt(cols)) > 1e-12 {
			t.Errorf("gradient %v, want %v / %v", got, g, math.Sqrt(cols))
		}
	}
	for i, g := range gradB["net.bias"] {
		if got := gradA["net.bias"][i]; math.Abs(got-g) > 1e-12 {
			t.Errorf("gradient of a bias %v, want %v", got, g)
		}
	}
}

// A new layer of the neural-tangent parametrization keeps variance 1 up to the bias, whatever its width.
func TestNeuralTangentStart(t *testing.T) {
	for _, cols := range []int{20, 300} {
		layer := nn.Dense{Units: 300, NeuralTangent: true, BiasInit: nn.Zeros}
		if mean, variance := moments(t, layer, false, nn.FixedPoint{Variance: 1}, 200, cols); math.Abs(mean) > 0.1 || math.Abs(variance-1) > 0.15 {
			t.Errorf("%d inputs: mean %.3f and variance %.3f", cols, mean, variance)
		}
	}
}

// signs fills with 1 and -1 in turn.
func signs(_ *rand.Rand, values []float64, _ tensor.Shape) {
	for i := range values {
		values[i] = float64(1 - 2*(i%2))
	}
}

// The gradients of periodic embeddings are those of finite differences, also under a layer.
func TestPeriodicGradients(t *testing.T) {
	checkGradients(t, nn.Periodic{Frequencies: 2, Dim: 3, Scale: 0.5}, recipeRows, 3)
	checkGradients(t, nn.Sequential{nn.InputScale{}, nn.Periodic{Frequencies: 3, Dim: 2, Scale: 1}, nn.Dense{Units: 2}}, recipeRows[:6], 2)
}

// A periodic embedding is the formula: each column, beside linear combinations of its cosines.
func TestPeriodic(t *testing.T) {
	const cols, f, dim = 3, 2, 3
	p := newParams(t, tensor.Float64, 5)
	layer := nn.Periodic{Frequencies: f, Dim: dim, Scale: 0.5}
	got, _ := costOf(t, layer, p, recipeRows, cols)
	value := func(name string) []float64 { return p.Get("net." + name).Value.Data().([]float64) }
	frequency, phase, weight, bias := value("frequency"), value("phase"), value("weight"), value("bias")
	want, n := 0.0, 0.0
	for i, x := range recipeRows {
		c := i % cols
		want, n = want+x*x, n+dim
		for j := range dim - 1 {
			y := bias[c*(dim-1)+j]
			for k := range f {
				y += weight[(c*f+k)*(dim-1)+j] * math.Cos(2*math.Pi*(frequency[c*f+k]*x+phase[c*f+k]))
			}
			want += y * y
		}
	}
	if math.Abs(got-want/n) > 1e-9 {
		t.Errorf("mean square %v, want %v", got, want/n)
	}
}
