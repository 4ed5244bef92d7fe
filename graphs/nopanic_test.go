package graphs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

const huge = math.MaxInt / 8

// hostile are arguments that nobody should pass.
type hostile struct {
	net    *graphs.Network
	graph  *graphs.Graph
	layer  nn.Layer
	params *nn.Params
	inputs []graphs.Input
	loss   graphs.Loss
	hidden graphs.Hidden
	binder *nn.Binder
	x      *G.Node
	n      int
	number float64
	name   string
	path   string
}

func hostiles(t *testing.T) (all []hostile) {
	good := newNet(t, graphs.SNN{Layers: 1, Units: 3, Outputs: 2}, 2, graphs.BCE)
	g, err := good.Build(good.Config(graphs.Train, 2))
	if err != nil {
		t.Fatal(err)
	}
	layers := []nn.Layer{nil, nn.Func(nil), (*tower)(nil), graphs.SNN{}, graphs.SNN{Layers: huge, Units: huge, Outputs: huge}, graphs.SNN{Layers: 1, Units: huge, Outputs: 1},
		nn.Sequential{nil}, graphs.ResNet{Bottleneck: math.NaN()}, nn.Func(func(*G.Node) (*G.Node, error) { panic("boom") }), graphs.SNN{Outputs: 2}}
	sets := []*nn.Params{nil, {}, newParams(t, tensor.Float64), good.Params}
	inputs := [][]graphs.Input{nil, {}, {{}}, graphs.Matrix(0), graphs.Matrix(-1), graphs.Matrix(huge), graphs.Matrix(2), {{Kind: batch.Image, Width: 3}}, {{Kind: -1, Width: 2}}, append(graphs.Matrix(2), graphs.Matrix(2)...)}
	weighted, err := graphs.BCE.WithClassWeights([]float64{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	losses := []graphs.Loss{{}, graphs.BCE, weighted, graphs.CrossEntropy, graphs.Huber(math.NaN()), graphs.Quantile(huge), graphs.Focal(-1, -1), {Name: "x", Labels: 7, Link: -1, Apply: graphs.MSE.Apply},
		{Name: "x", Link: graphs.Custom, Apply: graphs.MSE.Apply}, {Name: "y", Apply: func(z, y, w *G.Node) (*G.Node, error) { panic("boom") }}, graphs.MultiMargin, graphs.SoftCrossEntropy}
	numbers := []int{0, -1, 1, 2, 7, huge, math.MinInt, math.MaxInt}
	hiddens := []graphs.Hidden{{}, {Layers: -1, Units: -1, Outputs: -1}, {Layers: huge, Units: huge, Outputs: huge}, {Layers: 2, Units: 2, Profile: 9, Outputs: 2}, {Layers: 1, Units: 2, Outputs: 2, Dropout: math.NaN(), InputDropout: huge},
		{Layers: 3, Units: huge, Outputs: huge, Profile: graphs.Conic}, {Layers: 3, Units: huge, Outputs: 1, Profile: graphs.Diavolo}}
	nodes := []*G.Node{nil, {}, g.X, G.NewVector(G.NewGraph(), tensor.Float64, G.WithShape(3)), G.NewScalar(G.NewGraph(), tensor.Float32)}
	binders := []*nn.Binder{nil, {}, nn.NewBinder(nil, nil, true, nil), nn.NewBinder(g.X.Graph(), newParams(t, tensor.Float32), true, ops.NewNoise(1))}
	foreign := filepath.Join(t.TempDir(), "foreign")
	if err := os.WriteFile(foreign, []byte("these are no weights, but enough bytes"), 0o644); err != nil {
		t.Fatal(err)
	}
	for i := range 240 {
		h := hostile{
			layer: layers[i%len(layers)], params: sets[i%len(sets)], inputs: inputs[(i/3)%len(inputs)], loss: losses[i%len(losses)], n: numbers[i%len(numbers)],
			hidden: hiddens[i%len(hiddens)], binder: binders[i%len(binders)], x: nodes[(i/2)%len(nodes)], number: []float64{0, -1, math.NaN(), math.Inf(1), huge}[i%5],
			name: []string{"", "snn", "x", "huber(delta=NaN)", "focal(", "\x00"}[i%6], path: []string{"", t.TempDir(), foreign, filepath.Join(t.TempDir(), "none", "none")}[i%4],
			graph: []*graphs.Graph{nil, {}, g}[i%3],
		}
		h.net = []*graphs.Network{nil, {}, good.Clone(), {Layer: h.layer, Params: h.params, Inputs: h.inputs, Outputs: []graphs.Output{{Width: h.n, Loss: h.loss, Weight: h.number}}},
			{Layer: good.Layer, Params: good.Params.Clone(), Inputs: good.Inputs, Outputs: []graphs.Output{{Name: "y", Width: 2, Loss: h.loss, Columns: []string{"a"}}, {}}},
			{Layer: good.Layer, Params: good.Params.Clone(), Inputs: h.inputs, Outputs: good.Outputs, Metadata: map[string]string{"selfnorm.x": ""}}}[i%6]
		all = append(all, h)
	}
	return all
}

// nopanic calls every exported function and method.
func nopanic() map[string]func(h hostile) {
	forward := func(layer func(h graphs.Hidden) nn.Layer) func(h hostile) {
		return func(h hostile) { _, _ = layer(h.hidden).Forward(h.binder, h.x) }
	}
	return map[string]func(h hostile){
		"TabM.Forward": forward(func(h graphs.Hidden) nn.Layer {
			return graphs.TabM{Hidden: h, Members: h.Layers, Mean: graphs.Link(h.Outputs)}
		}),
		"Embedded.Forward":       forward(func(h graphs.Hidden) nn.Layer { return graphs.Embedded{Hidden: h, Numbers: h.Layers} }),
		"SNN.Forward":            forward(func(h graphs.Hidden) nn.Layer { return graphs.SNN(h) }),
		"MSRAinit.Forward":       forward(func(h graphs.Hidden) nn.Layer { return graphs.MSRAinit(h) }),
		"BatchNorm.Forward":      forward(func(h graphs.Hidden) nn.Layer { return graphs.BatchNorm(h) }),
		"BatchNormAfter.Forward": forward(func(h graphs.Hidden) nn.Layer { return graphs.BatchNormAfter(h) }),
		"LayerNorm.Forward":      forward(func(h graphs.Hidden) nn.Layer { return graphs.LayerNorm(h) }),
		"WeightNorm.Forward":     forward(func(h graphs.Hidden) nn.Layer { return graphs.WeightNorm(h) }),
		"Highway.Forward":        forward(func(h graphs.Hidden) nn.Layer { return graphs.Highway(h) }),
		"ResNet.Forward":         forward(func(h graphs.Hidden) nn.Layer { return graphs.ResNet{Hidden: h, Bottleneck: 1e-300} }),
		"F.Matrix":               func(h hostile) { graphs.Matrix(h.n) },
		"F.SetMemoryLimit":       func(h hostile) { graphs.SetMemoryLimit(graphs.SetMemoryLimit(int64(max(h.n, 1<<30)))) },
		"Memory.Total":           func(h hostile) { graphs.Memory{Weights: math.MaxUint64, Inputs: uint64(h.n)}.Total() },
		"Memory.String":          func(h hostile) { _ = graphs.Memory{Weights: math.MaxUint64, Inputs: uint64(h.n)}.String() },
		"Graph.Memory":           func(h hostile) { h.graph.Memory() },
		"Graph.BuildTime":        func(h hostile) { h.graph.BuildTime() },
		"F.Plan": func(h hostile) {
			for _, mode := range []graphs.Mode{graphs.Train, graphs.Evaluate, graphs.Mode(h.n)} {
				_, _ = graphs.Plan(h.layer, graphs.Config{Mode: mode, Batch: h.n, Inputs: h.inputs, Loss: h.loss}, nil)
				_, _ = graphs.Plan(h.layer, graphs.Config{Mode: mode, Batch: h.n, Inputs: h.inputs, Loss: h.loss}, graphs.Dtype(tensor.Bool))
				_, _ = graphs.Plan(graphs.BatchNorm(h.hidden), graphs.Config{Mode: mode, Batch: h.n, Inputs: h.inputs, Loss: h.loss})
			}
		},
		"F.Build": func(h hostile) {
			for _, mode := range []graphs.Mode{graphs.Train, graphs.Evaluate, graphs.Mode(h.n)} {
				params := h.params.Clone()
				_, _ = graphs.Build(h.layer, params, graphs.Config{Mode: mode, Batch: min(h.n, 1<<20), Inputs: h.inputs, Loss: h.loss})
				_, _ = graphs.Build(graphs.SNN{Outputs: 2}, params, graphs.Config{Mode: mode, Batch: h.n, Inputs: graphs.Matrix(h.n), Loss: h.loss, Frozen: func(string) bool { return true }})
			}
		},
		"F.New": func(h hostile) {
			_, _ = graphs.New(h.layer, h.inputs, h.loss)
			_, _ = graphs.New(graphs.SNN(h.hidden), graphs.Matrix(2), h.loss, nil)
			_, _ = graphs.New(h.layer, graphs.Matrix(2), graphs.BCE, graphs.Dtype(tensor.Dtype{}), graphs.OutputNames(), graphs.Weights(h.params))
		},
		"F.Seed": func(h hostile) { graphs.Seed(huge) }, "F.Dtype": func(h hostile) { graphs.Dtype(tensor.Bool) },
		"Config.Unlabelled": func(h hostile) { graphs.Config{Outputs: []graphs.Output{{}}}.Unlabelled() },
		"F.OutputName":      func(h hostile) { graphs.OutputName("") }, "F.OutputWeight": func(h hostile) { graphs.OutputWeight(-1) },
		"F.WithOutput": func(h hostile) {
			_, _ = graphs.New(h.layer, graphs.Matrix(2), graphs.BCE, graphs.WithOutput(graphs.Output{}), graphs.OutputWeight(-1))
		},
		"F.OutputNames": func(h hostile) { graphs.OutputNames() }, "F.Weights": func(h hostile) { graphs.Weights(nil) },
		"F.Load": func(h hostile) { _, _ = graphs.Load(h.path) }, "F.LoadWeights": func(h hostile) { _, _ = graphs.LoadWeights(h.path) }, "F.LoadAll": func(h hostile) { _, _ = graphs.LoadAll(h.path) },
		"F.LoadBundle": func(h hostile) { _, _ = graphs.LoadBundle(h.path) },
		"Bundle.Save": func(h hostile) {
			_ = graphs.Bundle{}.Save(h.path)
			_ = graphs.Bundle{Networks: []*graphs.Network{h.net}, Arrays: map[string]any{h.name: h.n, "x": []float32(nil)}}.Save(h.path)
		},
		"F.SaveAll": func(h hostile) {
			_ = graphs.SaveAll(h.path, nil)
			_ = graphs.SaveAll(h.path, []*graphs.Network{h.net, nil, h.net})
		},
		"Network.Save": func(h hostile) { _ = h.net.Save(h.path) }, "Network.Describe": func(h hostile) { _, _ = h.net.Describe() },
		"Network.Architecture": func(h hostile) { h.net.Architecture() }, "Network.Loss": func(h hostile) { h.net.Loss() },
		"Network.Columns": func(h hostile) { h.net.Columns() }, "Network.Size": func(h hostile) { h.net.Size() }, "Network.Clone": func(h hostile) { h.net.Clone() },
		"Network.Config": func(h hostile) { h.net.Config(graphs.Mode(h.n), h.n) },
		"Network.Build": func(h hostile) {
			_, _ = h.net.Build(h.net.Config(graphs.Train, h.n))
			_, _ = h.net.Build(graphs.Config{})
		},
		"Network.Check": func(h hostile) { _ = h.net.Check() },
		"Graph.Dot":     func(h hostile) { _ = h.graph.Dot() }, "Graph.Summary": func(h hostile) { _ = h.graph.Summary() }, "Graph.Batch": func(h hostile) { h.graph.Batch() }, "Graph.Config": func(h hostile) { h.graph.Config() },
		"Graph.Value": func(h hostile) { h.graph.Value(h.x) },
		"Graph.Probes": func(h hostile) {
			for _, p := range h.graph.Probes() {
				_, _ = p.Read()
			}
		},
		"Graph.GradientProbes": func(h hostile) {
			for _, p := range h.graph.GradientProbes() {
				_ = p.Read(nil)
				_ = p.Read(&graphs.LayerMoments{})
			}
		},
		"GradientProbe.Read": func(h hostile) {
			_ = (*graphs.GradientProbe)(nil).Read(nil)
			_ = (&graphs.GradientProbe{Activation: h.x}).Read(&graphs.LayerMoments{})
		},
		"Probe.Read": func(h hostile) {
			_, _ = (*graphs.Probe)(nil).Read()
			_, _ = (&graphs.Probe{PreActivation: h.x, Activation: h.x, Weight: h.x}).Read()
		},
		"F.Dropout": func(h hostile) {
			graphs.Dropout(nn.Record{})
			graphs.Dropout(nn.Record{Layer: (*nn.Dropout)(nil)})
			graphs.Dropout(nn.Record{Layer: (*nn.AlphaDropout)(nil)})
		},
		"LayerMoments.Finite": func(h hostile) { (*graphs.LayerMoments)(nil).Finite(); (&graphs.LayerMoments{}).Finite() },
		"Mode.String":         func(h hostile) { _ = graphs.Mode(h.n).String() },
		"Loss.WithClassWeights": func(h hostile) {
			_, _ = h.loss.WithClassWeights(nil)
			_, _ = h.loss.WithClassWeights([]float64{})
			_, _ = h.loss.WithClassWeights([]float64{h.number, 1})
		},
		"Calibration.Apply": func(h hostile) { _ = (&graphs.Calibration{Pool: []float64{h.number}}).Apply([]float64{h.number}) },
		"Output.Predictions": func(h hostile) {
			for _, c := range []*graphs.Calibration{nil, {}, {Scale: []float64{h.number}}, {Shift: []float64{1, 2, 3}}, {Pool: []float64{h.number}}} {
				_ = c.Apply(nil)
				_ = c.Apply([]float64{h.number, math.NaN()})
				o := graphs.Output{Loss: h.loss, Calibration: c}
				_ = o.Predictions(nil)
				_ = o.Predictions([]float64{h.number, math.NaN()})
			}
		},
		"Output.AllPredictions": func(h hostile) {
			for _, c := range []*graphs.Calibration{nil, {}, {Scale: []float64{h.number}}, {Pool: []float64{h.number, 2}}} {
				o := graphs.Output{Loss: h.loss, Calibration: c}
				_ = o.AllPredictions(nil, []float64{h.number, math.NaN()}, h.n)
				_ = o.AllPredictions(nil, nil, h.n)
			}
		},
		"Loss.Predictions": func(h hostile) {
			_ = h.loss.Predictions(nil)
			_ = h.loss.Predictions([]float64{h.number, math.NaN()})
		},
		"Loss.String":            func(h hostile) { _ = h.loss.String() },
		"F.SmoothedCrossEntropy": func(h hostile) { apply(graphs.SmoothedCrossEntropy(h.number), h) },
		"F.Huber":                func(h hostile) { apply(graphs.Huber(h.number), h) },
		"F.Quantile":             func(h hostile) { apply(graphs.Quantile(h.number), h) },
		"F.Focal":                func(h hostile) { apply(graphs.Focal(h.number, h.number), h) },
		"F.RegisterLoss": func(h hostile) {
			_ = graphs.RegisterLoss(graphs.Loss{Name: h.name})
			_ = graphs.RegisterLoss(graphs.BCE)
		},
		"F.Losses": func(h hostile) { graphs.Losses() }, "F.ParseLoss": func(h hostile) { _, _ = graphs.ParseLoss(h.name) },
		"F.Register": func(h hostile) { _ = graphs.Register("", h.layer); _ = graphs.Register("snn", h.layer) },
		"F.Names":    func(h hostile) { graphs.Names() }, "F.ByName": func(h hostile) { _, _ = graphs.ByName(h.name, h.hidden) },
		"WidthProfile.String": func(h hostile) { _ = graphs.WidthProfile(h.n).String() }, "F.ParseWidthProfile": func(h hostile) { _, _ = graphs.ParseWidthProfile(h.name) },
		"WidthProfile.MarshalText":   func(h hostile) { _, _ = graphs.WidthProfile(h.n).MarshalText() },
		"WidthProfile.UnmarshalText": func(h hostile) { _ = new(graphs.WidthProfile).UnmarshalText([]byte(h.name)) },
		"WidthProfile.Sizes":         func(h hostile) { h.hidden.Profile.Sizes(h.n, h.n, h.n); h.hidden.Profile.Sizes(3, h.n, -h.n) },
	}
}

// apply uses a loss whose settings may be absurd.
func apply(loss graphs.Loss, h hostile) {
	_, _ = loss.Apply(h.x, h.x, h.x)
	_, _ = loss.Apply(nil, nil, nil)
	_, _ = graphs.New(graphs.SNN{Outputs: 2}, graphs.Matrix(2), loss)
}

// Nothing panics or hangs on nil, zero values, absurd sizes and things that do not fit.
func TestNoPanic(t *testing.T) {
	all := hostiles(t)
	for name, call := range nopanic() {
		t.Run(name, func(t *testing.T) {
			for i, h := range all {
				func() {
					defer func() {
						if p := recover(); p != nil {
							t.Fatalf("%s, arguments %d (%+v): panic: %v\n%s", name, i, h, p, debug.Stack())
						}
					}()
					call(h)
				}()
			}
		})
	}
}

// The calls are those of all exported functions and methods of exported types.
func TestNoPanicIsComplete(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls, found := nopanic(), 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || !ast.IsExported(strings.TrimLeft(receiver(f), "*")) {
				continue
			}
			if found++; calls[strings.TrimLeft(receiver(f), "*")+"."+f.Name.Name] == nil {
				t.Errorf("%s.%s is not called with bad arguments", receiver(f), f.Name.Name)
			}
		}
	}
	if found != len(calls) {
		t.Errorf("%d functions, %d calls", found, len(calls))
	}
}

// receiver returns the name of the type of a method, and "F" for a function.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return "F"
	}
	x := f.Recv.List[0].Type
	if star, ok := x.(*ast.StarExpr); ok {
		x = star.X
	}
	return x.(*ast.Ident).Name
}
