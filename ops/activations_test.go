package ops_test

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// bent are the activations without parameters, with their kinks.
var bent = map[string]struct {
	op    func(*G.Node) (*G.Node, error)
	kinks []float64
}{
	"GELU": {ops.GELU, nil}, "GELUTanh": {ops.GELUTanh, nil}, "SiLU": {ops.SiLU, nil}, "Mish": {ops.Mish, nil}, "Softplus": {ops.Softplus, nil},
	"HardTanh": {ops.HardTanh, []float64{-1, 1}}, "HardSigmoid": {ops.HardSigmoid, []float64{-3, 3}}, "HardSwish": {ops.HardSwish, []float64{-3, 3}},
	"SERLU": {ops.SERLU, []float64{0}}, "TanhGPN": {ops.TanhGPN, nil},
}

func leakyReLU(slope float64) func(nodes) (*G.Node, error) {
	return func(in nodes) (*G.Node, error) { return ops.LeakyReLU(in[0], slope) }
}

func seluOf(lambda, alpha float64) func(nodes) (*G.Node, error) {
	return func(in nodes) (*G.Node, error) { return ops.SELUOf(in[0], lambda, alpha) }
}

func init() {
	public["GELU"] = unary(ops.GELU)
	public["GELUTanh"] = unary(ops.GELUTanh)
	public["SiLU"] = unary(ops.SiLU)
	public["Mish"] = unary(ops.Mish)
	public["Softplus"] = unary(ops.Softplus)
	public["HardTanh"] = unary(ops.HardTanh)
	public["HardSigmoid"] = unary(ops.HardSigmoid)
	public["HardSwish"] = unary(ops.HardSwish)
	public["SERLU"] = unary(ops.SERLU)
	public["TanhGPN"] = unary(ops.TanhGPN)
	public["LeakyReLU"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.LeakyReLU(in[0], f) }
	public["SELUOf"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.SELUOf(in[0], f, f) }
	public["PReLU"] = func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.PReLU(in[0], in[1]) }
	public["ParametricSELU"] = func(in [5]*G.Node, _ float64) (*G.Node, error) { return ops.ParametricSELU(in[0], in[1]) }
	others["BuiltIn"] = func() { ops.BuiltIn(nil); ops.BuiltIn(new(G.Node)) }

	for name, op := range map[string]string{
		"gelu": "GELU", "gelu_tanh": "GELUTanh", "silu": "SiLU", "mish": "Mish", "softplus": "Softplus", "hard_sigmoid": "HardSigmoid", "hard_swish": "HardSwish",
	} {
		builders2[name] = func(_ torchCase2, in map[string]*G.Node) (*G.Node, error) { return bent[op].op(in["x"]) }
	}
	builders2["leaky_relu_0.01"] = func(_ torchCase2, in map[string]*G.Node) (*G.Node, error) { return ops.LeakyReLU(in["x"], 0.01) }
	builders2["selu_other_fixed_point"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) {
		return ops.SELUOf(in["x"], c.Attrs.Lambda, c.Attrs.Alpha)
	}
	builders2["prelu"] = func(_ torchCase2, in map[string]*G.Node) (*G.Node, error) { return ops.PReLU(in["x"], in["slope"]) }
	builders2["parametric_selu"] = func(_ torchCase2, in map[string]*G.Node) (*G.Node, error) {
		return ops.ParametricSELU(in["x"], in["w"])
	}
}

func TestBentActivations(t *testing.T) {
	for name, b := range bent {
		t.Run(name, func(t *testing.T) {
			var variants []func(nodes) (*G.Node, error)
			for other, v := range bent {
				if other != name {
					variants = append(variants, func(in nodes) (*G.Node, error) { return v.op(in[0]) })
				}
			}
			opstest.Check(t, opstest.Case{Op: b.op, Kinks: b.kinks, Variants: variants})
		})
	}
}

func TestLeakyReLU(t *testing.T) {
	opstest.Check(t, opstest.Case{Build: leakyReLU(0.01), Kinks: []float64{0}, Variants: []func(nodes) (*G.Node, error){
		leakyReLU(0.2), leakyReLU(0), func(in nodes) (*G.Node, error) { return ops.ReLU(in[0]) },
	}})
	opstest.Check(t, opstest.Case{Build: leakyReLU(-0.5), Kinks: []float64{0}})
}

