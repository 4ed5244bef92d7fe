package nn_test

import (
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// newBinder returns a binder and an input of 2 rows and 3 columns.
func newBinder(t *testing.T) (*nn.Binder, *G.Node) {
	t.Helper()
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithShape(2, 3), G.WithName("x"))
	return nn.NewBinder(g, newParams(t, tensor.Float32, 1), false, nil), x
}

func apply(t *testing.T, b *nn.Binder, name string, layer nn.Layer, x *G.Node) *G.Node {
	t.Helper()
	y, err := b.Apply(name, layer, x)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// Each layer has a record with what it has computed: the first one, too, and a function by the name of its op. Outside of layers
// nothing is recorded.
func TestRecords(t *testing.T) {
	b, x := newBinder(t)
	y := apply(t, b, "first", nn.Dense{Units: 4}, x)
	z := apply(t, b, "second", nn.Dense{Units: 2}, y)
	a := apply(t, b, "relu", nn.Func(ops.ReLU), z)
	same := apply(t, b, "same", nn.Func(func(x *G.Node) (*G.Node, error) { return x, nil }), x)
	b.Linear(x, x)
	r := b.Records()
	if len(r) != 4 || same != x {
		t.Fatalf("%d records", len(r))
	}
	if r[0].PreActivation != y || r[1].PreActivation != z || r[2].PreActivation != nil || r[3].PreActivation != nil {
		t.Errorf("pre-activations %v, %v, %v, %v", r[0].PreActivation, r[1].PreActivation, r[2].PreActivation, r[3].PreActivation)
	}
	for i, want := range []*G.Node{y, z, a, x} {
		if r[i].Output != want {
			t.Errorf("the output of %s is %v, want %v", r[i].Name, r[i].Output, want)
		}
	}
	if r[0].Kind != "Dense" || r[2].Kind != "ReLU" || r[3].Kind != "Func" {
		t.Errorf("kinds %q, %q, %q", r[0].Kind, r[2].Kind, r[3].Kind)
	}
	if len(r[0].Params) != 2 || len(r[1].Params) != 2 || len(r[2].Params) != 0 {
		t.Errorf("%d, %d and %d parameters", len(r[0].Params), len(r[1].Params), len(r[2].Params))
	}
}

func TestAllFrozen(t *testing.T) {
	b, _ := newBinder(t)
	if b.AllFrozen() || b.AllFrozen("weight") {
		t.Error("parameters are frozen without a function that freezes them")
	}
	b.Frozen = func(name string) bool { return strings.HasPrefix(name, "frozen") }
	if b.AllFrozen() || !b.AllFrozen("frozen1") || !b.AllFrozen("frozen1", "frozen2") || b.AllFrozen("frozen1", "free") {
		t.Error("not exactly the frozen parameters are frozen")
	}
}

func TestInput(t *testing.T) {
	b, x := newBinder(t)
	if _, err := b.Input("x"); err == nil || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("an input that is not there: %v", err)
	}
	b.SetInput(batch.Input{Name: "x"}, x)
	if got, err := b.Input("x"); err != nil || got != x {
		t.Errorf("input %v, %v", got, err)
	}
}

// A layer applies its activation, and a highway layer has the bias of its gate, and ReLU and -2 by default.
func TestActivations(t *testing.T) {
	b, x := newBinder(t)
	if y := apply(t, b, "dense", nn.Dense{Units: 4, Activation: ops.Tanh}, x); !strings.HasPrefix(y.Op().String(), "Tanh") {
		t.Errorf("Dense ends with %s", y.Op())
	}
	for name, c := range map[string]struct {
		layer      nn.Highway
		activation string
		bias       float32
	}{
		"default": {nn.Highway{}, "ReLU", -2},
		"set":     {nn.Highway{GateBias: 0.5, Activation: ops.Tanh}, "Tanh", 0.5},
	} {
		apply(t, b, name, c.layer, x)
		for _, r := range b.Records() {
			if r.Name == name+".transform" && !strings.HasPrefix(r.Output.Op().String(), c.activation) {
				t.Errorf("%s: the transform ends with %s, want %s", name, r.Output.Op(), c.activation)
			}
			for _, p := range r.Params {
				if p.Name == name+".gate.bias" && p.Value.Float32s()[0] != c.bias {
					t.Errorf("%s: the bias of the gate is %v, want %v", name, p.Value, c.bias)
				}
			}
		}
	}
}

