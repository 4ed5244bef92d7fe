package graphs_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A panic, a nil node, and a node of another graph in a layer, an activation or an initializer is an error that names the layer,
// whether the network is made, built or trained.
func TestFaultsInLayers(t *testing.T) {
	inside := func(layer nn.Layer) nn.Layer {
		return nn.Sequential{nn.Dense{Units: 3}, nn.Residual{Layer: layer}, nn.Dense{Units: 1}}
	}
	var nilNode *G.Node
	var nilFunc nn.Func
	boom := func(*G.Node) (*G.Node, error) { panic("boom") }
	nothing := func(*G.Node) (*G.Node, error) { return nilNode, nil }
	failing := errors.New("refused")
	for name, test := range map[string]struct {
		layer nn.Layer
		want  []string
	}{
		"panic in a layer":          {forward(func(*nn.Binder, *G.Node) (*G.Node, error) { panic("boom") }), []string{"boom", "forward: panic", "faults_test.go"}},
		"nil pointer in a layer":    {forward(func(*nn.Binder, *G.Node) (*G.Node, error) { return G.Square(nilNode) }), []string{"forward"}},
		"nil node of a layer":       {forward(func(*nn.Binder, *G.Node) (*G.Node, error) { return nil, nil }), []string{"forward returned no node"}},
		"error of a layer":          {forward(func(*nn.Binder, *G.Node) (*G.Node, error) { return nil, failing }), []string{"refused"}},
		"panic in an activation":    {nn.Dense{Units: 3, Activation: boom}, []string{"boom", "Dense: panic", "faults_test.go"}},
		"nil node of an activation": {nn.Dense{Units: 3, Activation: nothing}, []string{"Dense returned no node"}},
		"panic in a function":       {nn.Func(boom), []string{"boom", "Func: panic"}},
		"nil node of a function":    {nn.Func(nothing), []string{"Func returned no node"}},
		"panic in an initializer": {nn.Dense{Units: 3, WeightInit: func(r *rand.Rand, values []float64, shape tensor.Shape) { panic("boom") }},
			[]string{"boom", "Dense: panic", "faults_test.go"}},
		"out of range in an initializer": {nn.Dense{Units: 3, BiasInit: func(r *rand.Rand, values []float64, shape tensor.Shape) { values[shape[0]] = 1 }},
			[]string{"out of range", "Dense: panic"}},
		"a nil function": {nilFunc, []string{"is nil"}},
		"a nil layer":    {nil, []string{"is nil"}},
		"a nil pointer":  {(*tower)(nil), []string{"is nil"}},
		"another graph": {forward(func(b *nn.Binder, x *G.Node) (*G.Node, error) {
			return G.NewMatrix(G.NewGraph(), x.Dtype(), G.WithShape(x.Shape()...)), nil
		}), []string{"another graph"}},
	} {
		data := train.Matrix{X: tensor.New(tensor.WithShape(4, 2), tensor.Of(tensor.Float64)), Y: tensor.New(tensor.WithShape(4, 1), tensor.Of(tensor.Float64))}
		broken := newNet(t, inside(nn.Func(ops.SELU)), 2, graphs.MSE, graphs.Dtype(tensor.Float64))
		broken.Layer = inside(test.layer)
		_, made := graphs.New(inside(test.layer), graphs.Matrix(2), graphs.MSE)
		_, built := broken.Build(broken.Config(graphs.Train, 2))
		_, fitted := train.Fit(context.Background(), broken, data, train.Config{Batch: 2})
		_, predicted := train.Predict(context.Background(), broken, data)
		for where, err := range map[string]error{"New": made, "Build": built, "Fit": fitted, "Predict": predicted} {
			if where != "New" && strings.Contains(name, "initializer") {
				continue // the network lacks the parameter, and it is not filled
			}
			for _, want := range append(test.want, `layer "residual1`) {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s, %s: error %v, want one that says %q", name, where, err, want)
				}
			}
		}
	}
}

