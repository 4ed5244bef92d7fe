package ops_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// torchCase is one case of ops.json.gz.
type torchCase struct {
	Op       string                   `json:"op"`
	Attrs    torchAttrs               `json:"attrs"`
	Inputs   map[string]oracle.Tensor `json:"inputs"`
	Output   oracle.Tensor            `json:"output"`
	Upstream oracle.Tensor            `json:"upstream"`
	Grads    map[string]oracle.Tensor `json:"grads"`
}

type torchAttrs struct {
	P           float64   `json:"p"`
	Keep        []float64 `json:"keep"`
	Eps         float64   `json:"eps"`
	RunningMean []float64 `json:"running_mean"`
	RunningVar  []float64 `json:"running_var"`
	Momentum    float64   `json:"momentum"`
	MeanAfter   []float64 `json:"running_mean_after_train_step"`
	VarAfter    []float64 `json:"running_var_after_train_step"`
}

// constantFunc adds an input without gradient to a graph.
type constantFunc func(name string, x []float64, shape ...int) *G.Node

// builder adds the op of a case to the graph of its inputs.
type builder func(c torchCase, in map[string]*G.Node, constant constantFunc) (*G.Node, error)

var builders = map[string]builder{
	"selu": func(c torchCase, in map[string]*G.Node, _ constantFunc) (*G.Node, error) {
		return ops.SELU(in["x"])
	},
	"relu": func(c torchCase, in map[string]*G.Node, _ constantFunc) (*G.Node, error) {
		return ops.ReLU(in["x"])
	},
	"affine": func(c torchCase, in map[string]*G.Node, _ constantFunc) (*G.Node, error) {
		return ops.Affine(in["x"], in["w"], in["b"])
	},
	"batch_norm_train": func(c torchCase, in map[string]*G.Node, _ constantFunc) (*G.Node, error) {
		return ops.BatchNorm(in["x"], in["gamma"], in["beta"], c.Attrs.Eps, nil)
	},
	"batch_norm_eval": func(c torchCase, in map[string]*G.Node, constant constantFunc) (*G.Node, error) {
		d := len(c.Attrs.RunningMean)
		return ops.BatchNormEval(in["x"], in["gamma"], in["beta"],
			constant("mean", c.Attrs.RunningMean, d), constant("variance", c.Attrs.RunningVar, d), c.Attrs.Eps)
	},
	"elu": func(c torchCase, in map[string]*G.Node, _ constantFunc) (*G.Node, error) {
		return ops.ELU(in["x"])
	},
	"tanh": func(c torchCase, in map[string]*G.Node, _ constantFunc) (*G.Node, error) {
		return ops.Tanh(in["x"])
	},
	"sigmoid": func(c torchCase, in map[string]*G.Node, _ constantFunc) (*G.Node, error) {
		return ops.Sigmoid(in["x"])
	},
	"layer_norm": func(c torchCase, in map[string]*G.Node, _ constantFunc) (*G.Node, error) {
		return ops.LayerNorm(in["x"], in["gamma"], in["beta"], c.Attrs.Eps)
	},
	"weight_norm_affine": func(c torchCase, in map[string]*G.Node, _ constantFunc) (*G.Node, error) {
		w, err := ops.WeightNorm(in["v"], in["g"])
		if err != nil {
			return nil, err
		}
		return ops.Affine(in["x"], w, in["b"])
	},
	"highway_relu": func(c torchCase, in map[string]*G.Node, _ constantFunc) (*G.Node, error) {
		h, err := ops.Affine(in["x"], in["wh"], in["bh"])
		if err == nil {
			h, err = ops.ReLU(h)
		}
		if err != nil {
			return nil, err
		}
		t, err := ops.Affine(in["x"], in["wt"], in["bt"])
		if err == nil {
			t, err = ops.Sigmoid(t)
		}
		if err != nil {
			return nil, err
		}
		return ops.Gate(t, h, in["x"])
	},
}

// TestPyTorch compares outputs and gradients with PyTorch's.
func TestPyTorch(t *testing.T) {
	var file struct {
		Cases []torchCase `json:"cases"`
	}
	oracle.ReadJSON(t, "torch/ops.json.gz", &file)
	ran := map[string]int{}
	for _, c := range file.Cases {
		if build, ok := builders[c.Op]; ok {
			ran[c.Op]++
			testPyTorch(t, c, build, tensor.Float64, 1e-10)
			testPyTorch(t, c, build, tensor.Float32, 1e-5)
		}
		if c.Op == "alpha_dropout_given_mask" {
			ran[c.Op]++
			testAlphaDropoutMask(t, c)
		}
		if c.Op == "batch_norm_eval" && c.Attrs.MeanAfter != nil {
			testRunning(t, c)
		}
	}
	for op := range builders {
		if ran[op] == 0 {
			t.Errorf("no case of %s in the file", op)
		}
	}
}

