package pytorch

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
)

// convolutional is a network of a convolution and an affine map.
type convolutional struct{ nn.Sequential }

// Filters have the same layout in PyTorch, and so have the columns of a flattened image. A file comes back bit by bit.
func TestFilters(t *testing.T) {
	network := func(seed uint64) *graphs.Network {
		layers := convolutional{nn.Sequential{nn.Conv2D{Filters: 4, Size: 3}, nn.MaxPool2D{Size: 2}, nn.Flatten{}, nn.Dense{Units: 2}}}
		net, err := graphs.New(layers, []graphs.Input{{Kind: batch.Image, Width: 72, Shape: []int{2, 6, 6}}}, graphs.MSE, graphs.Seed(seed))
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
	want := map[string][]int{"conv2d1.weight": {4, 2, 3, 3}, "conv2d1.bias": {4}, "dense1.weight": {2, 16}, "dense1.bias": {2}}
	for _, e := range list {
		if !slices.Equal([]int(e.shape()), want[e.torch]) {
			t.Errorf("%s has shape %v, want %v", e.torch, e.shape(), want[e.torch])
		}
	}
	if len(list) != len(want) {
		t.Errorf("%d parameters, want %d", len(list), len(want))
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
			t.Errorf("%s is not what was saved", p.Name)
		}
	}
}