// A panic or a result that is no scalar in a loss is an error that names the loss, when a network is made, built or trained.
func TestFaultsInLosses(t *testing.T) {
	data := train.Matrix{X: tensor.New(tensor.WithShape(4, 2), tensor.Of(tensor.Float32)), Y: tensor.New(tensor.WithShape(4, 1), tensor.Of(tensor.Float32))}
	for want, apply := range map[string]func(z, y, w *G.Node) (*G.Node, error){
		"panic: boom":              func(z, y, w *G.Node) (*G.Node, error) { panic("boom") },
		"returned no node":         func(z, y, w *G.Node) (*G.Node, error) { return nil, nil },
		"want a scalar":            func(z, y, w *G.Node) (*G.Node, error) { return G.Sub(z, y) },
		"refused":                  func(z, y, w *G.Node) (*G.Node, error) { return nil, errors.New("refused") },
		"another graph":            func(z, y, w *G.Node) (*G.Node, error) { return G.NewScalar(G.NewGraph(), z.Dtype()), nil },
		"does not depend on the n": func(z, y, w *G.Node) (*G.Node, error) { return G.Mean(y) },
	} {
		loss := graphs.Loss{Name: "own loss", Apply: apply}
		net := newNet(t, nn.Dense{Units: 1}, 2, graphs.MSE)
		net.Outputs[0].Loss = loss
		_, made := graphs.New(nn.Dense{Units: 1}, graphs.Matrix(2), loss)
		_, built := net.Build(net.Config(graphs.Train, 2))
		_, fitted := train.Fit(context.Background(), net, data, train.Config{Batch: 2})
		for where, err := range map[string]error{"New": made, "Build": built, "Fit": fitted, "Check": net.Check()} {
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `"own loss"`) {
				t.Errorf("%s: error %v, want one that names the loss and says %q", where, err, want)
			}
		}
	}
	panicking := graphs.Loss{Name: "own loss", Apply: graphs.MSE.Apply, Link: graphs.Custom, Predict: func([]float64) { panic("boom") }}
	net := newNet(t, nn.Dense{Units: 1}, 2, panicking)
	if _, err := train.Predict(context.Background(), net, data); err == nil || !strings.Contains(err.Error(), "boom") {
		t.Errorf("a link that panics: %v", err)
	}
}

// Parameters that are missing, surplus or misshapen give one error that lists them all: in Build, Check, Save, and for networks that
// are made with given weights. Package onnx, package pytorch and TestLoadErrors test the others.
func TestMisfits(t *testing.T) {
	net := newNet(t, graphs.BatchNorm{Layers: 2, Units: 4, Outputs: 1}, 3, graphs.MSE)
	other := newNet(t, nn.Sequential{nn.Dense{Units: 4}}, 3, graphs.MSE)
	net.Params = newParams(t, tensor.Float32)
	for _, p := range []struct {
		name  string
		shape tensor.Shape
	}{{"hidden1.dense1.weight", tensor.Shape{2, 4}}, {"hidden1.dense1.bias", tensor.Shape{4}}, {"extra", tensor.Shape{7}}} {
		if err := net.Params.Add(p.name, tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(p.shape...)), true); err != nil {
			t.Fatal(err)
		}
	}
	wants := []string{`"hidden1.dense1.weight" has shape (2, 4), want (3, 4)`, `"hidden1.batchnorm1.gamma" (4) is missing`, `"hidden1.batchnorm1.variance" (4) is missing`,
		`"hidden2.dense1.bias" (4) is missing`, `"output.bias" (1) is missing`, `"extra" (7) is surplus`}
	_, built := net.Build(net.Config(graphs.Evaluate, 2))
	_, described := net.Describe()
	_, made := graphs.New(net.Layer, graphs.Matrix(3), graphs.MSE, graphs.Weights(net.Params))
	_, predicted := train.Predict(context.Background(), net, train.Matrix{X: tensor.New(tensor.WithShape(4, 3), tensor.Of(tensor.Float32))})
	for where, err := range map[string]error{"Build": built, "Check": net.Check(), "Save": net.Save(t.TempDir() + "/x"), "Describe": described, "New": made, "Predict": predicted} {
		for _, want := range wants {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one that says %q", where, err, want)
			}
		}
	}
	if len(net.Params.All()) != 3 {
		t.Error("an error has made parameters")
	}
	// The function Build does not mind surplus parameters, but makes none in a sealed set.
	if _, err := graphs.Build(graphs.SNN{Outputs: 1}, other.Params, graphs.Config{Mode: graphs.Evaluate, Batch: 1, Inputs: graphs.Matrix(3)}); err == nil ||
		!strings.Contains(err.Error(), `"output.weight" (3, 1) is missing`) || strings.Contains(err.Error(), "surplus") {
		t.Errorf("Build with a sealed set of other parameters: %v", err)
	}
}

// New takes weights that fit, without a copy, and refuses nil options.
func TestNewWithWeights(t *testing.T) {
	layer := graphs.SNN{Layers: 1, Units: 3, Outputs: 1}
	params := newNet(t, layer, 2, graphs.MSE).Params.Clone()
	net, err := graphs.New(layer, graphs.Matrix(2), graphs.BCE, graphs.Weights(params))
	if err != nil || net.Params != params || !net.Params.Sealed() {
		t.Errorf("network %+v, %v", net, err)
	}
	for want, option := range map[string]graphs.Option{"option 1 is nil": nil, "Weights(nil)": graphs.Weights(nil), "float32 or float64": graphs.Dtype(tensor.Int), "2 column names": graphs.OutputNames("a", "b")} {
		if _, err := graphs.New(layer, graphs.Matrix(2), graphs.BCE, option); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}