func testPyTorch(t *testing.T, c torchCase, build builder, dtype tensor.Dtype, tolerance float64) {
	t.Helper()
	g := G.NewGraph()
	input := func(name string, x []float64, shape ...int) *G.Node {
		return G.NewTensor(g, dtype, len(shape), G.WithName(name), G.WithShape(shape...), G.WithValue(oracle.Tensor{Shape: shape, Data: x}.Dense(dtype)))
	}
	in := map[string]*G.Node{}
	for name, x := range c.Inputs {
		in[name] = input(name, x.Data, x.Shape...)
	}
	out, err := build(c, in, input)
	if err != nil {
		t.Fatalf("%s: %v", c.Op, err)
	}
	var upstream *G.Node
	if len(c.Upstream.Shape) > 0 {
		upstream = input("upstream", c.Upstream.Data, c.Upstream.Shape...)
	} else {
		upstream = G.NewScalar(g, dtype, G.WithName("upstream"), G.WithValue(scalarOf(dtype, c.Upstream.Data[0])))
	}
	var names []string
	var wrt G.Nodes
	for name := range c.Grads {
		names, wrt = append(names, name), append(wrt, in[name])
	}
	grads, err := G.Backpropagate(G.Nodes{out}, G.Nodes{upstream}, wrt)
	if err != nil {
		t.Fatalf("%s: %v", c.Op, err)
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatalf("%s: %v", c.Op, err)
	}
	compare(t, c.Op+" output", oracle.Floats(out.Value()), c.Output.Data, tolerance)
	for i, name := range names {
		compare(t, c.Op+" gradient of "+name, oracle.Floats(grads[i].Value()), c.Grads[name].Data, tolerance)
	}
}

func scalarOf(dtype tensor.Dtype, x float64) G.Value {
	if dtype == tensor.Float32 {
		return G.NewF32(float32(x))
	}
	return G.NewF64(x)
}

// compare allows tolerance relative to the largest element: float32 sums have an error of that order.
func compare(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d elements, want %d", what, len(got), len(want))
		return
	}
	scale := 1.0
	for _, w := range want {
		scale = math.Max(scale, math.Abs(w))
	}
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= tolerance*scale) {
			t.Errorf("%s: element %d is %v, want %v", what, i, got[i], w)
		}
	}
}

// testAlphaDropoutMask finds an affine map that explains the kept elements and the value of the dropped ones,
// from our own random mask, and compares them with PyTorch's on its mask.
func testAlphaDropoutMask(t *testing.T, c torchCase) {
	t.Helper()
	x := c.Inputs["x"]
	g := G.NewGraph()
	node := G.NewTensor(g, tensor.Float64, len(x.Shape), G.WithName("x"), G.WithShape(x.Shape...), G.WithValue(x.Dense(tensor.Float64)))
	out, err := ops.AlphaDropout(node, c.Attrs.P, ops.NewNoise(3))
	if err != nil {
		t.Fatal(err)
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	q := 1 - c.Attrs.P
	saturation := -kernel.Lambda * kernel.Alpha
	a := 1 / math.Sqrt(q+saturation*saturation*q*c.Attrs.P)
	dropped := a*saturation - a*c.Attrs.P*saturation
	ours := oracle.Floats(out.Value())
	for i, keep := range c.Attrs.Keep {
		kept := a*x.Data[i] - a*c.Attrs.P*saturation
		want := dropped
		if keep == 1 {
			want = kept
		}
		if math.Abs(c.Output.Data[i]-want) > 1e-10 || math.Abs(c.Grads["x"].Data[i]-a*keep*c.Upstream.Data[i]) > 1e-10 {
			t.Errorf("element %d: the affine map of the paper gives %v, PyTorch %v", i, want, c.Output.Data[i])
		}
		if math.Abs(ours[i]-kept) > 1e-12 && math.Abs(ours[i]-dropped) > 1e-12 {
			t.Errorf("element %d: %v, want %v if kept or %v if dropped", i, ours[i], kept, dropped)
		}
	}
}

// testRunning runs one training step and compares the running statistics.
func testRunning(t *testing.T, c torchCase) {
	t.Helper()
	d := len(c.Attrs.RunningMean)
	mean := oracle.Tensor{Shape: []int{d}, Data: c.Attrs.RunningMean}.Dense(tensor.Float64)
	variance := oracle.Tensor{Shape: []int{d}, Data: c.Attrs.RunningVar}.Dense(tensor.Float64)
	g := G.NewGraph()
	var in []*G.Node
	for _, name := range []string{"x", "gamma", "beta"} {
		x := c.Inputs[name]
		in = append(in, G.NewTensor(g, tensor.Float64, len(x.Shape), G.WithName(name), G.WithShape(x.Shape...), G.WithValue(x.Dense(tensor.Float64))))
	}
	if _, err := ops.BatchNorm(in[0], in[1], in[2], c.Attrs.Eps, ops.NewRunning(mean, variance, c.Attrs.Momentum)); err != nil {
		t.Fatal(err)
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	compare(t, "running mean", oracle.Floats(mean), c.Attrs.MeanAfter, 1e-12)
	compare(t, "running variance", oracle.Floats(variance), c.Attrs.VarAfter, 1e-12)
}
