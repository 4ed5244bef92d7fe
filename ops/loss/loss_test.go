package loss_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/ops/loss"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// sample is a loss to test, with labels.
type sample struct {
	name    string
	apply   func(x, labels, weights *G.Node) (*G.Node, error)
	labels  []float64 // valid ones of a batch of 4 x 3
	classes bool      // labels and weights are vectors
	soft    bool      // weights alone are a vector
}

var (
	anyLabels   = []float64{1, -0.6, 1.4, 3, 0.5, -2, 0.3, 0, 1, 1, -1, 0}
	targets     = []float64{1, 0, 1, 1, 0.5, 0, 0, 0, 1, 1, 0.2, 0}
	classes     = []float64{2, 0, 1, 1}
	mixed       = []float64{0.5, 0.25, 0.25, 0, 1, 0, 0.125, 0.5, 0.375, 1, 0, 0}
	posWeight   = []float64{2, 0.5, 3}
	classWeight = []float64{0.5, 2, 1}
)

var samples = []sample{
	{"MSE", loss.MSE, anyLabels, false, false},
	{"MAE", loss.MAE, anyLabels, false, false},
	{"Huber", func(x, y, w *G.Node) (*G.Node, error) { return loss.Huber(x, y, w, 1) }, anyLabels, false, false},
	{"Huber", func(x, y, w *G.Node) (*G.Node, error) { return loss.Huber(x, y, w, 0.3) }, anyLabels, false, false},
	{"Pinball", func(x, y, w *G.Node) (*G.Node, error) { return loss.Pinball(x, y, w, 0.2) }, anyLabels, false, false},
	{"Pinball", func(x, y, w *G.Node) (*G.Node, error) { return loss.Pinball(x, y, w, 0.9) }, anyLabels, false, false},
	{"BCE", func(x, y, w *G.Node) (*G.Node, error) { return loss.BCE(x, y, w, nil) }, targets, false, false},
	{"BCE", func(x, y, w *G.Node) (*G.Node, error) { return loss.BCE(x, y, w, posWeight) }, targets, false, false},
	{"Focal", func(x, y, w *G.Node) (*G.Node, error) { return loss.Focal(x, y, w, 2, 0.25) }, targets, false, false},
	{"Focal", func(x, y, w *G.Node) (*G.Node, error) { return loss.Focal(x, y, w, 0.5, 0.75) }, targets, false, false},
	{"Focal", func(x, y, w *G.Node) (*G.Node, error) { return loss.Focal(x, y, w, 0, 0.75) }, targets, false, false},
	{"CrossEntropy", crossEntropy(nil, 0), classes, true, false},
	{"CrossEntropy", crossEntropy(classWeight, 0), classes, true, false},
	{"CrossEntropy", crossEntropy(nil, 0.1), classes, true, false},
	{"CrossEntropy", crossEntropy(classWeight, 0.1), classes, true, false},
	{"SoftCrossEntropy", softCrossEntropy(nil, 0), mixed, false, true},
	{"SoftCrossEntropy", softCrossEntropy(classWeight, 0.2), mixed, false, true},
	{"MultiMargin", loss.MultiMargin, classes, true, false},
}

func crossEntropy(classWeights []float64, smoothing float64) func(x, y, w *G.Node) (*G.Node, error) {
	return func(x, y, w *G.Node) (*G.Node, error) {
		return loss.CrossEntropy(x, y, w, loss.CrossEntropyOptions{ClassWeights: classWeights, Smoothing: smoothing})
	}
}

func softCrossEntropy(classWeights []float64, smoothing float64) func(x, y, w *G.Node) (*G.Node, error) {
	return func(x, y, w *G.Node) (*G.Node, error) {
		return loss.SoftCrossEntropy(x, y, w, loss.CrossEntropyOptions{ClassWeights: classWeights, Smoothing: smoothing})
	}
}

// shapes are those of labels and weights.
func (l sample) shapes() (labels, weights tensor.Shape) {
	labels, weights = tensor.Shape{4, 3}, tensor.Shape{4, 3}
	if l.classes {
		labels = tensor.Shape{4}
	}
	if l.classes || l.soft {
		weights = tensor.Shape{4}
	}
	return labels, weights
}

// symmetric reports whether the labels have a gradient.
func (l sample) symmetric() bool {
	return slices.Contains([]string{"MSE", "MAE", "Huber", "Pinball"}, l.name)
}

