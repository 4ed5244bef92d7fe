package graphs_test

import (
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// fork reads the inputs "size" and "smell" and has, behind their joint layer, the first output and the outputs of Heads.
type fork struct {
	Units int            `json:"units"`
	First int            `json:"first"`
	Heads map[string]int `json:"heads"`
}

func (f fork) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	smell, err := b.Input("smell")
	if err != nil {
		return nil, err
	}
	left, err := b.Apply("left", nn.Dense{Units: f.Units}, x)
	if err != nil {
		return nil, err
	}
	right, err := b.Apply("right", nn.Dense{Units: f.Units, NoBias: true}, smell)
	if err != nil {
		return nil, err
	}
	joint, err := ops.Add(left, right)
	if err != nil {
		return nil, err
	}
	if joint, err = ops.SELU(joint); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(f.Heads)) {
		head, err := b.Apply(name, nn.Dense{Units: f.Heads[name]}, joint)
		if err != nil {
			return nil, err
		}
		if err := b.Output(name, head); err != nil {
			return nil, err
		}
	}
	return b.Apply("first", nn.Dense{Units: f.First}, joint)
}

func init() {
	if err := graphs.Register("fork", fork{}); err != nil {
		panic(err)
	}
}

var sizeAndSmell = []graphs.Input{{Name: "size", Width: 3, Columns: []string{"a", "b", "c"}}, {Name: "smell", Width: 2}}

