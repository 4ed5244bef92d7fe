package ops_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func TestDefOf(t *testing.T) {
	x := G.NewMatrix(G.NewGraph(), tensor.Float32, G.WithShape(2, 3), G.WithName("x"))
	if _, ok := ops.DefOf(x); ok {
		t.Error("an input has a definition")
	}
	if _, ok := ops.DefOf(G.Must(G.Tanh(x))); ok {
		t.Error("an op of Gorgonia has a definition")
	}
	if def, ok := ops.DefOf(G.Must(ops.SELU(x))); !ok || def.Name != "SELU" {
		t.Errorf("the definition of SELU is %q (%v)", def.Name, ok)
	}
	weights := G.NewVector(x.Graph(), tensor.Float32, G.WithShape(3), G.WithName("w"))
	n := G.Must(ops.LayerNorm(x, weights, weights, 0.25))
	if def, ok := ops.DefOf(n); !ok || len(def.Attrs) != 1 || def.Attrs[0] != 0.25 {
		t.Errorf("the attributes of LayerNorm are %v (%v)", def.Attrs, ok)
	}
}
