package nn_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

const huge = math.MaxInt / 8

// hostile are arguments that nobody should pass.
type hostile struct {
	binder *nn.Binder
	params *nn.Params
	x      *G.Node
	layer  nn.Layer
	init   nn.Initializer
	name   string
	shape  []int
	number float64
	value  *tensor.Dense
}

func hostiles(t *testing.T) []hostile {
	g := G.NewGraph()
	nodes := []*G.Node{nil, {}, G.NewScalar(g, tensor.Float32), G.NewVector(g, tensor.Float64, G.WithShape(3), G.WithName("v")),
		G.NewMatrix(G.NewGraph(), tensor.Float32, G.WithShape(2, 3), G.WithName("other")), G.NewTensor(g, tensor.Int, 3, G.WithShape(1, 2, 3), G.WithName("t")),
		G.NewTensor(g, tensor.Float32, 4, G.WithShape(2, 3, 4, 5), G.WithName("images"))}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		nodes = append(nodes, G.NewMatrix(g, dtype, G.WithShape(2, 3), G.WithName("x"+dtype.String())))
	}
	full := newParams(t, tensor.Float32, 1)
	if _, _, err := add(full, nn.Sequential{nn.Dense{Units: 2}, nn.BatchNorm{}}, true, 2, 3); err != nil {
		t.Fatal(err)
	}
	sealed := full.Clone()
	sealed.Seal()
	sets := []*nn.Params{nil, {}, newParams(t, tensor.Float64, 0), full, sealed}
	binders := []*nn.Binder{nil, {}, nn.NewBinder(nil, nil, true, nil)}
	for _, p := range sets {
		binders = append(binders, nn.NewBinder(g, p, true, nil), nn.NewBinder(g, p, false, ops.NewNoise(1)))
	}
	layers := []nn.Layer{nil, nn.Func(nil), (*nn.Dense)(nil), nn.Sequential(nil), nn.Sequential{nil}, nn.Dense{}, nn.Dense{Units: -huge}, nn.Dense{Units: huge}, nn.Func(func(*G.Node) (*G.Node, error) { panic("boom") })}
	inits := []nn.Initializer{nil, nn.Zeros, nn.LeCunNormal, func(*rand.Rand, []float64, tensor.Shape) { panic("boom") }}
	shapes := [][]int{nil, {0}, {-1, 3}, {2, 3}, {huge, huge}, {huge}, {1, 1, 1, 1}}
	values := []*tensor.Dense{nil, tensor.New(tensor.FromScalar(1.0)), tensor.New(tensor.WithShape(2, 3), tensor.Of(tensor.Float32)), tensor.New(tensor.WithShape(1), tensor.Of(tensor.Int))}
	var all []hostile
	for i, b := range binders {
		for j, x := range nodes {
			k := i + j
			all = append(all, hostile{b, sets[k%len(sets)], x, layers[k%len(layers)], inits[k%len(inits)], []string{"", "x", "a.b", "[", "net.weight"}[k%5],
				shapes[k%len(shapes)], []float64{0, -1, math.NaN(), math.Inf(1), huge}[k%5], values[k%len(values)]})
		}
	}
	return all
}

