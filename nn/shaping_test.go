package nn_test

import (
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A row becomes an image and a row again.
func TestReshapeFlatten(t *testing.T) {
	net := nn.Sequential{nn.Reshape{2, -1, 2}, nn.Func(func(x *G.Node) (*G.Node, error) { return ops.Transpose(x, 0, 2, 3, 1) }), nn.Flatten{}}
	b, y, err := add(newParams(t, tensor.Float64, 1), net, false, 5, 12)
	if err != nil {
		t.Fatal(err)
	}
	if !b.Records()[1].Output.Shape().Eq(tensor.Shape{5, 2, 3, 2}) || !y.Shape().Eq(tensor.Shape{5, 12}) {
		t.Errorf("shapes %v and %v", b.Records()[1].Output.Shape(), y.Shape())
	}
	if _, _, err := add(newParams(t, tensor.Float64, 1), nn.Reshape{5}, false, 5, 12); err == nil || !strings.Contains(err.Error(), "(5, 12)") {
		t.Errorf("error %v, want one that names the shape", err)
	}
}

// The branches of Concat have their own parameters, and their outputs stand side by side.
func TestConcatBranches(t *testing.T) {
	params := newParams(t, tensor.Float64, 1)
	net := nn.Concat{nn.Dense{Units: 3}, nn.Sequential{nn.Dense{Units: 4}, nn.Dense{Units: 2}}, nn.Dense{Units: 1}}
	_, y, err := add(params, net, false, 5, 12)
	if err != nil {
		t.Fatal(err)
	}
	if !y.Shape().Eq(tensor.Shape{5, 6}) {
		t.Errorf("shape %v, want (5, 6)", y.Shape())
	}
	for _, name := range []string{"net.dense1.weight", "net.sequential1.dense2.bias", "net.dense2.bias"} {
		if params.Get(name) == nil {
			t.Errorf("no parameter %s", name)
		}
	}
}

// A layer whose output would have to be repeated is no residual function.
func TestResidualShapes(t *testing.T) {
	one := nn.Func(func(x *G.Node) (*G.Node, error) { return ops.Sum(x, 0) })
	if _, _, err := add(newParams(t, tensor.Float64, 1), nn.Residual{Layer: one}, false, 5, 12); err == nil || !strings.Contains(err.Error(), "(12)") {
		t.Errorf("error %v, want one that names the shape", err)
	}
}