// forked returns a network with two inputs and two outputs.
func forked(t *testing.T, options ...graphs.Option) *graphs.Network {
	t.Helper()
	options = append([]graphs.Option{graphs.Dtype(tensor.Float64), graphs.OutputName("kind"), graphs.OutputWeight(0.5),
		graphs.WithOutput(graphs.Output{Name: "price", Loss: graphs.MSE, Weight: 3, Columns: []string{"euro"}})}, options...)
	net, err := graphs.New(fork{4, 2, map[string]int{"price": 1}}, sizeAndSmell, graphs.CrossEntropy, options...)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// The loss is the weighted sum of those of the outputs, and the gradients are those of the sum: finite differences agree.
func TestSeveralOutputsSum(t *testing.T) {
	net := forked(t)
	if net.Outputs[0].Width != 2 || net.Outputs[1].Width != 1 || net.Outputs[0].Name != "kind" {
		t.Errorf("outputs %+v", net.Outputs)
	}
	g, err := net.Build(net.Config(graphs.Train, 5))
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range g.Inputs {
		fillNormal(x, uint64(i+1))
	}
	fillNormal(g.Outputs[1].Labels, 9)
	for _, o := range g.Outputs {
		w := o.Weights.Value().(*tensor.Dense).Float64s()
		for i := range w {
			w[i] = float64(i % 3) // some labels are missing
		}
	}
	cost := func() float64 {
		run(t, g)
		return scalar(g.Cost)
	}
	total := cost()
	if want := 0.5*scalar(g.Outputs[0].Cost) + 3*scalar(g.Outputs[1].Cost); math.Abs(total-want) > 1e-14 {
		t.Errorf("loss %v, want %v", total, want)
	}
	const step = 1e-6
	for i, p := range g.Params {
		grad, value := elements(g.Grads[i])[0], p.Param.Value.Float64s()
		before := value[0]
		value[0] = before + step
		high := cost()
		value[0] = before - step
		low := cost()
		value[0] = before
		cost()
		if numeric := (high - low) / (2 * step); math.Abs(grad-numeric) > 1e-7 {
			t.Errorf("%s: gradient %v, finite differences %v", p.Name, grad, numeric)
		}
	}
}

func scalar(n *G.Node) float64 { return n.Value().Data().(float64) }

// Files keep inputs, outputs, losses and weights, and the loaded network computes the same.
func TestSeveralSaved(t *testing.T) {
	net := forked(t)
	path := filepath.Join(t.TempDir(), "net.safetensors")
	if err := net.Save(path); err != nil {
		t.Fatal(err)
	}
	again, err := graphs.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(net, again, cmpopts.IgnoreFields(graphs.Loss{}, "Apply", "Total", "CheckLabel", "Predict"), cmpopts.IgnoreUnexported(graphs.Loss{}),
		cmpopts.IgnoreFields(graphs.Network{}, "Params", "Metadata")); diff != "" {
		t.Error(diff)
	}
	values := func(n *graphs.Network) (all [][]float64) {
		g, err := n.Build(n.Config(graphs.Evaluate, 4).Unlabelled())
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range g.Inputs {
			fillNormal(x, uint64(i))
		}
		run(t, g)
		for _, o := range g.Outputs {
			all = append(all, elements(o.Node))
		}
		return all
	}
	if diff := cmp.Diff(values(net), values(again)); diff != "" {
		t.Error(diff)
	}
}

// Summary and Dot show every input and output, and the memory of all of them counts.
func TestSeveralShown(t *testing.T) {
	net := forked(t)
	g, err := net.Build(net.Config(graphs.Train, 5))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"input size", "input smell", "output kind", "output price", "0.5 x cross-entropy", "3 x mean squared error"} {
		if !strings.Contains(strings.ToLower(g.Summary()), want) {
			t.Errorf("the summary lacks %q:\n%s", want, g.Summary())
		}
	}
	for _, want := range []string{"size", "smell", "kind: ", "price: ", "labels.price"} {
		if !strings.Contains(g.Dot(), want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	// Two sets of 5 rows: 3 + 2 columns, a label and a weight for each of two outputs.
	if m := g.Memory(); m.Inputs < 2*5*8*(3+2+2+2) {
		t.Errorf("memory %v", m)
	}
	if c := g.Config(); c.Inputs[1].Name != "smell" || c.Outputs[1].Name != "price" || c.Batch != 5 {
		t.Errorf("configuration %+v", c)
	}
}

// Inputs and outputs that do not fit together are errors that name them.
func TestSeveralErrors(t *testing.T) {
	heads := map[string]int{"price": 1}
	price := graphs.WithOutput(graphs.Output{Name: "price", Loss: graphs.MSE})
	many := []graphs.Input{{Name: "size", Width: 3}, {Name: "smell", Width: 2}, {Name: "town", Kind: batch.Category, Width: 1<<24 + 1}}
	for _, c := range []struct {
		want    string
		layer   nn.Layer
		inputs  []graphs.Input
		options []graphs.Option
	}{
		{`no input "smell"`, fork{4, 2, nil}, sizeAndSmell[:1], nil},
		{`two inputs "x"`, fork{4, 2, nil}, []graphs.Input{{Width: 1}, {Name: "x", Width: 2}}, nil},
		{`two outputs "price"`, fork{4, 2, heads}, sizeAndSmell, []graphs.Option{price, price}},
		{`two outputs "y"`, fork{4, 2, heads}, sizeAndSmell, []graphs.Option{graphs.WithOutput(graphs.Output{Loss: graphs.MSE})}},
		{`no layer declares the output "prize"`, fork{4, 2, heads}, sizeAndSmell, []graphs.Option{graphs.WithOutput(graphs.Output{Name: "prize", Loss: graphs.MSE})}},
		{`declares the outputs ["price"], which the network does not have`, fork{4, 2, heads}, sizeAndSmell, nil},
		{`declares the outputs ["z"]`, fork{4, 2, map[string]int{"price": 1, "z": 2}}, sizeAndSmell, []graphs.Option{price}},
		{`declares the output "y", and returns another`, fork{4, 2, map[string]int{"y": 1}}, sizeAndSmell, nil},
		{`output "price" has the weight -1`, fork{4, 2, heads}, sizeAndSmell, []graphs.Option{graphs.WithOutput(graphs.Output{Name: "price", Loss: graphs.MSE, Weight: -1})}},
		{`output "y" has the weight NaN`, fork{4, 2, heads}, sizeAndSmell, []graphs.Option{price, graphs.OutputWeight(math.NaN())}},
		{"there is no loss", fork{4, 2, heads}, sizeAndSmell, []graphs.Option{graphs.WithOutput(graphs.Output{Name: "price"})}},
		{`input "town" has 16777217 categories, but float32`, fork{4, 2, nil}, many, nil},
	} {
		if _, err := graphs.New(c.layer, c.inputs, graphs.CrossEntropy, c.options...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
	if _, err := graphs.New(fork{4, 2, nil}, many, graphs.CrossEntropy, graphs.Dtype(tensor.Float64)); err != nil {
		t.Error(err)
	}
}

// An input may have the name of what a loss reads, with the same shape.
func TestInputNamedWeights(t *testing.T) {
	layer := nn.Dense{Units: 1}
	g := build(t, layer, newParams(t, tensor.Float64), graphs.Config{Batch: 3, Inputs: []graphs.Input{{Name: "weights", Width: 1}, {Name: "labels", Width: 1}}, Loss: graphs.MSE})
	seen := map[*G.Node]bool{}
	for _, n := range append(g.Inputs, g.Labels, g.Weights) {
		if seen[n] {
			t.Errorf("%v has two meanings", n)
		}
		seen[n] = true
	}
	own := nn.Func(nil)
	_, err := graphs.Build(taken{own}, newParams(t, tensor.Float64), graphs.Config{Batch: 3, Inputs: []graphs.Input{{Name: "w", Width: 2}}, Loss: graphs.MSE})
	if err == nil || !strings.Contains(err.Error(), `parameter "w" has the name and the shape of an input`) {
		t.Errorf("error %v", err)
	}
}

// taken has a parameter with the name and the shape of the input.
type taken struct{ nn.Func }

func (taken) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	w, err := b.Param("w", nn.Zeros, 3, 2)
	if err != nil {
		return nil, err
	}
	return ops.Add(x, w)
}
