package ops_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// attempt is a call of a public function with inputs and a number that may be anything.
type attempt func(in [5]*G.Node, f float64) (*G.Node, error)

func unary(op func(*G.Node) (*G.Node, error)) attempt {
	return func(in [5]*G.Node, _ float64) (*G.Node, error) { return op(in[0]) }
}

// public calls every function of the package that makes a node.
var public = map[string]attempt{
	"SELU": unary(ops.SELU), "ReLU": unary(ops.ReLU), "ELU": unary(ops.ELU), "Tanh": unary(ops.Tanh), "Sigmoid": unary(ops.Sigmoid),
	"Copy": unary(ops.Copy),
	"Add":  func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.Add(in[0], in[1]) },
	"Affine": func(in [5]*G.Node, _ float64) (*G.Node, error) {
		return ops.Affine(in[0], in[1], in[2])
	},
	"MatMul": func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.MatMul(in[0], in[1]) },
	"Gate":   func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.Gate(in[0], in[1], in[2]) },
	"BatchNorm": func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.BatchNorm(in[0], in[1], in[2], f, nil)
	},
	"BatchNorm, running": func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.BatchNorm(in[0], in[1], in[2], f, new(ops.Running))
	},
	"BatchNormEval": func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.BatchNormEval(in[0], in[1], in[2], in[3], in[4], f)
	},
	"LayerNorm": func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.LayerNorm(in[0], in[1], in[2], f)
	},
	"WeightNorm": func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.WeightNorm(in[0], in[1]) },
	"Dropout": func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.Dropout(in[0], f, new(ops.Noise))
	},
	"AlphaDropout": func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.AlphaDropout(in[0], f, nil) },
	"Elementwise.Apply": func(in [5]*G.Node, _ float64) (*G.Node, error) {
		return (&ops.Elementwise{Name: "Half", F: math.Abs}).Apply(in[0])
	},
	"Elementwise.Apply, nil": func(in [5]*G.Node, _ float64) (*G.Node, error) {
		return (*ops.Elementwise)(nil).Apply(in[0])
	},
	"Elementwise.Apply, Loops": func(in [5]*G.Node, _ float64) (*G.Node, error) {
		return (&ops.Elementwise{Name: "Half", Fast32: &ops.Loops[float32]{}, Fast64: &ops.Loops[float64]{}}).Apply(in[0])
	},
	"Apply": func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.Apply(ops.Def{}, in[0]) },
	"Apply, Add": func(in [5]*G.Node, _ float64) (*G.Node, error) {
		def := defOf(nil)
		def.Shape = func(in []tensor.Shape) (tensor.Shape, error) { return in[1], nil }
		return ops.Apply(def, in[0])
	},
}

// others calls the other public functions; what they return is tested elsewhere.
var others = map[string]func(){
	"CheckRate":     func() { _ = ops.CheckRate(math.NaN()) },
	"DefOf":         func() { ops.DefOf(nil); ops.DefOf(new(G.Node)) },
	"OnRun":         func() { ops.OnRun(nil, nil); ops.OnRun(new(G.Node), nil) },
	"UseWorkers":    func() { ops.UseWorkers(nil, nil); ops.UseWorkers(G.NewGraph(), new(kernel.Workers)) },
	"Cause":         func() { _ = ops.Cause(nil); _ = ops.Cause(fs.ErrExist) },
	"NewNoise":      func() { ops.NewNoise(math.MaxUint64).SetStep(math.MaxUint64) },
	"Noise.SetStep": func() { (*ops.Noise)(nil).SetStep(1); new(ops.Noise).SetStep(1 << 60) },
	"NewRunning":    func() { ops.NewRunning(nil, nil, math.NaN()) },
	"Input":         func() { _ = ops.Input(-1) },
	"Result":        func() { _ = ops.Result(huge) },
	"SameShape":     func() { _, _ = ops.SameShape(nil); _, _ = ops.SameShape([]tensor.Shape{nil, {3}}) },
	"ShapeOf":       func() { _, _ = ops.ShapeOf(-1)(nil); _, _ = ops.ShapeOf(huge)([]tensor.Shape{nil}) },
	"RowOf":         func() { _, _ = ops.RowOf(huge)(nil); _, _ = ops.RowOf(0)([]tensor.Shape{nil}) },
	"ScalarOf":      func() { _, _ = ops.ScalarOf(nil)(nil); _, _ = ops.ScalarOf(ops.SameShape)(nil) },
	"Columns":       func() { _, _ = ops.Columns(nil), ops.Columns(tensor.Shape{huge, huge, huge}) },
	"CheckMatrix":   func() { _ = ops.CheckMatrix("", nil) },
	"CheckVector":   func() { _ = ops.CheckVector("", nil, -1) },
}