func TestSELUOf(t *testing.T) {
	opstest.Check(t, opstest.Case{Build: seluOf(1.06071, 1.97126), Kinks: []float64{0}, Variants: []func(nodes) (*G.Node, error){
		seluOf(1.06071, 1.5), seluOf(1.1, 1.97126), func(in nodes) (*G.Node, error) { return ops.SELU(in[0]) },
	}})
	opstest.Check(t, opstest.Case{Build: seluOf(1.3, 0), Kinks: []float64{0}}) // a scaled ReLU
}

func TestPReLU(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build:     func(in nodes) (*G.Node, error) { return ops.PReLU(in[0], in[1]) },
		Inputs:    []opstest.Input{{Shape: tensor.Shape{6, 3}}, {Shape: tensor.Shape{3}, Shared: true, Values: []float64{0.25, -0.5, 1.5}}},
		Kinks:     []float64{0},
		Variants:  []func(nodes) (*G.Node, error){func(in nodes) (*G.Node, error) { return ops.ParametricSELU(in[0], in[1]) }},
		BadShapes: [][]tensor.Shape{{{6, 3}, {6}}, {{6, 3}, {3, 1}}, {{3}, {3}}, {{6, 3, 1}, {3}}},
	})
}

func TestParametricSELU(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build:     func(in nodes) (*G.Node, error) { return ops.ParametricSELU(in[0], in[1]) },
		Inputs:    []opstest.Input{{Shape: tensor.Shape{6, 3}}, {Shape: tensor.Shape{3}, Shared: true, Values: []float64{0.25, 1, -0.5}}},
		Kinks:     []float64{0},
		Variants:  []func(nodes) (*G.Node, error){func(in nodes) (*G.Node, error) { return ops.PReLU(in[0], in[1]) }},
		BadShapes: [][]tensor.Shape{{{6, 3}, {6}}, {{6, 3}, {3, 1}}, {{3}, {3}}},
	})
}

// weight 0 is the identity, and weight 1 is SELU up to rounding.
func TestParametricSELUEnds(t *testing.T) {
	g := G.NewGraph()
	x := matrixOf(g, "x", 4, 2, []float64{-3, 2, -0.5, 0, 1e-3, -20, 7, -1})
	w := G.NewVector(g, tensor.Float64, G.WithName("w"), G.WithShape(2), G.WithValue(tensor.New(tensor.WithBacking([]float64{0, 1}))))
	y, selu := G.Must(ops.ParametricSELU(x, w)), G.Must(ops.SELU(x))
	runGraph(t, g)
	in, got, want := oracle.Floats(x.Value()), oracle.Floats(y.Value()), oracle.Floats(selu.Value())
	for i := range in {
		if i%2 == 0 && got[i] != in[i] || i%2 == 1 && math.Abs(got[i]-want[i]) > 1e-14 {
			t.Errorf("element %d: %v, want %v or %v", i, got[i], in[i], want[i])
		}
	}
}

// Constants that are no SELU, and slopes that are no numbers, are errors that say so.
func TestBadConstants(t *testing.T) {
	x := matrixOf(G.NewGraph(), "x", 1, 2, []float64{1, 2})
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range [][2]float64{{0, 1}, {-1, 1}, {1, -1}, {nan, 1}, {1, nan}, {inf, 1}, {1, inf}, {1e39, 1}, {1e30, 1e30}} {
		if _, err := ops.SELUOf(x, c[0], c[1]); err == nil {
			t.Errorf("SELUOf accepts %v", c)
		}
	}
	for _, slope := range []float64{nan, inf, -inf, 1e39} {
		if _, err := ops.LeakyReLU(x, slope); err == nil {
			t.Errorf("LeakyReLU accepts %v", slope)
		}
	}
}

// SELUOf with the constants of SELU gives its bits, on one thread and on two.
func TestSELUOfIsSELU(t *testing.T) {
	testSELUOfIsSELU[float32](t, tensor.Float32)
	testSELUOfIsSELU[float64](t, tensor.Float64)
}