// The normalizations work for one unit, have their parameters, and refuse an epsilon that is not positive.
func TestNormalizations(t *testing.T) {
	b, x := newBinder(t)
	for name, layer := range map[string]nn.Layer{
		"layer": nn.LayerNorm{}, "layer with eps": nn.LayerNorm{Eps: 0.1}, "weight": nn.WeightNorm{Units: 1}, "weights": nn.WeightNorm{Units: 5, Activation: ops.SELU},
		"batch": nn.BatchNorm{},
	} {
		if y := apply(t, b, name, layer, x); y == nil || y.Shape()[0] != 2 {
			t.Errorf("%s gives %v", name, y)
		}
	}
	for _, r := range b.Records() {
		if want := map[string]int{"LayerNorm": 2, "WeightNorm": 3, "BatchNorm": 4}[r.Kind]; len(r.Params) != want {
			t.Errorf("%s has %d parameters, want %d", r.Kind, len(r.Params), want)
		}
	}
	for _, eps := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := b.Apply("refused", nn.LayerNorm{Eps: eps}, x); err == nil {
			t.Errorf("an epsilon of %v is accepted", eps)
		}
	}
}

// A parameter of a size that no memory holds is refused, as one without elements, and one that is asked for in two ways.
func TestParamShapes(t *testing.T) {
	b, _ := newBinder(t)
	for _, shape := range [][]int{{}, {0}, {3, 0}, {-1}, {1 << 20, 1 << 20}, {math.MaxInt}, {2, math.MaxInt}} {
		if _, err := b.Param("w", nn.Zeros, shape...); err == nil || !strings.Contains(err.Error(), `"w"`) {
			t.Errorf("shape %v: error %v", shape, err)
		}
	}
	if _, err := b.Param("w", nn.Zeros, 2, 3); err != nil {
		t.Fatal(err)
	}
	again, _ := newBinder(t)
	again = nn.NewBinder(again.Graph(), sealed(t), false, nil)
	if _, _, err := again.State("w", nn.Zeros, 2); err == nil || !strings.Contains(err.Error(), "Trainable") {
		t.Errorf("a trainable parameter as a state: error %v", err)
	}
	if _, err := again.Param("w", nn.Zeros, 2); err != nil {
		t.Error(err)
	}
}

// sealed returns a set with a trainable parameter w.
func sealed(t *testing.T) *nn.Params {
	t.Helper()
	p := newParams(t, tensor.Float32, 1)
	if err := p.Add("w", tensor.New(tensor.WithShape(2), tensor.WithBacking([]float32{1, 2})), true); err != nil {
		t.Fatal(err)
	}
	return p
}

// Copying copies all parameters, or those whose names match.
func TestCopy(t *testing.T) {
	build := func(seed uint64) *nn.Params {
		g := G.NewGraph()
		x := G.NewMatrix(g, tensor.Float32, G.WithShape(2, 3), G.WithName("x"))
		p := newParams(t, tensor.Float32, seed)
		b := nn.NewBinder(g, p, false, nil)
		apply(t, b, "head", nn.Dense{Units: 2}, apply(t, b, "body", nn.Sequential{nn.WeightNorm{Units: 4}, nn.Dense{Units: 3}}, x))
		return p
	}
	same := func(a, b *nn.Params, name string) bool { return a.Get(name).Value.Eq(b.Get(name).Value) }
	from, all, body := build(1), build(2), build(2)
	if err := all.CopyFrom(from); err != nil {
		t.Fatal(err)
	}
	names, err := body.CopyMatching(from, "body.*")
	if err != nil || len(names) != 5 {
		t.Errorf("names %q, %v", names, err)
	}
	fresh := build(2)
	for _, p := range from.All() {
		if !same(all, from, p.Name) {
			t.Errorf("%s is not copied", p.Name)
		}
		want := fresh
		if strings.HasPrefix(p.Name, "body.") {
			want = from
		}
		if !same(body, want, p.Name) {
			t.Errorf("%s: not exactly the matching parameters are copied", p.Name)
		}
	}
	if names, err := body.CopyMatching(from, "none*"); err == nil || names != nil {
		t.Errorf("a pattern without a match gives %q, %v", names, err)
	}
}