// Every public function is in one of the tables.
func TestPublicListed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() {
				continue
			}
			name := f.Name.Name
			if f.Recv != nil {
				receiver := f.Recv.List[0].Type
				if star, ok := receiver.(*ast.StarExpr); ok {
					receiver = star.X
				}
				id, ok := receiver.(*ast.Ident)
				if !ok || !id.IsExported() {
					continue
				}
				name = id.Name + "." + name
			}
			found++
			if public[name] == nil && others[name] == nil {
				t.Errorf("%s is called by no attempt", name)
			}
		}
	}
	if found < 30 {
		t.Errorf("%d public functions found", found)
	}
}

// huge is a size that no memory has.
const huge = math.MaxInt/2 + 1

// Whatever the arguments, a public function returns a node or an error.
func TestNoPanic(t *testing.T) {
	for name, f := range others {
		if p := panicOf(f); p != nil {
			t.Errorf("%s: panic %v", name, p)
		}
	}
	shapes := []tensor.Shape{{}, {1}, {3}, {1, 1}, {4, 3}, {3, 3}, {2, 2, 2}, {0, 3}, {huge, huge}, {huge}, {1 << 20, 1 << 19}}
	for name, f := range public {
		for _, number := range []float64{math.NaN(), math.Inf(1), -1, 0, 0.5, 1 << 60} {
			try := func(in [5]*G.Node) {
				var n *G.Node
				var err error
				if p := panicOf(func() { n, err = f(in, number) }); p != nil || (n == nil) == (err == nil) {
					t.Errorf("%s of %v and %v: node %v, error %v, panic %v", name, in, number, n, err, p)
				}
			}
			try([5]*G.Node{})
			try([5]*G.Node{new(G.Node), new(G.Node), new(G.Node), new(G.Node), new(G.Node)})
			for _, a := range shapes {
				for _, b := range shapes[:8] {
					g := G.NewGraph()
					input := func(name string, s tensor.Shape, dtype tensor.Dtype) *G.Node {
						if s.IsScalar() {
							return G.NewScalar(g, dtype, G.WithName(name))
						}
						return G.NewTensor(g, dtype, s.Dims(), G.WithName(name), G.WithShape(s...))
					}
					x, y, z := input("x", a, tensor.Float64), input("y", b, tensor.Float64), input("z", a, tensor.Float64)
					try([5]*G.Node{x, y, z, y, z})
					try([5]*G.Node{x, z, y, y, y})
					try([5]*G.Node{x, y, nil, nil, nil})
					try([5]*G.Node{x, x, x, x, x})
					i := input("i", a, tensor.Int)
					try([5]*G.Node{i, i, i, i, i})
					try([5]*G.Node{x, i, z, nil, x})
				}
			}
		}
	}
}