func testSELUOfIsSELU[T kernel.Float](t *testing.T, dtype tensor.Dtype) {
	const rows, cols = 300, 200 // enough to be split
	x := make([]T, rows*cols)
	for i, v := range standardNormals(len(x), 3) {
		x[i] = T(3 * v)
	}
	var want [2][]T
	for threads := 1; threads <= 2; threads++ {
		for of, op := range []func(*G.Node) (*G.Node, error){ops.SELU, func(x *G.Node) (*G.Node, error) { return ops.SELUOf(x, kernel.Lambda, kernel.Alpha) }} {
			y, grad := runThreads(t, threads, dtype, x, rows, cols, op)
			if threads == 1 && of == 0 {
				want = [2][]T{y, grad}
				continue
			}
			for i := range x {
				if y[i] != want[0][i] || grad[i] != want[1][i] {
					t.Fatalf("%v, %d threads: at %v it is %v with gradient %v, SELU %v with %v", dtype, threads, x[i], y[i], grad[i], want[0][i], want[1][i])
				}
			}
		}
	}
}

// runThreads returns the output of an op of one input and the gradient for an upstream gradient of ones.
func runThreads[T kernel.Float](t *testing.T, threads int, dtype tensor.Dtype, x []T, rows, cols int, op func(*G.Node) (*G.Node, error)) (y, grad []T) {
	t.Helper()
	g := G.NewGraph()
	ones := make([]T, len(x))
	for i := range ones {
		ones[i] = 1
	}
	matrix := func(name string, data []T) *G.Node {
		return G.NewMatrix(g, dtype, G.WithName(name), G.WithShape(rows, cols), G.WithValue(tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(append([]T(nil), data...)))))
	}
	in, up := matrix("x", x), matrix("up", ones)
	out := G.Must(op(in))
	grads, err := G.Backpropagate(G.Nodes{out}, G.Nodes{up}, G.Nodes{in})
	if err != nil {
		t.Fatal(err)
	}
	w := kernel.NewWorkers(threads)
	defer w.Close()
	ops.UseWorkers(g, w)
	runGraph(t, g)
	return out.Value().Data().([]T), grads[0].Value().Data().([]T)
}

// Results are the same on one thread and on two.
func TestActivationThreads(t *testing.T) {
	const rows, cols = 300, 200
	x := make([]float32, rows*cols)
	for i, v := range standardNormals(len(x), 4) {
		x[i] = float32(3 * v)
	}
	for name, b := range bent {
		y1, grad1 := runThreads(t, 1, tensor.Float32, x, rows, cols, b.op)
		y2, grad2 := runThreads(t, 2, tensor.Float32, x, rows, cols, b.op)
		for i := range x {
			if y1[i] != y2[i] || grad1[i] != grad2[i] {
				t.Fatalf("%s(%v) depends on the number of threads", name, x[i])
			}
		}
	}
}

// exactCase holds an activation and its slopes to 50 digits.
type exactCase struct {
	Op          string
	Attrs       []float64
	X, Y, Slope []string
}

