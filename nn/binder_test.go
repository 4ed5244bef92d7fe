package nn_test

import (
	"strings"
	"testing"

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
	b.SetInput("x", x)
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