// panicOf returns what f panics with, nil if it does not.
func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// runs an op on a small matrix and returns the error.
func runOp(t *testing.T, def ops.Def, prepare func(n *G.Node)) error {
	t.Helper()
	g := G.NewGraph()
	n, err := ops.Apply(def, matrixOf(g, "x", 1, 2, []float64{1, 2}))
	if err != nil {
		t.Fatal(err)
	}
	if prepare != nil {
		prepare(n)
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	return m.RunAll()
}

// A panic while an op runs, on any thread, or in a function given to OnRun, is an error that names the op and has the stack.
func TestRunPanics(t *testing.T) {
	workers := kernel.NewWorkers(2)
	defer workers.Close()
	explode := func(int) { panic("boom") }
	panics := func(f func(*ops.Call[float64])) ops.Def {
		def := defOf(nil)
		def.Float64 = func(c *ops.Call[float64]) error { f(c); return nil }
		return def
	}
	for what, err := range map[string]error{
		"op":     runOp(t, panics(func(*ops.Call[float64]) { explode(0) }), nil),
		"thread": runOp(t, panics(func(*ops.Call[float64]) { workers.Run(2, explode) }), nil),
		"OnRun":  runOp(t, defOf(nil), func(n *G.Node) { ops.OnRun(n, func(G.Value) error { explode(0); return nil }) }),
	} {
		err = ops.Cause(err)
		if err == nil || !strings.Contains(err.Error(), "Op: panic: boom") || !strings.Contains(err.Error(), "nopanic_test.go") {
			t.Errorf("%s: error %v, want the panic with its stack", what, err)
		}
	}
}

// A definition that would panic later is refused by Apply, with an error that names the op.
func TestApplyChecks(t *testing.T) {
	step := func(args ...ops.Arg) ops.Gradient {
		return ops.Gradient{Steps: []ops.Step{{Def: defOf(nil), Args: args}}, Of: []int{0}}
	}
	broken := func(g ops.Gradient) func(*ops.Def) {
		return func(d *ops.Def) { d.Gradient = func() ops.Gradient { return g } }
	}
	wide := step(ops.Upstream)
	wide.Steps[0].Def.Shape = func([]tensor.Shape) (tensor.Shape, error) { return tensor.Shape{7}, nil }
	empty := step(ops.Upstream)
	empty.Steps[0].Def = ops.Def{Name: "Step"}
	for want, change := range map[string]func(*ops.Def){
		"without a name":  func(d *ops.Def) { d.Name = "" },
		"Op: Def.Shape":   func(d *ops.Def) { d.Shape = nil },
		"Op: Def.Float64": func(d *ops.Def) { d.Float64 = nil },
		"Op: panic: boom": func(d *ops.Def) { d.Shape = func([]tensor.Shape) (tensor.Shape, error) { panic("boom") } },
		"holds no elements": func(d *ops.Def) {
			d.Shape = func([]tensor.Shape) (tensor.Shape, error) { return tensor.Shape{-1}, nil }
		},
		"too large": func(d *ops.Def) {
			d.Shape = func([]tensor.Shape) (tensor.Shape, error) { return tensor.Shape{huge}, nil }
		},
		"Op: panic: bang":        func(d *ops.Def) { d.Gradient = func() ops.Gradient { panic("bang") } },
		"Of has 0 elements":      broken(ops.Gradient{}),
		"Of[0] is 3":             broken(ops.Gradient{Of: []int{3}}),
		"Of[0] is -7":            broken(ops.Gradient{Of: []int{-7}}),
		"no operands":            broken(step()),
		"input 1 of 1":           broken(step(ops.Upstream, ops.Input(1))),
		"input -1 of 1":          broken(step(ops.Input(-1))),
		"step 0, which does not": broken(step(ops.Result(0))),
		"has shape (7)":          broken(wide),
		"Step: Def.Shape is nil": broken(empty),
	} {
		def := defOf(nil)
		change(&def)
		if _, err := ops.Apply(def, matrixOf(G.NewGraph(), "x", 1, 2, []float64{1, 2})); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// Running statistics that do not suit x are refused when the graph is built.
func TestRunningChecks(t *testing.T) {
	dense := func(dtype tensor.Dtype, n int) *tensor.Dense {
		return tensor.New(tensor.Of(dtype), tensor.WithShape(n))
	}
	d := dense(tensor.Float64, 3)
	for want, r := range map[string]*ops.Running{
		"NewRunning":   new(ops.Running),
		"the same":     ops.NewRunning(d, d, 0.1),
		"momentum NaN": ops.NewRunning(d, dense(tensor.Float64, 3), math.NaN()),
		"momentum 2":   ops.NewRunning(d, dense(tensor.Float64, 3), 2),
		"(4)":          ops.NewRunning(d, dense(tensor.Float64, 4), 0.1),
		"float32":      ops.NewRunning(d, dense(tensor.Float32, 3), 0.1),
	} {
		g := G.NewGraph()
		v := G.NewVector(g, tensor.Float64, G.WithName("v"), G.WithShape(3))
		_, err := ops.BatchNorm(matrixOf(g, "x", 4, 3, standardNormals(12, 1)), v, v, 1e-5, r)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "BatchNorm: ") {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