// nopanic calls every exported function and method.
func nopanic() map[string]func(h hostile) {
	forward := func(layers ...func(h hostile) nn.Layer) func(h hostile) {
		return func(h hostile) {
			for _, layer := range layers {
				_, _ = layer(h).Forward(h.binder, h.x)
			}
		}
	}
	initialize := func(init nn.Initializer) func(h hostile) {
		return func(h hostile) {
			init(nil, make([]float64, 3), h.shape)
			init(rand.New(rand.NewPCG(1, 1)), make([]float64, 3), h.shape)
			init(rand.New(rand.NewPCG(1, 1)), nil, nil)
		}
	}
	return map[string]func(h hostile){
		"Func.Forward":         forward(func(h hostile) nn.Layer { return nn.Func(nil) }, func(h hostile) nn.Layer { return nn.Func(ops.SELU) }),
		"BatchNorm.Forward":    forward(func(h hostile) nn.Layer { return nn.BatchNorm{} }, func(h hostile) nn.Layer { return nn.BatchNorm{Eps: h.number, Momentum: h.number} }),
		"LayerNorm.Forward":    forward(func(h hostile) nn.Layer { return nn.LayerNorm{} }, func(h hostile) nn.Layer { return nn.LayerNorm{Eps: h.number} }),
		"Dense.Forward":        forward(func(h hostile) nn.Layer { return nn.Dense{} }, func(h hostile) nn.Layer { return nn.Dense{Units: huge} }, func(h hostile) nn.Layer { return nn.Dense{Units: 2} }),
		"AlphaDropout.Forward": forward(func(h hostile) nn.Layer { return nn.AlphaDropout{Rate: h.number} }),
		"Dropout.Forward":      forward(func(h hostile) nn.Layer { return nn.Dropout{Rate: h.number} }),
		"Highway.Forward":      forward(func(h hostile) nn.Layer { return nn.Highway{} }, func(h hostile) nn.Layer { return nn.Highway{Units: -1, GateBias: h.number} }, func(h hostile) nn.Layer { return nn.Highway{Units: huge} }),
		"Residual.Forward":     forward(func(h hostile) nn.Layer { return nn.Residual{} }, func(h hostile) nn.Layer { return nn.Residual{Layer: h.layer} }),
		"Sequential.Forward":   forward(func(h hostile) nn.Layer { return nn.Sequential{} }, func(h hostile) nn.Layer { return nn.Sequential{h.layer, h.layer} }),
		"WeightNorm.Forward":   forward(func(h hostile) nn.Layer { return nn.WeightNorm{} }, func(h hostile) nn.Layer { return nn.WeightNorm{Units: huge} }, func(h hostile) nn.Layer { return nn.WeightNorm{Units: 2} }),
		"F.NewBinder":          func(h hostile) { nn.NewBinder(nil, h.params, true, nil) },
		"F.Forward":            func(h hostile) { _, _ = nn.Forward(h.layer, h.binder, h.x) },
		"Binder.Param":         func(h hostile) { _, _ = h.binder.Param(h.name, safe(h.init), h.shape...) },
		"Binder.State":         func(h hostile) { _, _, _ = h.binder.State(h.name, safe(h.init), h.shape...) },
		"Binder.AllFrozen": func(h hostile) {
			h.binder.AllFrozen()
			h.binder.AllFrozen(h.name)
		},
		"Binder.CollectMisfits":  func(h hostile) { h.binder.CollectMisfits() },
		"Binder.Misfits":         func(h hostile) { h.binder.Misfits() },
		"Binder.Input":           func(h hostile) { _, _ = h.binder.Input(h.name) },
		"Binder.SetInput":        func(h hostile) { h.binder.SetInput(batch.Input{Name: h.name}, h.x) },
		"Binder.IsSparse":        func(h hostile) { h.binder.IsSparse(h.x) },
		"Binder.InputOf":         func(h hostile) { h.binder.InputOf(h.x) },
		"Binder.Output":          func(h hostile) { _ = h.binder.Output(h.name, h.x) },
		"Binder.Members":         func(h hostile) { _ = h.binder.Members(h.x, nil) },
		"Binder.DeclaredMembers": func(h hostile) { h.binder.DeclaredMembers() },
		"Binder.Outputs":         func(h hostile) { h.binder.Outputs() },
		"Binder.Apply":           func(h hostile) { _, _ = h.binder.Apply(h.name, h.layer, h.x) },
		"Binder.Linear":          func(h hostile) { h.binder.Linear(h.x, nil) },
		"Binder.Bound":           func(h hostile) { h.binder.Bound() },
		"Binder.Records":         func(h hostile) { h.binder.Records() },
		"Binder.Graph":           func(h hostile) { h.binder.Graph() },
		"F.Constant":             func(h hostile) { initialize(nn.Constant(h.number))(h) },
		"F.LeCunNormal":          initialize(nn.LeCunNormal), "F.LeCunNormalTruncated": initialize(nn.LeCunNormalTruncated), "F.HeNormal": initialize(nn.HeNormal),
		"F.GlorotNormal": initialize(nn.GlorotNormal), "F.GlorotUniform": initialize(nn.GlorotUniform),
		"Param.Shape": func(h hostile) { (*nn.Param)(nil).Shape(); (&nn.Param{}).Shape() },
		"Params.Declare": func(h hostile) {
			_ = h.params.Declare("x", []int{1}, true)
			if plan, err := nn.NewPlan(tensor.Float64); err == nil {
				_, _, _ = plan.Declare("", nil, true), plan.Declare("x", []int{1 << 30, 1 << 30}, false), plan.Declare("x", []int{-1}, true)
			}
		},
		"F.NewPlan": func(h hostile) {
			_, _ = nn.NewPlan(tensor.Complex128)
			if plan, err := nn.NewPlan(tensor.Float64); err == nil {
				_, _ = nn.Forward(nn.BatchNorm{}, nn.NewBinder(h.binder.Graph(), plan, true, nil), h.x)
				plan.Clone().Size()
				_ = plan.CopyFrom(plan.Clone())
				_ = plan.Match(h.params)
				_, _ = h.params.CopyMatching(plan, "*")
			}
		},
		"F.NewParams": func(h hostile) {
			_, _ = nn.NewParams(tensor.Dtype{}, 0)
			_, _ = nn.NewParams(tensor.Complex128, 1)
		},
		"Params.Dtype": func(h hostile) { h.params.Dtype() }, "Params.Seed": func(h hostile) { h.params.Seed() }, "Params.Seal": func(h hostile) { h.params.Clone().Seal() },
		"Params.Sealed": func(h hostile) { h.params.Sealed() }, "Params.All": func(h hostile) { h.params.All() }, "Params.Get": func(h hostile) { h.params.Get(h.name) },
		"Params.Size":  func(h hostile) { h.params.Size() },
		"Params.Add":   func(h hostile) { _ = h.params.Add(h.name, h.value, true) },
		"Params.Clone": func(h hostile) { h.params.Clone() },
		"Params.CopyFrom": func(h hostile) {
			_ = h.params.CopyFrom(nil)
			_ = h.params.CopyFrom(&nn.Params{})
			_ = h.params.CopyFrom(h.params)
		},
		"Params.CopyMatching": func(h hostile) {
			_, _ = h.params.CopyMatching(nil, h.name)
			_, _ = h.params.CopyMatching(h.params, h.name, "*")
			_, _ = (*nn.Params)(nil).CopyMatching(h.params, "*")
		},
		"Params.Match": func(h hostile) {
			_ = h.params.Match(nil)
			_ = h.params.Match(&nn.Params{})
			_ = (*nn.Params)(nil).Match(h.params)
		},
		"Conv2D.Forward": forward(func(h hostile) nn.Layer { return nn.Conv2D{} }, func(h hostile) nn.Layer { return nn.Conv2D{Filters: 2, Size: 1} },
			func(h hostile) nn.Layer { return nn.Conv2D{Filters: huge, Size: huge, Stride: huge, Padding: huge} }),
		"MaxPool2D.Forward":           forward(func(h hostile) nn.Layer { return nn.MaxPool2D{} }, func(h hostile) nn.Layer { return nn.MaxPool2D{Size: huge, Stride: -1} }),
		"AvgPool2D.Forward":           forward(func(h hostile) nn.Layer { return nn.AvgPool2D{} }, func(h hostile) nn.Layer { return nn.AvgPool2D{Size: 1, Padding: huge} }),
		"ChannelAlphaDropout.Forward": forward(func(h hostile) nn.Layer { return nn.ChannelAlphaDropout{Rate: h.number} }),
		"Flatten.Forward":             forward(func(h hostile) nn.Layer { return nn.Flatten{} }),
		"Reshape.Forward":             forward(func(h hostile) nn.Layer { return nn.Reshape(h.shape) }),
		"Concat.Forward":              forward(func(h hostile) nn.Layer { return nn.Concat(nil) }, func(h hostile) nn.Layer { return nn.Concat{h.layer, h.layer} }),
		"FixedPoint.Complete": func(h hostile) {
			_, _ = nn.FixedPoint{Mean: h.number}.Complete()
			_, _ = nn.FixedPoint{Lambda: h.number, Alpha: 1}.Complete()
			_, _ = nn.FixedPoint{Mean: h.number, Variance: h.number, Lambda: h.number, Alpha: h.number}.Complete()
		},
		"FixedPoint.SELU": func(h hostile) {
			_, _ = nn.FixedPoint{}.SELU(h.x)
			_, _ = nn.FixedPoint{Variance: h.number}.SELU(h.x)
		},
		"SELU.Forward":           forward(func(h hostile) nn.Layer { return nn.SELU{Fixed: nn.FixedPoint{Lambda: h.number, Variance: 1}} }),
		"PReLU.Forward":          forward(func(h hostile) nn.Layer { return nn.PReLU{} }, func(h hostile) nn.Layer { return nn.PReLU{Init: safe(h.init)} }),
		"ParametricSELU.Forward": forward(func(h hostile) nn.Layer { return nn.ParametricSELU{} }, func(h hostile) nn.Layer { return nn.ParametricSELU{Init: safe(h.init)} }),
		"RMSNorm.Forward":        forward(func(h hostile) nn.Layer { return nn.RMSNorm{} }, func(h hostile) nn.Layer { return nn.RMSNorm{Eps: h.number} }),
		"F.LeCunUniform":         initialize(nn.LeCunUniform),
		"Embedding.Forward": forward(func(h hostile) nn.Layer { return nn.Embedding{} }, func(h hostile) nn.Layer { return nn.Embedding{Categories: huge, Dim: huge} },
			func(h hostile) nn.Layer { return nn.Embedding{Categories: 4, Dim: 2, Init: h.init} }, func(h hostile) nn.Layer { return nn.Embedding{Categories: -1, Dim: 1} }),
		"F.StandardNormal": initialize(nn.StandardNormal),
		"Periodic.Forward": forward(func(h hostile) nn.Layer { return nn.Periodic{} }, func(h hostile) nn.Layer { return nn.Periodic{Frequencies: huge, Dim: huge} },
			func(h hostile) nn.Layer { return nn.Periodic{Frequencies: -1, Scale: h.number} }),
		"InputScale.Forward": forward(func(h hostile) nn.Layer { return nn.InputScale{} }, func(h hostile) nn.Layer { return nn.InputScale{Init: safe(h.init)} },
			func(h hostile) nn.Layer { return nn.Dense{Units: 2, NeuralTangent: true} }),
	}
}

// safe replaces an initializer that panics: Param and State are called by layers, and Forward and Apply recover there.
func safe(init nn.Initializer) (out nn.Initializer) {
	defer func() {
		if recover() != nil {
			out = nn.Zeros
		}
	}()
	if init != nil {
		init(nil, nil, nil)
	}
	return init
}

// Nothing panics or hangs on nil, zero values, absurd sizes and things that do not fit.
func TestNoPanic(t *testing.T) {
	for name, call := range nopanic() {
		t.Run(name, func(t *testing.T) {
			for i, h := range hostiles(t) {
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
