package pytorch

import (
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// lookup has an embedding beside an affine map, and two outputs.
type lookup struct{}

func (lookup) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	town, err := b.Input("town")
	if err != nil {
		return nil, err
	}
	left, err := b.Apply("left", nn.Dense{Units: 2}, x)
	if err != nil {
		return nil, err
	}
	right, err := b.Apply("right", nn.Embedding{Dim: 2}, town)
	if err != nil {
		return nil, err
	}
	if err := b.Output("right", right); err != nil {
		return nil, err
	}
	return ops.Add(left, right)
}

// The table of an embedding has the same layout in PyTorch, unlike the weights of a linear map. A file comes back bit by bit.
func TestSeveral(t *testing.T) {
	network := func(seed uint64) *graphs.Network {
		net, err := graphs.New(lookup{}, []graphs.Input{{Width: 3}, {Name: "town", Kind: batch.Category, Width: 5}}, graphs.MSE, graphs.Seed(seed),
			graphs.WithOutput(graphs.Output{Name: "right", Loss: graphs.MSE}))
		if err != nil {
			t.Fatal(err)
		}
		return net
	}
	net := network(1)
	tables, err := tablesOf(net)
	if err != nil {
		t.Fatal(err)
	}
	list, err := entries(net.Params, tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if s := e.shape(); e.torch == "left.weight" && (s[0] != 2 || s[1] != 3) || e.torch == "right.weight" && (s[0] != 5 || s[1] != 2) {
			t.Errorf("%s has shape %v", e.torch, s)
		}
	}
	path := filepath.Join(t.TempDir(), "w.safetensors")
	if err := Save(path, net, nil); err != nil {
		t.Fatal(err)
	}
	back := network(2)
	if err := Load(back, path); err != nil {
		t.Fatal(err)
	}
	for _, p := range net.Params.All() {
		if !back.Params.Get(p.Name).Value.Eq(p.Value) {
			t.Errorf("%s is %v, want %v", p.Name, back.Params.Get(p.Name).Value, p.Value)
		}
	}
}