func TestLosses(t *testing.T) {
	weights := []float64{2, 1, 0, 1, 2, 1, 0, 0, 1, 0.5, 1, 1}
	for _, l := range samples {
		labels, perLabel := l.shapes()
		in := []opstest.Input{{Shape: tensor.Shape{4, 3}}, {Shape: labels, Values: l.labels, Constant: !l.symmetric()}}
		bad := [][]tensor.Shape{{{4, 3}, {3, 4}}, {{4, 3}, {4, 1}}, {{4}, {4, 3}}}
		opstest.Check(t, opstest.Case{
			Build:  func(in nodes) (*G.Node, error) { return l.apply(in[0], in[1], nil) },
			Inputs: in, BadShapes: bad, Kinks: []float64{0},
		})
		for i := range bad {
			bad[i] = append(bad[i], perLabel)
		}
		var variants []func(nodes) (*G.Node, error)
		for _, other := range samples {
			if s, _ := other.shapes(); &other.labels[0] == &l.labels[0] && s.Eq(labels) && fmt.Sprint(other) != fmt.Sprint(l) {
				variants = append(variants, func(in nodes) (*G.Node, error) { return other.apply(in[0], in[1], in[2]) })
			}
		}
		opstest.Check(t, opstest.Case{
			Build:     func(in nodes) (*G.Node, error) { return l.apply(in[0], in[1], in[2]) },
			Inputs:    append(in, opstest.Input{Shape: perLabel, Values: weights[:perLabel.TotalSize()], Constant: true}),
			BadShapes: append(bad, []tensor.Shape{{4, 3}, labels, {4, 2}}, []tensor.Shape{{4, 3}, labels, {3}}),
			Variants:  variants,
		})
	}
}

// run returns the value of a loss and the gradient of its first input. weights may be nil.
func (l sample) run(t *testing.T, dtype tensor.Dtype, x, y, w []float64) (value float64, grad []float64, err error) {
	t.Helper()
	g := G.NewGraph()
	node := func(name string, shape tensor.Shape, data []float64) *G.Node {
		return G.NewTensor(g, dtype, shape.Dims(), G.WithName(name), G.WithShape(shape...), G.WithValue(denseOf(dtype, shape, data)))
	}
	labels, perLabel := l.shapes()
	var weights *G.Node
	if w != nil {
		weights = node("w", perLabel, w)
	}
	in := node("x", tensor.Shape{4, 3}, x)
	cost, err := l.apply(in, node("y", labels, y), weights)
	if err != nil {
		t.Fatal(err)
	}
	grads, err := G.Grad(cost, in)
	if err != nil {
		t.Fatal(err)
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		return 0, nil, err
	}
	return floatsOf(cost.Value())[0], floatsOf(grads[0].Value()), nil
}

var dtypes = []tensor.Dtype{tensor.Float32, tensor.Float64}

// Weights of 1 give the bits that no weights give.
func TestLossOnes(t *testing.T) {
	for _, l := range samples {
		for _, dtype := range dtypes {
			_, perLabel := l.shapes()
			x := standardNormals(12, 3)
			value, grad, err := l.run(t, dtype, x, l.labels, nil)
			if err != nil {
				t.Errorf("%s: %v", l.name, err)
			}
			ones, onesGrad, err := l.run(t, dtype, x, l.labels, slices.Repeat([]float64{1}, perLabel.TotalSize()))
			if value != ones || !slices.Equal(grad, onesGrad) || err != nil || value == 0 {
				t.Errorf("%s of %v: %v without weights, %v with weights of 1, error %v", l.name, dtype, value, ones, err)
			}
		}
	}
}

// A label of weight 0 is as if its row or element were not there, even if it is NaN; without any label loss and gradient are 0.
func TestLossMissing(t *testing.T) {
	nan := math.NaN()
	for _, l := range samples {
		for _, dtype := range dtypes {
			_, perLabel := l.shapes()
			w, x, y := slices.Repeat([]float64{2}, perLabel.TotalSize()), standardNormals(12, 3), slices.Clone(l.labels)
			row := len(l.labels) / 4 // elements of a row of labels
			for i := range len(w) / 4 {
				w[i] = 0
			}
			want, _, _ := l.run(t, dtype, x, y, w)
			for i := range row {
				y[i] = nan
			}
			x[0] = nan
			value, grad, err := l.run(t, dtype, x, y, w)
			if err != nil || value != want || value == 0 || grad[0] != 0 || grad[1] != 0 || grad[3] == 0 || slices.ContainsFunc(grad, math.IsNaN) {
				t.Errorf("%s of %v: %v with gradient %v, want %v: %v", l.name, dtype, value, grad, want, err)
			}
			clear(w)
			value, grad, err = l.run(t, dtype, x, slices.Repeat([]float64{nan}, len(y)), w)
			if err != nil || value != 0 || slices.ContainsFunc(grad, func(v float64) bool { return v != 0 }) {
				t.Errorf("%s of %v: %v with gradient %v without labels: %v", l.name, dtype, value, grad, err)
			}
		}
	}
}

// Scaling all weights changes nothing.
func TestLossScale(t *testing.T) {
	for _, l := range samples {
		_, perLabel := l.shapes()
		w := []float64{2, 1, 0, 1, 2, 1, 0, 0, 1, 0.5, 1, 1}[:perLabel.TotalSize()]
		x := standardNormals(12, 4)
		value, grad, _ := l.run(t, tensor.Float64, x, l.labels, w)
		for i := range w {
			w[i] *= 1024
		}
		scaled, scaledGrad, _ := l.run(t, tensor.Float64, x, l.labels, w)
		if math.Abs(value-scaled) > 1e-14 {
			t.Errorf("%s: %v, and %v with other weights", l.name, value, scaled)
		}
		compare(t, l.name, scaledGrad, grad, 1e-14)
	}
}
