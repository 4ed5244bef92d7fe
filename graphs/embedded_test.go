package graphs_test

import (
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// An Embedded is a plain network on the embedded numbers and the other columns, with the same parameters.
func TestEmbedded(t *testing.T) {
	h := graphs.Hidden{Layers: 2, Units: 5, Outputs: 3}
	params := newParams(t, tensor.Float64)
	config := graphs.Config{Mode: graphs.Evaluate, Batch: 4, Inputs: graphs.Matrix(3)}
	all := logitsOf(t, build(t, graphs.Embedded{Hidden: h, Numbers: 3, Embedding: nn.Periodic{Frequencies: 2, Dim: 3}}, params, config))
	parts := nn.Sequential{named{"embedding", nn.Periodic{Frequencies: 2, Dim: 3}}, graphs.SNN(h)}
	own := newParams(t, tensor.Float64)
	build(t, parts, own, config)
	for _, p := range own.All() {
		name := strings.TrimPrefix(strings.TrimPrefix(p.Name, "named1."), "snn1.")
		copy(p.Value.Float64s(), params.Get(name).Value.Float64s())
	}
	for i, z := range logitsOf(t, build(t, parts, own, config)) {
		if z != all[i] {
			t.Fatalf("output %d is %v, that of the parts %v", i, all[i], z)
		}
	}
	if n := params.Get("hidden1.dense1.weight").Value.Shape()[0]; n != 9 {
		t.Errorf("the first layer has %d inputs, want three for each number", n)
	}
}

// named applies a layer under a name.
type named struct {
	name  string
	layer nn.Layer
}

func (n named) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) { return b.Apply(n.name, n.layer, x) }

// The columns that are not numbers reach the network as they are, and wrong numbers of columns are errors.
func TestEmbeddedColumns(t *testing.T) {
	h := graphs.Hidden{Layers: 1, Units: 4, Outputs: 2}
	params := newParams(t, tensor.Float64)
	build(t, graphs.Embedded{Hidden: h, Numbers: 2}, params, graphs.Config{Mode: graphs.Evaluate, Batch: 4, Inputs: graphs.Matrix(5)})
	if n := params.Get("hidden1.dense1.weight").Value.Shape()[0]; n != 2*4+3 {
		t.Errorf("the first layer has %d inputs, want 11", n)
	}
	for _, n := range []int{-1, 0, 6} {
		_, err := graphs.New(graphs.Embedded{Hidden: h, Numbers: n}, graphs.Matrix(5), graphs.MSE)
		if err == nil || !strings.Contains(err.Error(), "of 5 columns are numbers") {
			t.Errorf("%d numbers: error %v", n, err)
		}
	}
}