// TestExact compares activations and slopes with values of 50 digits, far into the tails.
func TestExact(t *testing.T) {
	f, err := os.Open("testdata/activations/values.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []exactCase }
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range file.Cases {
		op := bent[c.Op].op
		switch c.Op {
		case "LeakyReLU":
			op = func(x *G.Node) (*G.Node, error) { return ops.LeakyReLU(x, c.Attrs[0]) }
		case "SELUOf":
			op = func(x *G.Node) (*G.Node, error) { return ops.SELUOf(x, c.Attrs[0], c.Attrs[1]) }
		}
		seen[c.Op] = true
		testExact[float64](t, c, tensor.Float64, op, 1e-15, 4e-15)
		testExact[float32](t, c, tensor.Float32, op, 4e-7, 1e-6)
	}
	for name := range bent {
		if !seen[name] {
			t.Errorf("no values of %s", name)
		}
	}
}

func testExact[T kernel.Float](t *testing.T, c exactCase, dtype tensor.Dtype, op func(*G.Node) (*G.Node, error), tolerance, slopeTolerance float64) {
	t.Helper()
	numbers := func(text []string) []float64 {
		out := make([]float64, len(text))
		for i, s := range text {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			out[i] = v
		}
		return out
	}
	at, want, slopes := numbers(c.X), numbers(c.Y), numbers(c.Slope)
	x := make([]T, len(at))
	for i, v := range at {
		x[i] = T(v)
	}
	y, grad := runThreads(t, 1, dtype, x, 1, len(x), op)
	for i, v := range at {
		if d := math.Abs(float64(y[i]) - want[i]); !(d <= tolerance*max(1, math.Abs(v))) {
			t.Errorf("%s(%v), %v: %v, want %v", c.Op, v, dtype, y[i], want[i])
		}
		if d := math.Abs(float64(grad[i]) - slopes[i]); !(d <= slopeTolerance) {
			t.Errorf("slope of %s at %v, %v: %v, want %v", c.Op, v, dtype, grad[i], slopes[i])
		}
	}
}

// A user's op with the name of a built-in one is not it.
func TestBuiltIn(t *testing.T) {
	x := matrixOf(G.NewGraph(), "x", 1, 2, []float64{1, 2})
	v := G.NewVector(x.Graph(), tensor.Float64, G.WithName("v"), G.WithShape(2))
	for want, built := range map[bool][]*G.Node{
		true: {
			G.Must(ops.SELU(x)), G.Must(ops.GELU(x)), G.Must(ops.LeakyReLU(x, 0.1)), G.Must(ops.PReLU(x, v)), G.Must(ops.Scale(x, 2)), G.Must(ops.RMSNorm(x, v, 1e-6)),
			G.Must(ops.AlphaDropout(x, 0.1, ops.NewNoise(1))), G.Must(ops.AlphaDropoutOf(x, 0.1, fixed2, ops.NewNoise(1))),
		},
		false: {x, G.Must(scaled(2).Apply(x)), G.Must(ops.Apply(defOf(nil), x)), G.Must(ops.Apply(defOf("own"), x)), G.Must(G.Tanh(x))},
	} {
		for _, n := range built {
			if ops.BuiltIn(n) != want {
				t.Errorf("%v: %v, want %v", n.Name(), !want, want)
			}
		}
	}
}

// Activations whose author declares an ID are equal by it, closures or not; GradAt gets x.
func TestElementwiseID(t *testing.T) {
	type id struct{}
	power := func(id any, n float64) *ops.Elementwise {
		loops := func() *ops.Loops[float64] {
			return &ops.Loops[float64]{
				F: func(_ *kernel.Workers, dst, x []float64) {
					for i, v := range x {
						dst[i] = math.Pow(v, n)
					}
				},
				GradAt: func(_ *kernel.Workers, dst, g, x []float64) {
					for i, v := range x {
						dst[i] = g[i] * n * math.Pow(v, n-1)
					}
				},
			}
		}
		return &ops.Elementwise{
			Name: "Power", Attrs: []any{n}, ID: id, Fast64: loops(),
			F:     func(x float64) float64 { return math.Pow(x, n) },
			Slope: func(x, _ float64) float64 { return n * math.Pow(x, n-1) },
		}
	}
	x := matrixOf(G.NewGraph(), "x", 1, 2, []float64{1, 2})
	apply := func(id any, n float64) *G.Node { return G.Must(power(id, n).Apply(x)) }
	again, noID := apply(id{}, 2), apply(nil, 2)
	if apply(id{}, 2) != again || apply(id{}, 2) == apply(id{}, 4) || noID == apply(nil, 2) || apply(nil, 2) == apply(id{}, 2) {
		t.Error("equality does not follow the ID")
	}
	if _, err := power([]int{1}, 2).Apply(x); err == nil {
		t.Error("an ID that cannot be compared is accepted")
	}
	opstest.Check(t, opstest.Case{Op: power(id{}, 2).Apply, Extreme: 1e3})
	both := power(id{}, 2)
	both.Fast64.Grad = both.Fast64.GradAt
	if _, err := both.Apply(x); err == nil {
		t.Error("two gradients are accepted")
	}
}
